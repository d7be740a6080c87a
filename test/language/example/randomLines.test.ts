// Random lines, selections and levels: the pattern matches its line and captures what is captured, here and in CPython.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { piecesByExample } from '../../../language/example/patternByExample';
import {
  setCapture,
  setLevel,
  toCaptures,
  toLine,
  type Level,
  type Piece,
} from '../../../language/example/pieces';
import { renderPattern } from '../../../language/example/renderPattern';
import type { Selection } from '../../../language/example/selection';
import { toTokens } from '../../../language/example/tokens';
import { compilePattern } from '../../../language/regex/compile';
import { findRisk } from '../../../language/regex/risk';
import { sampleLines, spanOfSample } from './sampleLines';

const part = fc.oneof(
  fc.constantFrom(
    'loss',
    'val_loss',
    'Epoch',
    'lr',
    'lambda',
    'total energy',
    "'loss'",
    '"a b"',
    'train/acc',
    'of',
    'in',
    'JOB_ID',
  ),
  fc.constantFrom(
    ': ',
    '=',
    ' = ',
    ' ',
    '   ',
    ', ',
    '/',
    ' | ',
    '|',
    '<',
    '[',
    ']',
    '(',
    ')',
    '{',
    '}',
    '%',
    '\t',
    '\r',
    '.',
    '-',
    ':',
  ),
  fc.constantFrom(
    '1',
    '-1.5',
    '1e-5',
    '1.0D-05',
    '12.5%',
    '1,234,567',
    '1_000',
    'nan',
    '-inf',
    '0x1f',
    '3/100',
    '3.2it/s',
    '12GB',
    '.5',
    '1.2-103',
    '007',
  ),
  fc.constantFrom(
    '12:34:56',
    '01:23<04:56',
    '2026-01-02T10:00:00Z',
    '3d 4h',
    '/a/b.pt',
    'https://x.y/z',
    '10.0.0.1',
    'node17',
    '8f3a2b1c',
  ),
  fc.constantFrom(
    '████▌ ',
    '====>',
    '...',
    '\u001b[1m',
    '\u001b[0m',
    '\\',
    '\\d',
    '^',
    '$',
    '*',
    '+',
    '?',
    '#',
    'é',
    '😀',
    'µs',
    '\u00a0',
    '²',
  ),
  fc.string({ maxLength: 4, unit: 'grapheme' }).map((text) => text.replaceAll('\n', '')),
);
const lineOf = fc.array(part, { minLength: 1, maxLength: 14 }).map((parts) => parts.join(''));
const headerOf = fc.constantFrom(
  '',
  'step loss acc',
  'epoch,loss,acc',
  '   Step      Temp   Total energy',
  'a, b [MiB], c',
);

const randomSelection: fc.Arbitrary<Selection> = fc
  .tuple(lineOf, fc.nat(), fc.nat(), fc.boolean(), fc.array(headerOf, { maxLength: 2 }))
  .map(([line, a, b, isWhole, above]) => {
    const [start = 0, end = 0] = [a % (line.length + 1), b % (line.length + 1)].sort((x, y) => x - y);
    return { line, span: isWhole ? { start: 0, end: line.length } : { start, end }, above };
  });

interface Change {
  readonly at: number;
  readonly level: Level;
  readonly capture: boolean | undefined;
}

const changes = fc.array(
  fc.record({
    at: fc.nat(),
    level: fc.constantFrom<Level>('literal', 'same', 'any'),
    capture: fc.constantFrom(true, false, undefined, undefined),
  }),
  { maxLength: 6 },
);

function change(pieces: readonly Piece[], { at, level, capture }: Change): readonly Piece[] {
  const index = at % pieces.length;
  const levelled = setLevel(pieces, index, level);
  return capture === undefined ? levelled : setCapture(levelled, index, capture ? `c${index}` : undefined);
}

type Spans = readonly (readonly [number, number])[];

const spansOf = (pieces: readonly Piece[]): Spans =>
  pieces.flatMap(({ capture, start, text }) =>
    capture === undefined ? [] : [[start, start + text.length] as const],
  );

/** The spans of the groups in each match. */
function findSpans(pattern: string, pieces: readonly Piece[]): readonly Spans[] {
  const { value, problems } = compilePattern(pattern);
  assert.ok(value, `${pattern}: ${problems[0]?.message}`);
  assert.equal(findRisk(value), undefined, pattern);
  const { matches, exhausted } = value.findAll(toLine(pieces), Infinity, { bounded: true });
  assert.equal(exhausted, false);
  return matches.map(({ groupSpans }) => groupSpans.map((span) => span ?? [-1, -1]));
}

