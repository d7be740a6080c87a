// Whatever a script holds, it is read, formatted and rendered without a throw and in time; test:long tries many more.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyEdits, formatScript } from '../../language/format';
import { renderBody } from '../../language/renderBody';
import { parseScript } from '../../language/script';
import { findRefusedUses, substituteCommand } from '../../language/shellQuote';
import { parseWatcherFile } from '../../language/watcherFile';
import { createRandom, type Random } from './seededRandom';

const { cases: vectors } = JSON.parse(
  readFileSync(join(__dirname, '../vectors/directives.json'), 'utf8'),
) as { readonly cases: readonly { readonly script: string }[] };

const pieces =
  '#WATCHER |#WATCHER_BEGIN|#WATCHER_END|# |## |\n|\r\n|\t| |  |pattern=|pattern: |name: |captures=|captures:|condition=|interval=|action=|actions:|- |- type: |params: {|if |"|\'|`|\\|(|)|[|]|{|}|,|=|:|#| #|$x|${x:-|${x}|$(|<<E|E|log_event|run_command|resubmit|float(|loss|1|-|é|😀|\u0000'.split(
    '|',
  );

/** Pieces put in, cut out, doubled. */
function mutate(random: Random, script: string): string {
  let text = script;
  for (let times = 1 + random(5); times > 0; times--) {
    const at = random(text.length + 1);
    const length = random(4) === 0 ? random(20) : 0;
    const piece = random(6) === 0 ? text.slice(at, at + random(30)) : (pieces[random(pieces.length)] ?? '');
    text = text.slice(0, at) + piece + text.slice(at + length);
  }
  return text;
}

const values = { groups: ['a b', "it's", null], variables: { x: '$(id)', loss: '0.5', none: null } };

function checkScript(script: string): void {
  const { problems, cleanText, watchers } = parseScript(script, { ssync: true });
  assert.equal(cleanText.split('\n').length, script.split('\n').length);
  for (const { span, fix } of problems) {
    assert.ok(span.start >= 0 && span.start <= span.end && span.end <= script.length, JSON.stringify(span));
    for (const edit of fix?.edits ?? []) assert.ok(edit.span.start >= 0 && edit.span.end <= script.length);
  }
  const formatted = applyEdits(script, formatScript(script).edits);
  assert.deepEqual(
    parseScript(formatted).watchers.map(({ definition, line, endLine }) => [definition, line, endLine]),
    watchers.map(({ definition, line, endLine }) => [definition, line, endLine]),
  );
  assert.deepEqual(formatScript(formatted).edits, [], 'formatted once is formatted');
  renderBody(script, values.variables);
  substituteCommand(script, values);
  parseWatcherFile(script);
}

describe('any script', () => {
  it('is read, formatted and rendered, however the examples are damaged', function () {
    const count = Number(process.env['CASES'] ?? 600);
    this.timeout(60_000 + count * 20);
    const random = createRandom(Number(process.env['SEED'] ?? 7));
    for (let index = 0; index < count; index++) {
      const script = mutate(random, vectors[random(vectors.length)]?.script ?? '');
      try {
        checkScript(script);
      } catch (error) {
        throw new Error(`${JSON.stringify(script)}: ${String(error)}`, { cause: error });
      }
    }
  });

  const repeated = [
    '(',
    '[',
    '{',
    '"',
    "'",
    '\\',
    '`',
    'a ',
    'a, ',
    'x=',
    'pattern=a ',
    ' #',
    'if ',
    ' if 1',
    '$x',
    '${x:-',
    '${x}',
    '$(',
    '((',
    '<<a ',
    '- ',
    '1+',
    'not ',
    '(?:',
    'a*',
    '[a',
    '(a)',
    '"a" ',
  ];
  const frames: Readonly<Record<string, (text: string) => string>> = {
    'an inline directive': (text) => `#WATCHER ${text}`,
    'a pattern': (text) => `#WATCHER pattern="${text}"`,
    'a list': (text) => `#WATCHER pattern=x captures=${text}`,
    'a condition': (text) => `#WATCHER pattern=x condition=${text}`,
    'an action': (text) => `#WATCHER pattern=x action=log_event ${text}`,
    'a command': (text) => `#WATCHER pattern=x action=run_command(command='${text}')`,
    'a block': (text) =>
      `#WATCHER_BEGIN\n# pattern: ${text}\n# actions:\n#   - log_event(${text})\n#WATCHER_END`,
    'the body': (text) => `#WATCHER pattern=(x) captures=[x] action=resubmit\n${text}`,
  };
  for (const [title, frame] of Object.entries(frames)) {
    it(`is read in time with a long row of anything in ${title}`, () => {
      for (const piece of repeated) {
        const script = frame(piece.repeat(Math.ceil(20_000 / piece.length)));
        const begun = performance.now();
        parseScript(script, { ssync: true });
        renderBody(script, values.variables);
        findRefusedUses(script, () => true);
        const took = performance.now() - begun;
        assert.ok(took < 2000, `${JSON.stringify(piece)} took ${took} ms`);
      }
    }).timeout(60_000);
  }

  it('may be nested deeply', () => {
    for (const [open, close] of [
      ['${x:-', '}'],
      ['$(', ')'],
      ['(', ')'],
      ['[', ']'],
      ['"$(', ')"'],
    ] as const) {
      const text = open.repeat(2500) + close.repeat(2500);
      for (const frame of Object.values(frames)) checkScript(frame(text));
    }
  }).timeout(60_000);
});
