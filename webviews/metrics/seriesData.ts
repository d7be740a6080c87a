// What is known of one line of the chart: all of it at a coarse look, the range in sight at a fine one, and what comes.
import { addToSummary, findPlace } from '../../engine/metricNews';
import {
  findWidth,
  joinBuckets,
  toBucket,
  type MetricSeries,
  type PlainNumber,
  type SeriesBucket,
  type SeriesMark,
} from '../../engine/metricSeries';
import type { ViewRange } from './protocol';

export interface SeriesData {
  /** Of which round of questions it is. */
  readonly generation: number;
  /** News could not be put in: it is to be asked for again. */
  readonly isStale: boolean;
  readonly overview: MetricSeries;
  readonly detail: Detail | null;
}

export interface Detail {
  readonly range: ViewRange;
  readonly series: MetricSeries;
  /** Others are to take its place as soon as they are there. */
  readonly isOld: boolean;
}

/** Columns of equal length, in rising order of x; `y` is the last value of a bucket, which has values from `min` to `max`. */
export interface Shown {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly min: readonly number[];
  readonly max: readonly number[];
  readonly marks: readonly SeriesMark[];
}

/** The same with other x. */
export const moveSeries = (series: MetricSeries, by: number): MetricSeries =>
  by === 0
    ? series
    : {
        ...series,
        buckets: series.buckets.map((bucket) => ({
          ...bucket,
          from: bucket.from + by,
          to: bucket.to + by,
          xOfMin: bucket.xOfMin + by,
          xOfMax: bucket.xOfMax + by,
        })),
        marks: series.marks.map((mark) => ({ ...mark, x: mark.x + by })),
        summary: {
          ...series.summary,
          last: series.summary.last && { ...series.summary.last, x: series.summary.last.x + by },
        },
      };

/** All values that were stored, with an x or without. */
export const countStored = ({ summary, withoutX }: MetricSeries): number => summary.count + withoutX;

/**
 * At most about `limit` buckets, of equal widths that are powers of two: a look that is taken again with more values is the
 * same where nothing has changed.
 */
export function widenBuckets(buckets: readonly SeriesBucket[], limit: number): readonly SeriesBucket[] {
  const [first, last] = [buckets[0], buckets.at(-1)];
  if (!first || !last || buckets.length <= limit) return buckets;
  const width = findWidth(first.from, last.to, limit);
  const wide: SeriesBucket[] = [];
  let place = NaN;
  for (const bucket of buckets) {
    const known = wide.at(-1);
    const own = Math.floor(bucket.from / width);
    if (known && own === place) wide[wide.length - 1] = joinBuckets(known, bucket);
    else wide.push(bucket);
    place = own;
  }
  return wide;
}

/** Marks of one kind that lie close together are one. */
function widenMarks(marks: readonly SeriesMark[], limit: number): readonly SeriesMark[] {
  const [first, last] = [marks[0], marks.at(-1)];
  if (!first || !last || marks.length <= limit) return marks;
  const width = (last.x - first.x) / limit || 1;
  const wide = new Map<string, SeriesMark>();
  for (const mark of marks) {
    const place = `${mark.kind} ${Math.floor((mark.x - first.x) / width)}`;
    const known = wide.get(place);
    wide.set(place, known ? { ...known, count: known.count + mark.count } : mark);
  }
  return [...wide.values()];
}

type Value = readonly [x: number, value: PlainNumber];

/** With values of the end. They come in rising order of x, as steps and times do. */
export function addValues(
  series: MetricSeries,
  values: readonly Value[],
  { limit, unit }: { readonly limit: number; readonly unit: string | null },
): MetricSeries {
  if (values.length === 0) return series;
  const buckets = [...series.buckets];
  const marks = [...series.marks];
  for (const [x, value] of values)
    if (typeof value === 'string') marks.push({ x, kind: value, count: 1 });
    else buckets.push(toBucket(x, value));
  // Now and then, so that each value costs little; in between there are more than the chart has room for, which it can bear.
  const isFull = buckets.length > 2 * limit;
  return {
    ...series,
    unit,
    isExact: series.isExact && !isFull,
    buckets: isFull ? widenBuckets(buckets, limit) : buckets,
    marks: marks.length > 2 * limit ? widenMarks(marks, limit) : marks,
    summary: addToSummary(series.summary, values),
  };
}

export interface News {
  readonly unit: string | null;
  readonly steps: readonly number[];
  readonly values: readonly Value[];
}

/** What is known, with news; marked as stale if something is missing between the two. */
export function takeNews(data: SeriesData, { unit, steps, values }: News, limit: number): SeriesData {
  let count = countStored(data.overview);
  const fresh: Value[] = [];
  for (const [index, value] of values.entries()) {
    const place = findPlace(count, steps[index] ?? -1);
    if (place === 'gap') return { ...data, isStale: true };
    if (place === 'known') continue;
    fresh.push(value);
    count++;
  }
  if (fresh.length === 0) return data;
  const parts = { limit, unit };
  return {
    ...data,
    overview: addValues(data.overview, fresh, parts),
    detail: data.detail && {
      ...data.detail,
      series: addValues(data.detail.series, findOwn(data.detail, fresh), parts),
    },
  };
}

/** Those in its range that its answer did not have. */
function findOwn({ range, series }: Detail, values: readonly Value[]): Value[] {
  const end = series.summary.last?.x ?? -Infinity;
  return values.filter(([x]) => x > end && x >= range.from && x <= range.to);
}

/** What is to be drawn: the fine look where there is one, the coarse one around it. */
export function toShown({ overview, detail }: SeriesData): Shown {
  if (!detail) return toColumns(overview.buckets, overview.marks);
  const { range, series } = detail;
  const before = overview.buckets.filter(({ to }) => to < range.from);
  const after = overview.buckets.filter(({ from }) => from > range.to);
  const outside = overview.marks.filter(({ x }) => x < range.from || x > range.to);
  return toColumns([...before, ...series.buckets, ...after], [...outside, ...series.marks]);
}

function toColumns(buckets: readonly SeriesBucket[], marks: readonly SeriesMark[]): Shown {
  const [x, y, min, max]: [number[], number[], number[], number[]] = [[], [], [], []];
  const push = (at: number, value: number, bucket: SeriesBucket): void => {
    x.push(at);
    y.push(value);
    min.push(bucket.min);
    max.push(bucket.max);
  };
  const [first] = buckets;
  // The line begins where its values do.
  if (first && first.from < first.to) push(first.from, first.first, first);
  for (const bucket of buckets) push(bucket.to, bucket.last, bucket);
  return { x, y, min, max, marks };
}

/** The index of the x that is next to this one; -1 if there is none. */
export function findNearest(xs: readonly number[], x: number): number {
  if (xs.length === 0) return -1;
  let [low, high] = [0, xs.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((xs[middle] ?? 0) < x) low = middle + 1;
    else high = middle;
  }
  const [before, at] = [xs[low - 1], xs[low] ?? 0];
  return before !== undefined && x - before < at - x ? low - 1 : low;
}

/** The value next to x: also one that is not finite. */
export function findValue({ x: xs, y, marks }: Shown, x: number): PlainNumber | undefined {
  const index = findNearest(xs, x);
  let [value, distance]: [PlainNumber | undefined, number] =
    index < 0 ? [undefined, Infinity] : [y[index], Math.abs((xs[index] ?? 0) - x)];
  for (const mark of marks) {
    const own = Math.abs(mark.x - x);
    if (own < distance) [value, distance] = [mark.kind, own];
  }
  return value;
}
