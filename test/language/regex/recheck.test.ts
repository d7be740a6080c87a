// The check for risky patterns against recheck, a checker that is too large to ship; CASES judges all known patterns.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compilePattern } from '../../../language/regex/compile';
import { findRisk } from '../../../language/regex/risk';
import { translate } from '../../../language/regex/translate';
import { parseScript } from '../../../language/script';
import { templates } from '../../../language/templates';
import { createRandom, type Random } from '../seededRandom';

// It is read when recheck is loaded: JavaScript alone, no process of its own.
process.env['RECHECK_BACKEND'] = 'pure';

interface Diagnostics {
  readonly status: 'safe' | 'vulnerable' | 'unknown';
  readonly complexity?: { readonly type: string; readonly degree?: number };
}

type Check = (source: string, flags: string, options: { readonly timeout: number }) => Promise<Diagnostics>;

/** Well-known bad shapes and their harmless neighbours. */
const known = [
  '(a+)+$',
  '([a-zA-Z]+)*$',
  '(a|aa)+$',
  '(a|a?)+$',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '(x+x+)+y',
  '(a*)*b',
  '(?:a|b|ab)*c',
  '((ab)*)*c',
  '([^"]*)*"x',
  '(?:[a-z]+[0-9]*)+!',
  'a*a*a*b',
  '(?:a|b)*c',
  '(?:[^,]*,)*x',
  '(?:[ab]|[cd])+e',
  '[a-z]+@',
  'loss[:=]\\s*([\\d.]+)',
  '(\\d+)%',
  '(a{1,60})+$',
  '(?:[a-z]{1,60}_)+!',
];
const more = [
  '(.*a){25}',
  '(?:\\w+ ?){30}',
  '(?:\\d+,){30}',
  '(?:a?){40}',
  '(.*a){20}$',
  '(\\w+\\s?)*$',
  '(\\d+)*x',
  '^(\\d+)*$',
  '(.*)*x',
  '^\\s*(.*?)\\s*$',
  '(a?){30}a{30}',
  '(\\.\\d+)+$',
  '(\\w*\\d*)*!',
  '^(a+)+b',
  '\\d+\\d+\\d+x',
  '.*.*=.*;',
  '.*=.*=.*=x',
  '(\\d+\\.?)+%',
  '(\\d+[.,]?)+$',
  '([\\w.]+)+@',
  '(?:\\S+\\s+)*end$',
  '(?:a+b?)+c',
  '(?:-?\\d+(?:\\.\\d+)?,?)+$',
  '(?:[^,]+,?)+x',
  '(?=(a+)+$)b',
  '(?:\\w|\\d)+x',
  '(?:\\w|-)+x',
  '(?:.|\\n)*x',
  '(?:.|\\s)*x',
  '\\[(.*?)\\]\\s+(.*)\\s+(.*)$',
  '^(?:(\\S+)\\s*)+:$',
  '\\s*,\\s*\\s*,x',
  '(?:\\s*\\w+\\s*)*=',
  '^(.+)+=$',
  '(?:a{1,3}){1,}b',
  '(?:aa|aaa)+b',
  '(?:[ab]|[bc])+d',
  '(?:x*)+y',
  '(\\d{1,30})*x',
  '(?:a{2,}b?)+$',
  '(x{0,40}y?)+z',
  '([a-z]{2,10}[0-9]{0,40})+!',
  '(?:[a-z]{1,60}_?)+!',
  '(?:\\d{1,30}|\\w{1,30})+!',
  '((a{1,9}){1,9})+x',
  '(?:x{30}|[xy]{30}|x{60})+!',
  '(?:\\w{1,64}\\.)+com',
  '(\\d{1,3}\\.){3,100}x',
  '(?:\\d{1,30}:|\\d{40}:)+x',
  '(?:a{100}b|a{200}b)+x',
  '([^,]{0,200},)+x',
];