const options = (runs: number, seed: number): { readonly numRuns: number; readonly seed: number } => ({
  numRuns: Number(process.env['CASES'] ?? runs),
  seed: Number(process.env['SEED'] ?? seed),
});

describe('patterns of random lines', function () {
  this.timeout(60_000 + Number(process.env['CASES'] ?? 0) * 20);

  it('capture exactly what is captured, in the last match of the line', () => {
    let captured = 0;
    fc.assert(
      fc.property(randomSelection, (selection) => {
        const pieces = piecesByExample(selection);
        assert.ok(selection.line.includes(toLine(pieces)));
        if (toLine(pieces).trim() === '') return;
        const wanted = spansOf(pieces);
        captured += wanted.length;
        assert.deepEqual(findSpans(renderPattern(pieces), pieces).at(-1), wanted);
      }),
      options(400, 11),
    );
    assert.ok(captured > 100, `only ${captured} captures`);
  });

  it('do so whatever levels are set', () => {
    fc.assert(
      fc.property(randomSelection, changes, (selection, all) => {
        const pieces = all.reduce(change, piecesByExample(selection));
        const wanted = spansOf(pieces);
        const found = findSpans(renderPattern(pieces), pieces);
        assert.ok(
          found.some((spans) => JSON.stringify(spans) === JSON.stringify(wanted)),
          `${renderPattern(pieces)}: ${JSON.stringify({ found, wanted })}`,
        );
      }),
      options(400, 12),
    );
  });

  it('have names that the language does not have itself, each once', () => {
    fc.assert(
      fc.property(randomSelection, (selection) => {
        const names = toCaptures(piecesByExample(selection));
        assert.equal(new Set(names).size, names.length);
        for (const name of names) {
          assert.match(name, /^[a-z_]\w*$/);
          assert.ok(!['lambda', 'in', 'min', 'max', 'float', 'JOB_ID', 'job_id'].includes(name), name);
        }
      }),
      options(400, 13),
    );
  });

  it('consist of tokens that are the line', () => {
    fc.assert(
      fc.property(lineOf, fc.boolean(), (line, commasSeparate) => {
        const tokens = toTokens(line, { commasSeparate });
        assert.equal(tokens.map(({ text }) => text).join(''), line);
        for (const { start, text } of tokens) assert.equal(line.slice(start, start + text.length), text);
      }),
      options(400, 14),
    );
  });
});

const python = ['python3.11', 'python3'].find(
  (name) => spawnSync(name, ['-c', 'import sys; sys.exit(sys.version_info[:2] != (3, 11))']).status === 0,
);

const suite = 'patterns by example beside CPython 3.11';
if (python === undefined) console.log(`Absent here, for want of Python 3.11: ${suite}.`);
else describe(suite, compareAll);

interface Answer {
  readonly message?: string;
  readonly matches?: readonly (readonly [
    readonly [number, number],
    readonly (readonly [number, number])[],
  ])[];
}

function compareAll(): void {
  it('find there what they find here', function () {
    const count = Number(process.env['CASES'] ?? 300);
    this.timeout(60_000 + count * 20);
    const selections = [
      ...sampleLines.map((sample): Selection => ({ ...sample, span: spanOfSample(sample) })),
      ...fc.sample(randomSelection, { numRuns: count, seed: Number(process.env['SEED'] ?? 15) }),
    ];
    const cases = selections
      .map((selection) => piecesByExample(selection))
      // Python has no halves of a character.
      .filter((pieces) => toLine(pieces).trim() !== '' && !/\p{Cs}/u.test(toLine(pieces)));
    assert.ok(cases.length > selections.length / 2);
    const { stdout, stderr, status } = spawnSync(python ?? '', [join(__dirname, '../regex/oracle.py')], {
      input: JSON.stringify(cases.map((pieces) => [renderPattern(pieces), 'M', toLine(pieces)])),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    assert.equal(status, 0, stderr);
    const answers = JSON.parse(stdout) as readonly Answer[];
    cases.forEach((pieces, index) => {
      const { message, matches } = answers[index] ?? {};
      assert.equal(message, undefined, renderPattern(pieces));
      const line = toLine(pieces);
      const spans = matches?.at(-1)?.[1].map(([from, to]) => Array.from(line).slice(from, to).join(''));
      assert.deepEqual(
        spans,
        spansOf(pieces).map(([from, to]) => line.slice(from, to)),
        `${renderPattern(pieces)} in ${line}`,
      );
    });
  });
}
