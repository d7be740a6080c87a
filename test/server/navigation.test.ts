// From a capture's name to its group and its uses, and back; the cursor is `<|>`.
import assert from 'node:assert/strict';
import { findDefinition, findHighlights, findReferences } from '../../server/features/navigation';
import { findRenamable, rename } from '../../server/features/rename';
import { edited, openFixture, textAt, uri } from './fixture';

const texts = (marked: string, find: typeof findDefinition): string[] => {
  const { document, position } = openFixture(marked);
  return (find(document, position) ?? []).map(({ range }) => textAt(document, range));
};

const inline =
  '#WATCHER pattern="l: (\\d+)" captures=[loss] condition="float(loss) > 1" action=log_event("$loss ${loss:-0}")';
const block = [
  '#WATCHER_BEGIN',
  '# pattern: "(?P<acc>\\d+) (?P=acc)"',
  '# condition: int(acc) > 5',
  '# actions:',
  '#   - log_event(message="$acc") if acc != "1"',
  '#WATCHER_END',
].join('\n');
const at = (script: string, word: string, nth = 0): string => {
  const index = script.split(word, nth + 1).join(word).length;
  return `${script.slice(0, index)}<|>${script.slice(index)}`;
};

describe('definition', () => {
  const cases: readonly [string, readonly string[]][] = [
    [at(inline, 'loss)'), ['0: loss']],
    [at(inline, 'loss ${'), ['0: loss']],
    [at(inline, 'loss]'), ['0: (\\d+)']],
    [at(block, 'acc"'), ['1: acc']],
    [at(block, 'acc != '), ['1: acc']],
    [at(block, 'acc)"'), ['1: acc']],
    ['#WATCHER pattern="(a)(b)" action=log_event("$<|>2")', ['0: (b)']],
    ['#WATCHER pattern="(a)" action=log_event("$<|>HOME")', []],
    ['#WATCHER pat<|>tern="(a)"', []],
    ['echo $lo<|>ss', []],
  ];
  for (const [marked, expected] of cases)
    it(marked.replaceAll('\n', ' ⏎ '), () => {
      assert.deepEqual(texts(marked, findDefinition), expected);
    });
});

const dashes = [
  '#WATCHER_BEGIN',
  '# pattern: "(a)(b)(c)"',
  '# captures:',
  '#   - first',
  '#   - "second"',
  '#   - third',
  '# condition: int(second) > int(third)',
  '#WATCHER_END',
].join('\n');

describe('references', () => {
  const find = (declared: boolean, marked: string): string[] =>
    texts(marked, (document, position) => findReferences(document, position, declared));
  it('are all places, in lists, conditions and texts', () => {
    assert.deepEqual(find(true, at(inline, 'loss]')), ['0: loss', '0: loss', '0: loss', '0: loss']);
  });
  it('leave out where it is named, if wanted', () => {
    assert.equal(find(false, at(inline, 'loss]')).length, 3);
  });
  it('are found from any of them, in blocks', () => {
    assert.deepEqual(find(true, at(block, 'acc) >')), ['1: acc', '1: acc', '4: acc', '2: acc', '4: acc']);
  });
  it('are found in lists with a line for each name', () => {
    assert.deepEqual(find(true, at(dashes, 'third)')), ['5: third', '6: third']);
    assert.deepEqual(find(true, at(dashes, 'second"')), ['4: second', '6: second']);
  });
  it('stay in their directive', () => {
    assert.equal(find(true, `${at(inline, 'loss]')}\n${inline}`).length, 4);
  });
  it('are found in a condition that does not parse yet', () => {
    assert.deepEqual(find(false, '#WATCHER pattern="(a)" captures=[<|>x] condition="x >"'), ['0: x']);
  });
});

describe('highlights', () => {
  it('tell where it is named from where it is used', () => {
    const { document, position } = openFixture(at(inline, 'loss]'));
    assert.deepEqual(
      findHighlights(document, position)?.map(({ kind }) => kind),
      [3, 2, 2, 2],
    );
  });
});

