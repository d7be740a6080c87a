// Formatted scripts, whole and in part, and what Enter does in a block; the cursor is `<|>`.
import assert from 'node:assert/strict';
import { continueBlock, formatDirectives } from '../../server/features/formatting';
import { edited, openFixture } from './fixture';

const messy = '#WATCHER   Pattern = "a"   Action=log(  message = x )';
const tidy = '#WATCHER pattern="a" action=log_event(message=x)';

describe('formatting', () => {
  const format = (script: string, lines?: [number, number]): string => {
    const { document } = openFixture(script);
    const range = lines && { start: { line: lines[0], character: 0 }, end: { line: lines[1], character: 0 } };
    return edited(document, formatDirectives(document, range));
  };
  it('changes directives alone', () => {
    assert.equal(format(`echo   a\n${messy}\r\n  x=1`), `echo   a\n${tidy}\r\n  x=1`);
  });
  it('changes those of a range alone', () => {
    assert.equal(format(`${messy}\n${messy}\n${messy}`, [1, 1]), `${messy}\n${tidy}\n${messy}`);
  });
  it('leaves the line alone that a range of whole lines ends before', () => {
    assert.equal(format(`${messy}\n${messy}\n${messy}`, [0, 1]), `${tidy}\n${messy}\n${messy}`);
    assert.equal(format(`${messy}\n${messy}\n${messy}`, [0, 2]), `${tidy}\n${tidy}\n${messy}`);
  });
  it('leaves alone what is formatted, and other scripts', () => {
    for (const script of [tidy, 'echo  "#WATCHER"'])
      assert.deepEqual(formatDirectives(openFixture(script).document), []);
  });
});

describe('Enter', () => {
  const enter = (marked: string): string => {
    const { document, position } = openFixture(marked);
    return edited(document, continueBlock(document, position));
  };
  const cases: readonly [string, string][] = [
    ['#WATCHER_BEGIN\n<|>', '#WATCHER_BEGIN\n# '],
    ['#WATCHER_BEGIN\n# pattern: a\n<|>\n#WATCHER_END', '#WATCHER_BEGIN\n# pattern: a\n# \n#WATCHER_END'],
    ['  #WATCHER_BEGIN\n  <|>', '  #WATCHER_BEGIN\n  # '],
    ['#WATCHER_BEGIN\n# \n<|>', '#WATCHER_BEGIN\n# \n'],
    ['#WATCHER_BEGIN\n# pattern: a\n#WATCHER_END\n<|>', '#WATCHER_BEGIN\n# pattern: a\n#WATCHER_END\n'],
    ['#WATCHER pattern="a"\n<|>', '#WATCHER pattern="a"\n'],
    ['# a comment\n<|>', '# a comment\n'],
    ['<|>', ''],
  ];
  for (const [before, after] of cases)
    it(before.replaceAll('\n', ' ⏎ '), () => {
      assert.equal(enter(before), after);
    });
});
