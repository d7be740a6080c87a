// Lines with x of their own as columns over one common x, as the chart wants them.

/** x is in rising order. */
export interface Column {
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
}

export type Aligned = [x: number[], ...y: (number | null)[][]];

/** Null where a line has no value at an x; of several values at one x, the last. */
export function align(columns: readonly Column[]): Aligned {
  const xs = findCommon(columns.map(({ x }) => x));
  const rows = columns.map(({ x, y }) => {
    const row = new Array<number | null>(xs.length).fill(null);
    let place = 0;
    for (const [index, at] of x.entries()) {
      while ((xs[place] ?? at) < at) place++;
      row[place] = y[index] ?? null;
    }
    return row;
  });
  return [xs, ...rows];
}

/** Each x once, in rising order. */
function findCommon(lists: readonly (readonly number[])[]): number[] {
  const all = Float64Array.from([...new Set(lists)].flat()).sort();
  const xs: number[] = [];
  for (const x of all) if (x !== xs.at(-1)) xs.push(x);
  return xs;
}
