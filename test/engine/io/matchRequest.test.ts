// What is looked for in the bytes first hides no match: random output and patterns, against each pattern on each segment.
import assert from 'node:assert/strict';
import { nodeDecoder } from '../../../engine/io/decoder';
import { countHalvings, matchRequest } from '../../../engine/io/matchRequest';
import type { Hit, MatchRequest, MatchResult } from '../../../engine/ports';
import { splitSegments } from '../../../engine/segments';
import { compilePattern, type Pattern } from '../../../language/regex/compile';
import { findLiteralLists } from '../../../language/regex/mandatoryLiteral';
import { createCases } from '../../language/regex/randomCases';
import { createRandom, type Random } from '../../language/seededRandom';

const cases = Number(process.env['CASES'] ?? 1200);
const seed = Number(process.env['SEED'] ?? 5);
const patternsPerRequest = 4;

/** Long enough for what is slow on a busy machine. */
const budgetMs = 500;

interface Wanted {
  readonly source: string;
  readonly pattern: Pattern;
}

/** Some ignore case, some have a word of a log in or around them. */
function createPatterns(random: Random, count: number): readonly Wanted[] {
  const words = ['loss=', 'Epoch ', 'KiSs', 'élan', '🙂 ', 'x'];
  const pick = (): string => words[random(words.length)] ?? '';
  return createCases(random(1 << 30), count).flatMap(({ pattern: body, flags }) => {
    const inline = flags.replace(/[MU]/g, '').toLowerCase();
    const start = inline === '' ? '' : `(?${inline})`;
    const bodies = [body, `(?:${body})${pick()}`, `${pick()}(?:${body})`, `${pick()}|${pick()}`];
    const source = `${start}${bodies[random(bodies.length)] ?? ''}`;
    const { value: pattern } = compilePattern(source);
    return pattern ? [{ source, pattern }] : [];
  });
}

const ends = ['\n', '\n', '\r', '\r\n', '\r\r\n', ''];
const oddBytes = [
  [0xff],
  [0xc3],
  [0xe2, 0x84],
  [0xa9],
  [0xed, 0xa0, 0x80],
  [0xef, 0xbb, 0xbf],
  [0],
  [0xf0, 0x9f],
];

function createOutput(random: Random, patterns: readonly Wanted[]): Buffer {
  const literals = patterns.flatMap(({ pattern }) => findLiteralLists(pattern)?.lists.flat() ?? []);
  const anyCase = (text: string): string =>
    [text, text, text.toUpperCase(), text.toLowerCase(), text.slice(1)][random(5)] ?? '';
  const texts = createCases(random(1 << 30), 12).flatMap(({ text }) => {
    const literal = random(2) === 0 ? '' : anyCase(literals[random(literals.length)] ?? '');
    return random(2) === 0 ? [literal, text] : [text, literal];
  });
  const parts = texts.flatMap((text) => {
    const odd = random(8) === 0 ? (oddBytes[random(oddBytes.length)] ?? []) : [];
    return [Buffer.from(text), Buffer.from(odd), Buffer.from(ends[random(ends.length)] ?? '')];
  });
  return Buffer.concat(parts);
}

/** No search in bytes, no thread, not even JavaScript's own engine. */
function matchPlainly(
  { bytes, offset }: MatchRequest,
  { pattern }: Wanted,
  from: number,
): Hit[] | 'exhausted' {
  const hits: Hit[] = [];
  for (const { text, line, start: segment } of splitSegments(bytes, offset, nodeDecoder)) {
    if (segment < from) continue;
    const { matches, exhausted } = pattern.findAll(text, Infinity, { bounded: true });
    if (exhausted) return 'exhausted';
    for (const { start, end, groups } of matches)
      hits.push({ line, segment, groups: [text.slice(start, end), ...groups] });
  }
  return hits;
}

describe('match request', () => {
  for (const [isRisky, overruns, halvings] of [
    [false, 0, 0],
    [false, 1, 1],
    [false, 2, 2],
    [false, 7, 2],
    [true, 0, 1],
    [true, 1, 2],
    [true, 2, 2],
  ] as const)
    it(`halves the budget ${halvings} times for a ${isRisky ? 'risky' : 'common'} pattern that was stopped ${overruns} times`, () => {
      assert.equal(countHalvings({ isRisky, overruns }), halvings);
    });

  it(`finds what each pattern finds in each segment (seed ${seed}, ${cases} patterns)`, function () {
    this.timeout(60_000 + 40 * cases);
    const random = createRandom(seed);
    let [compared, withLiterals, found, stopped] = [0, 0, 0, 0];
    for (let done = 0; done < cases; done += patternsPerRequest) {
      const wanted = createPatterns(random, patternsPerRequest);
      const bytes = createOutput(random, wanted);
      const offset = random(1000);
      const patterns = wanted.map(({ source }, index) => ({
        watcher: `w${index}` as const,
        pattern: source,
        from: random(2) === 0 ? 0 : offset + random(bytes.length + 1),
      }));
      const request: MatchRequest = { bytes, offset, patterns };
      const results: readonly MatchResult[] = matchRequest(request, budgetMs);
      for (const [index, one] of wanted.entries()) {
        const expected = matchPlainly(request, one, patterns[index]?.from ?? 0);
        const result = results[index];
        if (expected === 'exhausted' || result?.overrun) {
          stopped++;
          continue;
        }
        assert.deepEqual(
          result?.hits,
          expected,
          `${one.source} in ${JSON.stringify(bytes.toString('latin1'))}`,
        );
        compared++;
        found += expected.length;
        if (findLiteralLists(one.pattern)) withLiterals++;
      }
    }
    assert.ok(stopped <= cases / 500, `${stopped} of ${cases} were stopped`);
    assert.ok(compared > cases / 2 && withLiterals > compared / 3 && found > compared);
  });
});
