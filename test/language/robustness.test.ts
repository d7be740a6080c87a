// Whatever a script holds, it is read, formatted and rendered without a throw and in time; test:long tries many more.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkBatchScript } from '../../language/batchScript';
import { applyEdits, formatScript } from '../../language/format';
import { printDefinition } from '../../language/print';
import { renderBody } from '../../language/renderBody';
import { parseScript } from '../../language/script';
import { findRefusedUses } from '../../language/shell/captureUses';
import { judgeCommand } from '../../language/shell/commandVerdict';
import { renderCommand } from '../../language/shell/renderCommand';
import { parseWatcherFile } from '../../language/watcherFile';

const { cases: vectors } = JSON.parse(
  readFileSync(join(__dirname, '../vectors/directives.json'), 'utf8'),
) as { readonly cases: readonly { readonly script: string }[] };

const pieces =
  '#WATCHER |#WATCHER_BEGIN|#WATCHER_END|# |## |\n|\r\n|\t| |  |pattern=|pattern: |name: |captures=|captures:|condition=|interval=|action=|actions:|- |- type: |params: {|if |"|\'|`|\\|(|)|[|]|{|}|,|=|:|#| #|$x|${x:-|${x}|$(|<<E|E|log_event|run_command|resubmit|float(|loss|1|-|é|😀|\u0000|#SBATCH |--|time|output=|hetjob|%j|constructor|__proto__|toString'.split(
    '|',
  );

interface Edit {
  /** Of the text's length. */
  readonly at: number;
  readonly cut: number;
  readonly piece: string;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(20)),
  piece: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...pieces) },
    fc.string({ unit: 'binary', maxLength: 5 }),
  ),
});

/** An example with pieces put in and cut out. */
const damagedExample: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(...vectors.map(({ script }) => script)),
    fc.array(edit, { minLength: 1, maxLength: 5 }),
  )
  .map(([script, edits]) =>
    edits.reduce((text, { at, cut, piece }) => {
      const place = Math.floor(at * text.length);
      return text.slice(0, place) + piece + text.slice(place + cut);
    }, script),
  );

/** Nothing but pieces, and whatever characters there are. */
const anyText: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((all) => all.join('')),
  },
  fc.string({ unit: 'binary', maxLength: 80 }),
);

const values = { groups: ['a b', "it's", null], variables: { x: '$(id)', loss: '0.5', none: null } };

function checkScript(script: string): void {
  const read = parseScript(script, { ssync: true });
  const { cleanText, watchers } = read;
  const { problems } = checkBatchScript(script, read);
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
  renderCommand(script, values);
  judgeCommand(script, { allowedCommands: ['echo'], isKnown: () => true });
  parseWatcherFile(script);
}

/** Processor time of all that is done with a script, ms. */
function takeTime(script: string): number {
  const begun = process.cpuUsage();
  checkBatchScript(script, parseScript(script, { ssync: true }));
  renderBody(script, values.variables);
  findRefusedUses(script, () => true);
  renderCommand(script, values);
  judgeCommand(script, { allowedCommands: ['echo'], isKnown: () => true });
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}

describe('any script', () => {
  const runs = Number(process.env['CASES'] ?? 250);
  const options = { numRuns: runs, seed: Number(process.env['SEED'] ?? 7) };
  it('is read, formatted and rendered, however the examples are damaged', () => {
    fc.assert(fc.property(damagedExample, checkScript), options);
  }).timeout(60_000 + runs * 50);
  it('is read, formatted and rendered, whatever its characters are', () => {
    fc.assert(fc.property(anyText, checkScript), options);
  }).timeout(60_000 + runs * 50);
  it('gives definitions that are printed, and read back as the same', () => {
    fc.assert(
      fc.property(damagedExample, (script) => {
        for (const { definition } of parseScript(script).watchers) {
          const printed = printDefinition(definition);
          if (printed === undefined) continue;
          assert.deepEqual(parseScript(printed).watchers[0]?.definition, definition, printed);
        }
      }),
      options,
    );
  }).timeout(60_000 + runs * 50);

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
    'interval=x ',
    '${x} ',
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
    '--x ',
    '-H',
    '--time=1 ',
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
    'a value over many lines': (text) =>
      `#WATCHER_BEGIN\n# pattern: x\n# name: a${text.replace(/.{1,4}/gs, '\n#   $& # c')}\n#WATCHER_END`,
    'a list with dashes': (text) =>
      `#WATCHER_BEGIN\n# pattern: x\n# captures:${text.replace(/.{1,4}/gs, '\n#   - $&')}\n#WATCHER_END`,
    'an #SBATCH line': (text) => `#SBATCH ${text}`,
    'many #SBATCH lines': (text) => text.replace(/.{1,4}/gs, '#SBATCH $&\n'),
    'the body': (text) => `#WATCHER pattern=(x) captures=[x] action=resubmit\n${text}`,
  };
  const shorter = process.env['CASES'] === undefined ? 1500 : 4000;
  for (const [title, frame] of Object.entries(frames)) {
    it(`takes time in proportion to its length, with a long row of anything in ${title}`, () => {
      for (const piece of repeated) {
        const toScript = (length: number): string => frame(piece.repeat(Math.ceil(length / piece.length)));
        const [short, long] = [toScript(shorter), toScript(4 * shorter)];
        // Four times as long: sixteen times the work if that grew with the square. Another try is for others' noise.
        const growths = [0, 1, 2].map(() => () => takeTime(long) / Math.max(takeTime(short), 4));
        assert.ok(
          growths.some((measure) => measure() < 9),
          JSON.stringify(piece),
        );
      }
    }).timeout(600_000);
  }

  it('may have more problems than fit on the stack', () => {
    const many = 150_000;
    for (const script of [
      `#WATCHER pattern="x" ${'x=1 '.repeat(many)}`,
      `#WATCHER pattern=x action=log(${'a,'.repeat(many)})`,
      `#WATCHER_BEGIN\n# pattern: x\n${'# x\n'.repeat(many)}#WATCHER_END`,
    ])
      assert.ok(parseScript(script).problems.length >= many - 1);
    const file = `{"pattern": "x", "actions": [${'{"type": "x"},'.repeat(many)}{}]}`;
    assert.ok(parseWatcherFile(file).problems.length >= many);
  }).timeout(60_000);

  it('may be nested deeply', () => {
    const depth = process.env['CASES'] === undefined ? 700 : 2500;
    for (const [open, close] of [
      ['${x:-', '}'],
      ['$(', ')'],
      ['(', ')'],
      ['[', ']'],
      ['"$(', ')"'],
    ] as const) {
      const text = open.repeat(depth) + close.repeat(depth);
      for (const frame of Object.values(frames)) checkScript(frame(text));
    }
  }).timeout(60_000);
});