describe('rename', () => {
  const renamed = (marked: string, name: string): string => {
    const { document, position } = openFixture(marked);
    return edited(document, rename(document, position, name)?.changes?.[uri]);
  };
  it('is offered for the name alone', () => {
    const { document, position } = openFixture(at(inline, 'loss ${'));
    const found = findRenamable(document, position);
    assert.equal(found?.placeholder, 'loss');
    assert.equal(textAt(document, found.range), '0: loss');
  });
  it('changes every place', () => {
    assert.equal(renamed(at(inline, 'loss]'), 'cost'), inline.replaceAll('loss', 'cost'));
    assert.equal(renamed(at(block, 'acc !='), 'top1'), block.replaceAll('acc', 'top1'));
  });
  it('changes the lines of a list', () => {
    assert.equal(renamed(at(dashes, 'second)'), 'b'), dashes.replaceAll('second', 'b'));
  });
  it('leaves longer names alone', () => {
    const script = '#WATCHER pattern="(a)(b)" captures=[<|>x, xy] action=log_event("$x $xy")';
    assert.equal(
      renamed(script, 'z'),
      '#WATCHER pattern="(a)(b)" captures=[z, xy] action=log_event("$z $xy")',
    );
  });
  for (const bad of ['1x', 'a-b', '', 'and', 'float', 'JOB_ID'])
    it(`refuses ${JSON.stringify(bad)}`, () => {
      assert.throws(() => renamed(at(inline, 'loss]'), bad), /name|word/);
    });
  for (const word of ['and', 'True', 'class', 'from', 'async', 'lambda'])
    it(`refuses ${word}, which a condition could not name`, () => {
      assert.throws(() => renamed(at(inline, 'loss]'), word), new RegExp(`"${word}" is a word of Python`));
    });
  it('refuses what a text or a condition means already', () => {
    const script =
      '#WATCHER pattern="(a)" captures=[<|>x] condition="int(y) > 1" action=run_command(command="echo $x ${z}")';
    for (const name of ['y', 'z'])
      assert.throws(() => renamed(script, name), new RegExp(`watcher itself uses "${name}"`));
    assert.match(renamed(script, 'echo'), /echo \$echo/);
  });
  it('keeps the name that is there', () => {
    assert.equal(renamed(at(inline, 'loss]'), 'loss'), inline);
  });
  it('refuses a name that is there', () => {
    const script = '#WATCHER pattern="(a)(b)" captures=[<|>x, y] action=log_event("$x $y")';
    assert.throws(() => renamed(script, 'y'), /already/);
  });
  it('changes words inside of words', () => {
    const script = '#WATCHER pattern="(a)(b)" captures=[x, <|>y] action=log_event("${x:-is ${y:+$y}}")';
    assert.equal(
      renamed(script, 'z'),
      '#WATCHER pattern="(a)(b)" captures=[x, z] action=log_event("${x:-is ${z:+$z}}")',
    );
  });
  describe('of a capture that a resubmitted program takes', () => {
    const program =
      '#!/bin/bash\n#WATCHER pattern="(?P<lr>a)" action=resubmit\n#WATCHER pattern="(?P<lr>b)" action=log_event("$lr")\n' +
      '#WATCHER pattern="lr=(c)" captures=[lr] action=resubmit\npython --lr ${lr:-0.1} "${lr}" $lr ${lrs}\n';
    const changed = (name: string): string =>
      program
        .replaceAll(/\$\{lr\b/g, `\${${name}`)
        .replace('<lr>a', `<${name}>a`)
        .replace('[lr]', `[${name}]`);
    it('changes the program and every watcher that shares it', () => {
      assert.equal(renamed(at(program, 'lr>a'), 'rate'), changed('rate'));
    });
    it('begins in the program too', () => {
      assert.equal(renamed(at(program, 'lr}'), 'rate'), changed('rate'));
      assert.deepEqual(texts(at(program, 'lr}'), findDefinition), ['1: lr']);
      assert.equal(texts(at(program, 'lr}'), (...place) => findReferences(...place, true)).length, 4);
    });
    it('leaves the program alone where nothing resubmits it', () => {
      const other = '#WATCHER pattern="(?P<lr>a)" action=log_event("$lr")\necho ${lr}\n';
      assert.equal(
        renamed(at(other, 'lr>a'), 'rate'),
        '#WATCHER pattern="(?P<rate>a)" action=log_event("$rate")\necho ${lr}\n',
      );
      assert.deepEqual(texts(at(other, 'lr}'), findDefinition), []);
    });
    it('refuses the names of every watcher that shares it', () => {
      const other =
        '#WATCHER pattern="(?P<lr>a)" action=resubmit\n#WATCHER pattern="(?P<lr>b) (?P<rate>c)" action=resubmit\n${lr}\n';
      assert.throws(() => renamed(at(other, 'lr>a'), 'rate'), /already/);
    });
    it('refuses the names of the program', () => {
      const other = '#WATCHER pattern="(?P<lr>a)" action=resubmit\nx=1\necho ${lr} ${y}\n';
      for (const name of ['x', 'y']) assert.throws(() => renamed(at(other, 'lr>a'), name), /script itself/);
    });
    it('leaves alone what the program assigns', () => {
      const other = '#WATCHER pattern="(?P<lr>a)" action=resubmit\nlr=1\necho ${lr}\n';
      assert.equal(renamed(at(other, 'lr>a'), 'z'), other.replace('<lr>', '<z>'));
    });
  });
  it('is not offered elsewhere', () => {
    const { document, position } = openFixture('#WATCHER pat<|>tern="a"');
    assert.equal(findRenamable(document, position), undefined);
    assert.equal(rename(document, position, 'x'), undefined);
  });
});
