// Directives that get another definition keep what does not change as it is written; new ones stand where a person would write them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { ActionDefinition, Definition } from '../../../language/definition';
import { insertDirective } from '../../../language/directive/insertDirective';
import { updateDirective } from '../../../language/directive/updateDirective';
import { applyEdits } from '../../../language/format';
import { printDefinition } from '../../../language/print';
import { defaultDefinition } from '../../../language/schema';
import { parseScript, type ScriptWatcher } from '../../../language/script';
import { randomDefinition } from '../randomDefinitions';

const watcherOf = (text: string, index = 0): ScriptWatcher => {
  const watcher = parseScript(text).watchers[index];
  assert.ok(watcher, text);
  return watcher;
};

type Change = Partial<Definition> | ((former: Definition) => Partial<Definition>);

function update(text: string, change: Change, index = 0): string {
  const watcher = watcherOf(text, index);
  const wanted = {
    ...watcher.definition,
    ...(typeof change === 'function' ? change(watcher.definition) : change),
  };
  const edits = updateDirective(text, watcher, wanted);
  assert.ok(edits, text);
  const result = applyEdits(text, edits);
  assert.deepEqual(watcherOf(result, index).definition, wanted, result);
  return result;
}

const act = (type: ActionDefinition['type'], params: ActionDefinition['params'] = {}): ActionDefinition => ({
  type,
  params,
  condition: null,
});

const block = `#WATCHER_BEGIN
## what it is for
# name: loss            # shown
#  Pattern: 'loss: ([\\d.]+)'
# capture_groups: loss
# condition: float(loss) > 5   # too high
# interval_seconds: 60
# actions:
#  - log( "loss is $loss" , level=warning )   # tell
## then
#  - cancel
#WATCHER_END
echo
`;