const patternsOf = (file: string): readonly string[] => {
  const { cases } = JSON.parse(readFileSync(join(__dirname, '../../vectors', file), 'utf8')) as {
    readonly cases: readonly { readonly pattern?: string; readonly script?: string }[];
  };
  return cases.flatMap(({ pattern, script }) => {
    if (script === undefined) return [pattern ?? ''];
    return parseScript(script).watchers.flatMap(({ definition }) => definition.pattern ?? []);
  });
};

/** Small patterns of loops over two letters: every shape that the check knows, and many that it does not. */
function createLoops(random: Random, depth: number): string {
  const atoms = ['a', 'b', '[ab]', 'c', '.', 'ab'];
  const quantifiers = ['', '', '*', '+', '?', '{2}', '{1,3}', '{2,}', '*?', '+?'];
  const pick = (items: readonly string[]): string => items[random(items.length)] ?? '';
  const piece = (): string => {
    const atom =
      depth > 0 && random(2) === 0
        ? `(?:${createLoops(random, depth - 1)}${random(3) === 0 ? `|${createLoops(random, depth - 1)}` : ''})`
        : pick(atoms);
    return atom.length === 2 ? atom : atom + pick(quantifiers);
  };
  return Array.from({ length: 1 + random(3) }, piece).join('');
}

/** Endless loops over rounds that are counted high. */
function createCounted(random: Random): string {
  const pick = (items: readonly string[]): string => items[random(items.length)] ?? '';
  const piece = (): string =>
    pick(['a', 'b', '[ab]', 'c', '.']) + pick(['', '', '?', '{1,60}', '{0,40}', '{2,30}', '{25}']);
  const row = (): string => Array.from({ length: 1 + random(3) }, piece).join('');
  return `(?:${row()}${random(3) === 0 ? `|${row()}` : ''})${pick(['+', '*'])}`;
}

type Verdict = 'risky' | 'harmless' | 'either';

/**
 * What the check has to say. Either is right where recheck does not know, and where a search is polynomial: output is
 * matched line by line and each line is bounded, so that what takes a power of its length is worth a warning only in the
 * plainest shapes. Source: section 8 of the language.
 */
function toVerdict({ status, complexity }: Diagnostics): Verdict {
  if (status === 'safe') return 'harmless';
  return complexity?.type === 'exponential' ? 'risky' : 'either';
}

describe('risky patterns, with recheck as the judge', function () {
  this.timeout(3_600_000);
  const cases = process.env['CASES'];
  const random = createRandom(Number(process.env['SEED'] ?? 5));
  const corpus =
    cases === undefined
      ? known
      : [
          ...known,
          ...more,
          ...templates.flatMap(({ definition }) => definition.pattern ?? []),
          ...patternsOf('directives.json'),
          ...patternsOf('regexes.json'),
          ...Array.from({ length: Number(cases) / 100 }, () => `${createLoops(random, 2)}x`),
          ...Array.from({ length: Number(cases) / 400 }, () => `${createCounted(random)}x`),
        ];

  it('are those that it calls exponential, and none that it calls safe', async () => {
    const { check } = (await import('recheck')) as unknown as { readonly check: Check };
    const counts: Record<Verdict, number> = { risky: 0, harmless: 0, either: 0 };
    const wrong: string[] = [];
    for (const source of new Set(corpus)) {
      const pattern = compilePattern(source).value;
      if (!pattern?.native) continue;
      const { source: script, flags } = translate(pattern.tree, { kind: 'ascii', byLine: false });
      const found = await check(script, flags, { timeout: 2000 });
      const verdict = toVerdict(found);
      counts[verdict] += 1;
      const isRisky = findRisk(pattern) !== undefined;
      if (verdict !== 'either' && isRisky !== (verdict === 'risky'))
        wrong.push(
          `${source}: ${isRisky ? 'risky' : 'harmless'} here, ${JSON.stringify(found.complexity)} there`,
        );
    }
    if (cases !== undefined) console.log(JSON.stringify(counts));
    assert.deepEqual(wrong, []);
    assert.ok(counts.risky > 0 && counts.harmless > 0, JSON.stringify(counts));
  });
});
