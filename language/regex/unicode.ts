// The classes and cases of Python's strings, as CPython 3.11 knows them (Unicode 14), whatever the runtime knows.
import { type CharSet, hasChar, pairsOf, sizeOf, toCharSet, union, without } from './charSet';
import { digitGaps, lowerRuns, printableGaps, sameUpperCase, wordGaps } from './unicodeTables';

const numbers = (text: string): number[] => text.split(' ').map((digits) => parseInt(digits, 36));

function decodeGaps(text: string): CharSet {
  const pairs: [number, number][] = [];
  let at = 0;
  numbers(text).forEach((length, index) => {
    if (index % 2 === 1) pairs.push([at, at + length - 1]);
    at += length;
  });
  return toCharSet(pairs);
}

function decodeLower(): Map<number, number> {
  const lower = new Map<number, number>();
  const runs = numbers(lowerRuns);
  let first = 0;
  for (let at = 0; at < runs.length; at += 4) {
    const [gap = 0, count = 0, step = 0, difference = 0] = runs.slice(at, at + 4);
    first += gap;
    for (let index = 0; index < count; index++) {
      lower.set(first + index * step, first + index * step + difference);
    }
  }
  return lower;
}

/** Computes once, and only when asked: the tables cost a millisecond that most patterns never need. */
function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

export const unicodeWord = once(() => decodeGaps(wordGaps));
export const unicodeDigit = once(() => decodeGaps(digitGaps));
export const unicodePrintable = once(() => decodeGaps(printableGaps));
export const unicodeSpace: CharSet = toCharSet([
  [0x09, 0x0d],
  [0x1c, 0x20],
  [0x85, 0x85],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
]);

export const asciiDigit: CharSet = [0x30, 0x39];
export const asciiWord: CharSet = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a];
export const asciiSpace: CharSet = [0x09, 0x0d, 0x20, 0x20];

const lowerMap = once(decodeLower);
const extraMap = once(() => new Map(sameUpperCase.map(([code = 0, ...others]) => [code, others])));

/** `str.lower` of one code point, without the mappings to several. */
export function toLower(code: number): number {
  return lowerMap().get(code) ?? code;
}

/** Other lower-case code points that a case-insensitive pattern treats as the same (`ſ` for `s`). */
export function sameUpper(lower: number): readonly number[] {
  return extraMap().get(lower) ?? [];
}

/** Every lower-case form that the set's members have, with those that share an upper case. */
export function foldSet(set: CharSet): CharSet {
  const pairs = pairsOf(set);
  for (const [upper, lower] of casesIn(set, 'upper')) {
    if (hasChar(set, upper)) pairs.push([lower, lower], ...toPairs(sameUpper(lower)));
  }
  for (const [lower, others] of extraMap()) if (hasChar(set, lower)) pairs.push(...toPairs(others));
  return toCharSet(pairs);
}

/** All characters whose lower case is in the set. */
export function charsWithLowerIn(set: CharSet): CharSet {
  const added = [...casesIn(set, 'lower')].filter(([, lower]) => hasChar(set, lower));
  const removed = [...casesIn(set, 'upper')].filter(
    ([upper, lower]) => hasChar(set, upper) && !hasChar(set, lower),
  );
  const kept = removed.length === 0 ? set : without(set, toCharSet(toPairs(removed.map(([upper]) => upper))));
  return union(kept, toCharSet(toPairs(added.map(([upper]) => upper))));
}

/** The lower-case forms of the members above the basic plane, where each has exactly one upper case. */
export function astralLowersOf(set: CharSet): CharSet {
  const lowers = [...casesIn(set, 'upper')].filter(([upper]) => upper > 0xffff && hasChar(set, upper));
  return toCharSet(toPairs(lowers.map(([, lower]) => lower)));
}

const upperMap = once(() => {
  const uppers = new Map<number, number[]>();
  for (const [upper, lower] of lowerMap()) uppers.set(lower, [...(uppers.get(lower) ?? []), upper]);
  return uppers;
});

/** Pairs of upper and lower case; for a small set only those whose `side` can be in it. */
function casesIn(set: CharSet, side: 'upper' | 'lower'): Iterable<readonly [number, number]> {
  if (sizeOf(set) > 200) return lowerMap();
  const codes = pairsOf(set).flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index),
  );
  if (side === 'upper')
    return codes.map((code) => [code, toLower(code)] as const).filter(([a, b]) => a !== b);
  return codes.flatMap((code) => (upperMap().get(code) ?? []).map((upper) => [upper, code] as const));
}

const toPairs = (codes: readonly number[]): [number, number][] => codes.map((code) => [code, code]);