describe('an updated directive', () => {
  const cases: Readonly<Record<string, readonly [before: string, change: Change, after: string]>> = {
    'changes a value, and keeps blanks, quotes and comments': [
      `#WATCHER  pattern = 'a'   interval=30s  # why`,
      { pattern: 'b' },
      `#WATCHER  pattern = 'b'   interval=30s  # why`,
    ],
    'changes quotes only if they cannot hold the value': [
      `#WATCHER pattern='a'`,
      { pattern: `it's` },
      `#WATCHER pattern="it's"`,
    ],
    'keeps aliases': [
      '#WATCHER pattern="a" interval_seconds=30 output=stderr',
      { intervalSeconds: 60, timerIntervalSeconds: 60 },
      '#WATCHER pattern="a" interval_seconds=1m output=stderr',
    ],
    'has new fields after those that come before them': [
      '#WATCHER name=x pattern="(a)" action=cancel_job',
      { captures: ['n'], condition: 'n == "a"', maxTriggers: 2 },
      `#WATCHER name=x pattern="(a)" captures=[n] condition='n == "a"' max_triggers=2 action=cancel_job`,
    ],
    'has a first field after the marker': [
      '#WATCHER pattern="a" # why',
      { name: 'x' },
      '#WATCHER name=x pattern="a" # why',
    ],
    'loses fields with their blanks': [
      '#WATCHER name=x   pattern="a"  cooldown=5m   interval=10 action=cancel',
      { cooldownSeconds: 0, name: 'watcher 1' },
      '#WATCHER   pattern="a"   interval=10 action=cancel',
    ],
    'has the name that its place gives it': [
      '#WATCHER name=x pattern="a"',
      { name: 'watcher 1' },
      '#WATCHER pattern="a"',
    ],
    'has another action in the place of one': [
      '#WATCHER pattern="a" action=cancel("too bad")  action=log_event # both',
      { actions: [act('pause_watcher'), act('log_event')] },
      '#WATCHER pattern="a" action=pause_watcher  action=log_event # both',
    ],
    'has a first action at its end': [
      '#WATCHER pattern="a" # why',
      { actions: [act('cancel_job')] },
      '#WATCHER pattern="a" action=cancel_job # why',
    ],
    'has no action': [
      '#WATCHER pattern="a" action=cancel',
      { actions: [] },
      '#WATCHER pattern="a" actions=[]',
    ],
    'has one action more in a list': [
      '#WATCHER pattern="a" actions=[ log("x"), cancel() ]',
      ({ actions }) => ({ actions: [...actions, act('pause_watcher')] }),
      '#WATCHER pattern="a" actions=[log("x"), cancel(), pause_watcher]',
    ],
    'keeps the spelling of a list in which one action changes': [
      '#WATCHER pattern="a" actions=[ log("x"),cancel() ]',
      ({ actions: [, cancel] }) => ({ actions: [act('pause_watcher'), cancel ?? act('cancel_job')] }),
      '#WATCHER pattern="a" actions=[ pause_watcher,cancel() ]',
    ],
    'has a parameter more in an action': [
      '#WATCHER pattern="a" action=log( "x y" )',
      { actions: [act('log_event', { message: 'x y', level: 'error' })] },
      '#WATCHER pattern="a" action=log( "x y", level=error)',
    ],
    'keeps Windows line ends': [
      '#WATCHER_BEGIN\r\n# pattern: "a"\r\n#WATCHER_END\r\necho\r\n',
      { cooldownSeconds: 60 },
      '#WATCHER_BEGIN\r\n# pattern: "a"\r\n# cooldown: 1m\r\n#WATCHER_END\r\necho\r\n',
    ],
    'keeps its margin': [
      '  #WATCHER_BEGIN\n  pattern: "a"\n  #WATCHER_END\n',
      { maxTriggers: 1 },
      '  #WATCHER_BEGIN\n  pattern: "a"\n  max_triggers: 1\n  #WATCHER_END\n',
    ],
    'has a list of dashes in one line once it changes': [
      '#WATCHER_BEGIN\n# pattern: "(a)(b)"\n# captures:\n#  - x\n#  - y\n# interval: 5\n#WATCHER_END\n',
      { captures: ['x', 'z'] },
      '#WATCHER_BEGIN\n# pattern: "(a)(b)"\n# captures: [x, z]\n# interval: 5\n#WATCHER_END\n',
    ],
    'is written anew if nothing else helps, with its comments': [
      '#WATCHER_BEGIN\n## why\n# pattern: "a"\n# actions: "log(x)"\n#WATCHER_END\n',
      { actions: [act('log_event', { message: 'y"z' }), act('cancel_job')] },
      `#WATCHER_BEGIN\n## why\n# pattern: "a"\n# actions:\n#   - log_event(message='y"z')\n#   - cancel_job\n#WATCHER_END\n`,
    ],
  };
  for (const [title, [before, change, after]] of Object.entries(cases)) {
    it(title, () => {
      assert.equal(update(before, change), after);
    });
  }

  describe('that is a block keeps all other lines when it', () => {
    const lineCases: Readonly<Record<string, readonly [change: Change, before: string, after: string]>> = {
      'changes a value': [
        { condition: 'float(loss) > 9' },
        '# condition: float(loss) > 5   #',
        '# condition: "float(loss) > 9"   #',
      ],
      'changes a pattern': [{ pattern: 'Loss (\\d+)' }, `'loss: ([\\d.]+)'`, `'Loss (\\d+)'`],
      'gets a field': [
        { cooldownSeconds: 300 },
        '# interval_seconds: 60\n',
        '# interval_seconds: 60\n# cooldown: 5m\n',
      ],
      'loses a field': [{ condition: null }, '# condition: float(loss) > 5   # too high\n', ''],
      'changes a parameter': [
        ({ actions: [, cancel] }) => ({
          actions: [act('log_event', { message: 'high', level: 'warning' }), cancel ?? act('cancel_job')],
        }),
        '"loss is $loss"',
        'high',
      ],
      'gets an action': [
        ({ actions }) => ({ actions: [...actions, act('pause_watcher')] }),
        '#  - cancel\n',
        '#  - cancel\n#  - pause_watcher\n',
      ],
      'gets an action at the beginning': [
        ({ actions }) => ({ actions: [act('pause_watcher'), ...actions] }),
        '# actions:\n',
        '# actions:\n#  - pause_watcher\n',
      ],
      'loses an action': [({ actions }) => ({ actions: actions.slice(0, 1) }), '#  - cancel\n', ''],
    };
    for (const [title, [change, before, after]] of Object.entries(lineCases)) {
      it(title, () => {
        assert.equal(
          update(block, change),
          block.replace(before, () => after),
        );
      });
    }
  });

  it('leaves the others alone', () => {
    const text = '#WATCHER pattern="a"\n#WATCHER  pattern = "b"\n\necho "#"\n#WATCHER pattern="c"\n';
    assert.equal(update(text, { maxTriggers: 1 }, 1), text.replace('"b"', '"b" max_triggers=1'));
  });

  const { cases: vectors } = JSON.parse(
    readFileSync(join(__dirname, '../../vectors/directives.json'), 'utf8'),
  ) as { readonly cases: readonly { readonly id: string; readonly script: string }[] };

  it('is not edited if nothing changes', () => {
    for (const { script } of vectors)
      for (const watcher of parseScript(script).watchers)
        assert.deepEqual(updateDirective(script, watcher, watcher.definition), []);
  });

  it('keeps every other line if one field changes', () => {
    let blocks = 0;
    for (const { script } of vectors)
      for (const watcher of parseScript(script).watchers) {
        const edits = updateDirective(script, watcher, { ...watcher.definition, cooldownSeconds: 777 });
        assert.ok(edits, script);
        const { line, endLine, directive } = watcher;
        if (directive.kind === 'block') blocks += 1;
        const isOther = (text: string, index: number): boolean =>
          !/cooldown/i.test(text) && (directive.kind === 'block' || index + 1 < line || index + 1 > endLine);
        const others = script.split('\n').filter(isOther);
        const after = applyEdits(script, edits).split('\n');
        let next = 0;
        for (const text of after) if (text === others[next]) next += 1;
        assert.equal(next, others.length, `${others[next] ?? ''} is not in\n${after.join('\n')}`);
      }
    assert.ok(blocks > 20, `only ${blocks} blocks`);
  });

  it('has whatever is wanted in any of the ways to write one', () => {
    let [tried, updated] = [0, 0];
    fc.assert(
      fc.property(fc.constantFrom(...vectors), fc.nat(), randomDefinition, (vector, at, random) => {
        const { watchers } = parseScript(vector.script);
        const index = at % Math.max(1, watchers.length);
        const watcher = watchers[index];
        if (!watcher) return;
        const wanted = random.name.startsWith('watcher ')
          ? { ...random, name: watcher.definition.name }
          : random;
        tried += 1;
        const edits = updateDirective(vector.script, watcher, wanted);
        if (!edits) return;
        updated += 1;
        const after = parseScript(applyEdits(vector.script, edits)).watchers.map(
          ({ definition }) => definition,
        );
        const before = watchers.map(({ definition }) => definition);
        assert.deepEqual(
          after,
          before.map((definition, other) => (other === index ? wanted : definition)),
        );
      }),
      { numRuns: Number(process.env['CASES'] ?? 300), seed: Number(process.env['SEED'] ?? 21) },
    );
    assert.ok(updated > tried * 0.8, `only ${updated} of ${tried}`);
  });

  it('means what it meant after a way there and back', () => {
    fc.assert(
      fc.property(
        randomDefinition,
        randomDefinition,
        fc.constantFrom('inline', 'block'),
        (from, to, form) => {
          const text = printDefinition({ ...from, name: 'x' }, form);
          if (text === undefined) return;
          const there = updateDirective(text, watcherOf(text), { ...to, name: 'y' });
          if (!there) return;
          const other = applyEdits(text, there);
          const back = updateDirective(other, watcherOf(other), { ...from, name: 'x' });
          assert.ok(back, other);
          assert.deepEqual(watcherOf(applyEdits(other, back)).definition, { ...from, name: 'x' });
        },
      ),
      { numRuns: Number(process.env['CASES'] ?? 200), seed: Number(process.env['SEED'] ?? 22) },
    );
  });
});

