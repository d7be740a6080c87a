// Sets of code points as sorted ranges: what one piece of a pattern accepts.

/** Flat pairs `[first, last, first, last, …]`, sorted, disjoint and merged. */
export type CharSet = readonly number[];

export const lastCodePoint = 0x10ffff;
export const emptySet: CharSet = [];
export const everyChar: CharSet = [0, lastCodePoint];

/** Sorts and merges ranges given in any order. */
export function toCharSet(pairs: readonly (readonly [number, number])[]): CharSet {
  const merged: number[] = [];
  for (const [first, last] of [...pairs].sort((a, b) => a[0] - b[0])) {
    const end = merged.at(-1);
    if (end !== undefined && first <= end + 1) merged[merged.length - 1] = Math.max(end, last);
    else merged.push(first, last);
  }
  return merged;
}

export function pairsOf(set: CharSet): [number, number][] {
  const pairs: [number, number][] = [];
  for (let at = 0; at < set.length; at += 2) pairs.push([set[at] ?? 0, set[at + 1] ?? 0]);
  return pairs;
}

export function union(...sets: readonly CharSet[]): CharSet {
  return sets.reduce(merge, emptySet);
}

function merge(one: CharSet, other: CharSet): CharSet {
  if (one.length === 0 || other.length === 0) return one.length === 0 ? other : one;
  const merged: number[] = [];
  for (let a = 0, b = 0; a < one.length || b < other.length;) {
    const takesOne = b >= other.length || (a < one.length && (one[a] ?? 0) <= (other[b] ?? 0));
    const first = (takesOne ? one[a] : other[b]) ?? 0;
    const last = (takesOne ? one[a + 1] : other[b + 1]) ?? 0;
    const end = merged.at(-1);
    if (end !== undefined && first <= end + 1) merged[merged.length - 1] = Math.max(end, last);
    else merged.push(first, last);
    if (takesOne) a += 2;
    else b += 2;
  }
  return merged;
}

export function complement(set: CharSet): CharSet {
  const rest: number[] = [];
  let next = 0;
  for (let at = 0; at < set.length; at += 2) {
    const first = set[at] ?? 0;
    if (first > next) rest.push(next, first - 1);
    next = (set[at + 1] ?? 0) + 1;
  }
  if (next <= lastCodePoint) rest.push(next, lastCodePoint);
  return rest;
}

export function intersection(one: CharSet, other: CharSet): CharSet {
  const result: number[] = [];
  let a = 0;
  let b = 0;
  while (a < one.length && b < other.length) {
    const endA = one[a + 1] ?? 0;
    const endB = other[b + 1] ?? 0;
    const first = Math.max(one[a] ?? 0, other[b] ?? 0);
    if (first <= Math.min(endA, endB)) result.push(first, Math.min(endA, endB));
    if (endA < endB) a += 2;
    else b += 2;
  }
  return result;
}

export function without(set: CharSet, removed: CharSet): CharSet {
  return intersection(set, complement(removed));
}

export function overlaps(one: CharSet, other: CharSet): boolean {
  for (let a = 0, b = 0; a < one.length && b < other.length;) {
    if ((one[a + 1] ?? 0) < (other[b] ?? 0)) a += 2;
    else if ((other[b + 1] ?? 0) < (one[a] ?? 0)) b += 2;
    else return true;
  }
  return false;
}

export function sizeOf(set: CharSet): number {
  let size = 0;
  for (let at = 0; at < set.length; at += 2) size += (set[at + 1] ?? 0) - (set[at] ?? 0) + 1;
  return size;
}

/** The only member, if there is exactly one. */
export function onlyMember(set: CharSet): number | undefined {
  return set.length === 2 && set[0] === set[1] ? set[0] : undefined;
}

export function hasChar(set: CharSet, code: number): boolean {
  let low = 0;
  let high = set.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((set[middle] ?? 0) <= code) low = middle + 1;
    else high = middle;
  }
  return low % 2 === 1 || (low > 0 && set[low - 1] === code);
}
