// Which characters a set, a class or a dot stands for: Python's Unicode and ASCII classes, and case without regard.
import { findCaseClass, toLower } from './caseFold';
import type { Category, Flags, Node, SetItem } from './tree';

type SetNode = Extract<Node, { op: 'set' }>;

/**
 * Python's classes as the inside of a JavaScript character class: str.isdecimal, str.isspace, str.isalnum and `_`.
 * The Unicode ones need the `u` flag.
 */
export const categorySource = {
  unicode: {
    digit: '\\p{Nd}',
    space: '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000',
    word: '\\p{L}\\p{N}_',
  },
  ascii: { digit: '0-9', space: '\\t-\\r\\x20', word: 'a-zA-Z0-9_' },
  /** The Unicode classes on text that is ASCII. */
  unicodeOnAscii: { digit: '0-9', space: '\\t-\\r\\x1c-\\x20', word: 'a-zA-Z0-9_' },
} as const satisfies Record<string, Record<Category, string>>;

const testers = {
  unicode: toTesters(categorySource.unicode),
  ascii: toTesters(categorySource.ascii),
};

function toTesters(sources: Record<Category, string>): Record<Category, RegExp> {
  const tester = (category: Category): RegExp => new RegExp(`^[${sources[category]}]$`, 'u');
  return { digit: tester('digit'), space: tester('space'), word: tester('word') };
}

export function isInCategory(code: number, category: Category, ascii: boolean): boolean {
  return testers[ascii ? 'ascii' : 'unicode'][category].test(String.fromCodePoint(code));
}

type CodeTest = (code: number) => boolean;

/** Membership by code point, as CPython's engine decides it. */
export function toCodeTest({ items, negate, flags }: SetNode): CodeTest {
  const [only] = items;
  if (only && items.length === 1 && only.kind === 'range' && only.low === only.high && !flags.ignoreCase) {
    return negate ? (code) => code !== only.low : (code) => code === only.low;
  }
  const tests = items.map((item) => toItemTest(item, flags));
  const isMember = memoised((code) =>
    tests.some((test) => test(flags.ignoreCase ? toLower(code, flags.ascii) : code)),
  );
  return negate ? (code) => !isMember(code) : isMember;
}

function toItemTest(item: SetItem, { ascii, ignoreCase }: Flags): CodeTest {
  if (item.kind === 'category') return (code) => isInCategory(code, item.category, ascii) !== item.negate;
  const { low, high } = item;
  if (!ignoreCase) return (code) => code >= low && code <= high;
  if (high - low > 0x3000) return toWideTest(item, ascii);
  const members = new Set<number>();
  for (let code = low; code <= high; code++) {
    for (const member of findCaseClass(toLower(code, ascii), ascii)) members.add(member);
  }
  return (code) => members.has(code);
}

/** A range too wide to be listed: some character of it must have this lower case. */
function toWideTest({ low, high }: { low: number; high: number }, ascii: boolean): CodeTest {
  const inside = (code: number): boolean => code >= low && code <= high;
  return (code) =>
    findCaseClass(code, ascii).some((member) => {
      const upper = ascii
        ? member >= 97 && member <= 122
          ? member - 32
          : member
        : (String.fromCodePoint(member).toUpperCase().codePointAt(0) ?? member);
      return inside(member) || inside(upper);
    });
}

/** Remembers the answers for the characters that output is made of. */
function memoised(test: CodeTest): CodeTest {
  const known = new Int8Array(0x250).fill(-1);
  return (code) => {
    if (code >= known.length) return test(code);
    const answer = known[code] ?? -1;
    if (answer !== -1) return answer === 1;
    const fresh = test(code);
    known[code] = fresh ? 1 : 0;
    return fresh;
  };
}
