// Watcher files: the JSON form reads back what the parser prints, and says at its place what is wrong.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Definition } from '../../language/definition';
import { toDefinitionJson } from '../../language/json/definitionJson';
import { parseScript } from '../../language/script';
import { parseWatcherFile } from '../../language/watcherFile';
import { randomDefinition } from './randomDefinitions';

const { cases: vectors } = JSON.parse(
  readFileSync(join(__dirname, '../vectors/directives.json'), 'utf8'),
) as { readonly cases: readonly { readonly id: string; readonly script: string }[] };

const print = (definitions: readonly Definition[], indent?: number): string =>
  JSON.stringify(
    definitions.map((definition) => toDefinitionJson(definition, { line: 1, endLine: 1 })),
    null,
    indent,
  );

const read = (text: string): readonly Definition[] =>
  parseWatcherFile(text).watchers.map(({ definition }) => definition);

/** Codes with the text that they stand at. */
const problemsOf = (text: string): readonly string[] =>
  parseWatcherFile(text).problems.map(({ code, span }) => `${code} ${text.slice(span.start, span.end)}`);

describe('a watcher file', () => {
  it('reads back what the parser prints of every example', () => {
    for (const { id, script } of vectors) {
      const definitions = parseScript(script).watchers.map(({ definition }) => definition);
      assert.deepEqual(read(print(definitions, 2)), definitions, id);
    }
  });

  it('reads back whatever a definition holds', () => {
    fc.assert(
      fc.property(
        fc.array(randomDefinition, { maxLength: 3 }),
        fc.constantFrom(0, 2),
        (definitions, indent) => {
          const named = definitions.map((definition, index) => ({
            ...definition,
            name: `${definition.name} ${index}\n"`,
          }));
          assert.deepEqual(read(print(named, indent)), named);
        },
      ),
      { numRuns: 300, seed: 5 },
    );
  });

  it('is an array, an object with watchers, or one watcher', () => {
    for (const text of [
      '[{"pattern": "a"}]',
      '{"watchers": [{"pattern": "a"}], "problems": []}',
      '{"pattern": "a"}',
    ])
      assert.deepEqual(
        read(text).map(({ name, pattern }) => [name, pattern]),
        [['watcher 1', 'a']],
        text,
      );
    assert.deepEqual(read('[]'), []);
  });

  it('knows the lines of its watchers', () => {
    const [first, second] = parseWatcherFile('[\n{"pattern": "a"},\n{\n"pattern": "b"\n}]').watchers;
    assert.deepEqual([first?.line, first?.endLine, second?.line, second?.endLine], [2, 2, 3, 5]);
    assert.equal(second?.definition.name, 'watcher 2');
  });

  it('takes aliases, units and null as directives do', () => {
    const [watcher] = read(
      '{"pattern": "(a)(b)", "capture_groups": [null, "b"], "interval": "5m", "cooldown": 1e1, "condition": null, "trigger_job_states": ["OOM"], "actions": [{"type": "Log", "config": {"message": "x", "level": null}}, "cancel(\\"y\\")"]}',
    );
    assert.deepEqual(watcher?.captures, [null, 'b']);
    assert.deepEqual(
      [watcher.intervalSeconds, watcher.cooldownSeconds, watcher.triggerJobStates],
      [300, 10, ['out_of_memory']],
    );
    assert.deepEqual(watcher.actions, [
      { type: 'log_event', params: { message: 'x' }, condition: null },
      { type: 'cancel_job', params: { reason: 'y' }, condition: null },
    ]);
  });

  it('shifts no groups where an item of captures is no text', () => {
    const [watcher] = read('{"pattern": "(a)(b)(c)", "captures": ["a", 1, "c"]}');
    assert.deepEqual(watcher?.captures, []);
  });

  it('does nothing where actions are written and none can be read', () => {
    for (const actions of ['[{"message": "x"}]', '[5]', '[null]', '[[]]', '{}']) {
      const [watcher] = read(`{"pattern": "a", "actions": ${actions}}`);
      assert.deepEqual(watcher?.actions, [], actions);
    }
    assert.deepEqual(
      read('{"pattern": "a", "actions": ""}').map(({ actions }) => actions.map(({ type }) => type)),
      [['log_event']],
    );
  });

  it('keeps quotes that belong to a text', () => {
    const [watcher] = read(
      '{"pattern": "\\"a\\"", "name": "\'n\'", "actions": [{"type": "log", "message": "\\"m\\""}]}',
    );
    assert.deepEqual(
      [watcher?.pattern, watcher?.name, watcher?.actions[0]?.params],
      ['"a"', "'n'", { message: '"m"' }],
    );
  });

  const problems: Readonly<Record<string, readonly [text: string, ...problems: string[]]>> = {
    'a comma too many': ['[{"pattern": "a"},]', 'bad-json ]'],
    'an open string': ['{"pattern": "a', 'bad-json "'],
    'an escape of patterns': ['{"pattern": "\\d"}', 'bad-json \\'],
    'nothing at all': ['', 'bad-json '],
    'more behind the end': ['{"pattern": "a"} x', 'bad-json x'],
    'too deep a nest': ['['.repeat(100), 'bad-json ['],
    'no object': ['[1]', 'bad-value 1'],
    'no pattern': ['[{"name": "a"}]', 'missing-pattern {'],
    'a bad pattern, at its offset': ['{"pattern": "a\\t\\"("}', 'bad-regex ('],
    'an unknown key': ['{"pattern": "a", "patern": "b"}', 'unknown-field patern'],
    'a number for a text': ['{"pattern": 5}', 'missing-pattern {', 'bad-value 5'],
    'a text for a number': ['{"pattern": "a", "max_triggers": "many"}', 'bad-value many'],
    'out of range': ['{"pattern": "a", "interval_seconds": -1}', 'out-of-range -1'],
    'a bad name in a list': ['{"pattern": "(a)", "captures": ["1x"]}', 'bad-capture-name 1x'],
    'no text in a list': ['{"pattern": "(a)", "captures": [1]}', 'bad-value 1'],
    'an unknown action': ['{"pattern": "a", "actions": [{"type": "logg"}]}', 'unknown-action logg'],
    'an action without a type': [
      '{"pattern": "a", "actions": [{"message": "x"}]}',
      'bad-value {"message": "x"}',
    ],
    'an action that is none': ['{"pattern": "a", "actions": [[1], 2]}', 'bad-value [1]', 'bad-value 2'],
    'an unknown parameter': [
      '{"pattern": "a", "actions": [{"type": "log", "params": {"mesage": "x"}}]}',
      'unknown-parameter mesage',
    ],
    'a bad condition': ['{"pattern": "a", "condition": "1 +"}', 'bad-condition +'],
    'a bad condition of an action': [
      '{"pattern": "a", "actions": [{"type": "log", "condition": "1 +"}]}',
      'bad-condition +',
    ],
    'a name twice': ['[{"name": "a", "pattern": "a"}, {"name": "a", "pattern": "a"}]', 'duplicate-name a'],
    'a key twice': ['{"pattern": "a", "pattern": "b"}', 'duplicate-field pattern'],
    'a command that asks for consent': [
      '{"pattern": "a", "actions": [{"type": "run", "command": "rm x"}]}',
      'command-not-allowed rm x',
    ],
  };
  for (const [title, [text, ...expected]] of Object.entries(problems)) {
    it(`tells ${title}`, () => {
      assert.deepEqual(problemsOf(text), expected);
    });
  }

  it('has fixes that leave it JSON', () => {
    const text = '{"pattern": "x\\\\\\\\d"}';
    const [problem] = parseWatcherFile(text).problems;
    const edit = problem?.fix?.edits[0];
    assert.ok(edit);
    const fixed = text.slice(0, edit.span.start) + edit.newText + text.slice(edit.span.end);
    assert.equal(fixed, '{"pattern": "x\\\\d"}');
  });

  it('is read without a throw, whatever it holds', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      '"pattern"',
      '"a"',
      '1',
      'null',
      'true',
      '\\',
      '"actions"',
      '"type"',
      ' ',
      '\n',
      '{"pattern":"a"',
      'e5',
      '-',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
        ),
        (text) => {
          for (const { span } of parseWatcherFile(text).problems)
            assert.ok(span.start >= 0 && span.start <= span.end && span.end <= text.length);
        },
      ),
      { numRuns: Number(process.env['CASES'] ?? 400) },
    );
  });
});