describe('an inserted directive', () => {
  const insert = (text: string, definition: Partial<Definition> = {}): string => {
    const edits = insertDirective(text, { ...defaultDefinition, pattern: 'a', ...definition });
    assert.ok(edits);
    return applyEdits(text, edits);
  };
  const cases: Readonly<Record<string, readonly [before: string, after: string]>> = {
    'comes after the last one': [
      '#!/bin/bash\n#SBATCH -n 1\n\n#WATCHER pattern="b"\n\necho\n',
      '#!/bin/bash\n#SBATCH -n 1\n\n#WATCHER pattern="b"\n#WATCHER pattern="a"\n\necho\n',
    ],
    'is set apart from a block': [
      '#!/bin/bash\n#WATCHER_BEGIN\n# pattern: "b"\n#WATCHER_END\n\necho\n',
      '#!/bin/bash\n#WATCHER_BEGIN\n# pattern: "b"\n#WATCHER_END\n\n#WATCHER pattern="a"\n\necho\n',
    ],
    'comes after the last #SBATCH line': [
      '#!/bin/bash\n#SBATCH -n 1\n# text\n#SBATCH -t 5\n\necho\n#SBATCH -x\n',
      '#!/bin/bash\n#SBATCH -n 1\n# text\n#SBATCH -t 5\n\n#WATCHER pattern="a"\n\necho\n#SBATCH -x\n',
    ],
    'comes after the shebang': ['#!/bin/bash\necho\n', '#!/bin/bash\n\n#WATCHER pattern="a"\n\necho\n'],
    'comes first in a script without one': ['echo\n', '#WATCHER pattern="a"\necho\n'],
    'is all there is': ['', '#WATCHER pattern="a"\n'],
    'ends the last line': ['#!/bin/bash', '#!/bin/bash\n\n#WATCHER pattern="a"\n'],
    'keeps Windows line ends': [
      '#!/bin/bash\r\n#WATCHER pattern="b"\r\necho\r\n',
      '#!/bin/bash\r\n#WATCHER pattern="b"\r\n#WATCHER pattern="a"\r\necho\r\n',
    ],
  };
  for (const [title, [before, after]] of Object.entries(cases)) {
    it(title, () => {
      assert.equal(insert(before), after);
    });
  }

  it('is a block if it has more than one action', () => {
    assert.match(
      insert('#!/bin/bash\n', { actions: [act('log_event'), act('cancel_job')] }),
      /\n#WATCHER_BEGIN\n/,
    );
  });

  it('is a watcher like any other', () => {
    fc.assert(
      fc.property(fc.array(randomDefinition, { minLength: 1, maxLength: 3 }), (definitions) => {
        let text = '#!/bin/bash\n#SBATCH -n 1\necho\n';
        const inserted: Definition[] = [];
        for (const [index, random] of definitions.entries()) {
          const definition = { ...random, name: `n${index}` };
          const edits = insertDirective(text, definition);
          if (!edits) continue;
          text = applyEdits(text, edits);
          inserted.push(definition);
        }
        assert.deepEqual(
          parseScript(text).watchers.map((watcher) => watcher.definition),
          inserted,
        );
      }),
      { numRuns: Number(process.env['CASES'] ?? 100), seed: Number(process.env['SEED'] ?? 23) },
    );
  });
});
