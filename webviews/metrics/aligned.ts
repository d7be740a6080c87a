// Lines with x of their own as columns over one common x, as the chart wants them.

/** x is in rising order. */
export interface Column {
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
}

export type Aligned = [x: number[], ...y: (number | null)[][]];

/** Null where a line has no value at an x, which is there as often as the line with most values at it has some. */
export function align(columns: readonly Column[]): Aligned {
  const xs = findCommon(columns.map(({ x }) => x));
  const rows = columns.map(({ x, y }) => {
    const row = new Array<number | null>(xs.length).fill(null);
    let place = -1;
    for (const [index, at] of x.entries()) {
      place++;
      while ((xs[place] ?? at) < at) place++;
      row[place] = y[index] ?? null;
    }
    return row;
  });
  return [xs, ...rows];
}

const findCommon = (lists: readonly (readonly number[])[]): number[] =>
  [...new Set(lists)].reduce<number[]>(merge, []);

/** What both have in common, once. */
function merge(one: readonly number[], other: readonly number[]): number[] {
  const merged: number[] = [];
  let [at, otherAt] = [0, 0];
  while (at < one.length || otherAt < other.length) {
    const [a, b] = [one[at] ?? Infinity, other[otherAt] ?? Infinity];
    merged.push(Math.min(a, b));
    if (a <= b) at++;
    if (b <= a) otherAt++;
  }
  return merged;
}
