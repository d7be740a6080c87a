// Metric values made fit for a chart: at most as many buckets as asked for, however many values there are.
import type { JobKey, Time, WatcherId } from './model';

/** A number as JSON has it; the words are those that Python prints. */
export type PlainNumber = number | NonFinite;
export type NonFinite = 'nan' | 'inf' | '-inf';

export interface SeriesName {
  readonly job: JobKey;
  /** The metric's name. */
  readonly name: string;
  /** Absent: the values of all watchers that store it. */
  readonly watcher?: WatcherId;
}

export interface SeriesRequest {
  readonly series: readonly SeriesName[];
  readonly axis: 'time' | 'step';
  /**
   * Another metric of the same job whose values are x instead. If both were stored equally often, the values of the same step
   * belong together; otherwise each value has the last x that was stored before it.
   */
  readonly by?: string;
  /** The range of x, both ends included; null: no limit. */
  readonly from: number | null;
  readonly to: number | null;
  /** At most this many buckets for each series, and at least two. */
  readonly buckets: number;
}

/** Finite values that lie close together. */
export interface SeriesBucket {
  /** The least and the greatest x. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly xOfMin: number;
  readonly xOfMax: number;
  /** Those of the least and of the greatest x; of equal x, the first and the last that was stored. */
  readonly first: number;
  readonly last: number;
}

/** Values that are not finite and lie close together: at the x of the first of them. */
export interface SeriesMark {
  readonly x: number;
  readonly kind: NonFinite;
  readonly count: number;
}

/** What there is of the values that were asked for; null if there is nothing to tell it of. */
export interface SeriesSummary {
  /** Of all values, also of those that are not finite. */
  readonly count: number;
  /** Of the finite ones. */
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly notFinite: Readonly<Record<NonFinite, number>>;
  readonly last: { readonly x: number; readonly value: PlainNumber } | null;
}

export interface MetricSeries {
  readonly job: JobKey;
  readonly name: string;
  /** As it was asked for. */
  readonly watcher: WatcherId | null;
  /** Of the last value. */
  readonly unit: string | null;
  /** Each bucket is one value as it was stored, and so is each mark. */
  readonly isExact: boolean;
  /** In rising order of x; those without a finite value are left out. */
  readonly buckets: readonly SeriesBucket[];
  readonly marks: readonly SeriesMark[];
  /** Of the range. */
  readonly summary: SeriesSummary;
  /** Values that have no x: the other metric had no value yet, or one that is not finite. */
  readonly withoutX: number;
}

/** A metric of a job, as a list shows it. */
export interface MetricName {
  readonly job: JobKey;
  readonly name: string;
  /** Who stored it, in the order of their first values. */
  readonly watchers: readonly { readonly id: WatcherId; readonly name: string }[];
  readonly unit: string | null;
  /** Its x is the step. */
  readonly summary: SeriesSummary;
  /** When the last value was stored. */
  readonly time: Time;
  /** The newest values, oldest first. */
  readonly recent: readonly PlainNumber[];
}

export interface MetricNamesRequest {
  readonly jobs: readonly JobKey[];
  /** This many of the newest values. */
  readonly recent: number;
}

/** A value as it was stored. */
export interface StoredValue {
  readonly id: number;
  readonly time: Time;
  readonly step: number;
  readonly value: number;
  readonly watcher: WatcherId;
  readonly watcherName: string;
  readonly unit: string | null;
}

export const toPlainNumber = (value: number): PlainNumber => {
  if (Number.isNaN(value)) return 'nan';
  if (Number.isFinite(value)) return value;
  return value > 0 ? 'inf' : '-inf';
};

/** More than a screen has columns. */
const maxBuckets = 10_000;

/** What is known of values that come in the order in which they were stored. */
export class Summary {
  private count = 0;
  private min = Infinity;
  private max = -Infinity;
  private mean = 0;
  private readonly notFinite = { nan: 0, inf: 0, '-inf': 0 };
  private finite = 0;
  private lastX = 0;
  private lastValue = 0;

  add(x: number, value: number): void {
    this.count++;
    this.lastX = x;
    this.lastValue = value;
    if (!Number.isFinite(value)) {
      this.notFinite[toPlainNumber(value) as NonFinite]++;
      return;
    }
    this.finite++;
    this.mean += value / this.finite - this.mean / this.finite;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }

  toSummary(): SeriesSummary {
    const { count, notFinite } = this;
    const isAny = this.finite > 0;
    return {
      count,
      min: isAny ? this.min : null,
      max: isAny ? this.max : null,
      mean: isAny ? this.mean : null,
      notFinite: { ...notFinite },
      last: count > 0 ? { x: this.lastX, value: toPlainNumber(this.lastValue) } : null,
    };
  }
}

type Writable<Shape> = { -readonly [Name in keyof Shape]: Shape[Name] };

/** A power of two, so that at most about `buckets` of this width lie between the two. */
export function findWidth(from: number, to: number, buckets: number): number {
  const width = 2 ** Math.ceil(Math.log2((to - from) / buckets));
  return width > 0 && Number.isFinite(width) ? width : 1;
}

interface Bin {
  /** Changed in place: there is one step of work for each of very many values. */
  bucket: Writable<SeriesBucket> | undefined;
  readonly marks: Map<NonFinite, SeriesMark>;
}

/**
 * Takes values in the order in which they were stored. It keeps them as they are while there are at most as many as buckets; from
 * then on in buckets whose width is a power of two and whose edges are multiples of it, so that a chart that is asked for again
 * with more values or another range looks the same where nothing has changed.
 */
export class SeriesBuckets {
  private points: { readonly x: number; readonly value: number }[] | undefined = [];
  private width = 0;
  private bins = new Map<number, Bin>();
  private readonly limit: number;

  constructor(buckets: number) {
    this.limit = Math.max(2, Math.min(maxBuckets, Math.floor(buckets)));
  }

  add(x: number, value: number): void {
    if (!this.points) this.put(x, value);
    else if (this.points.push({ x, value }) > this.limit) this.leaveExact(this.points);
  }

  toSeries(): Pick<MetricSeries, 'isExact' | 'buckets' | 'marks'> {
    if (this.points) return toExact(this.points);
    const bins = [...this.bins].sort(([a], [b]) => a - b).map(([, bin]) => bin);
    return {
      isExact: false,
      buckets: bins.flatMap(({ bucket }) => bucket ?? []),
      marks: bins.flatMap(({ marks }) => [...marks.values()].sort((a, b) => a.x - b.x)),
    };
  }

  private leaveExact(points: readonly { readonly x: number; readonly value: number }[]): void {
    this.points = undefined;
    let [from, to] = [Infinity, -Infinity];
    for (const { x } of points) [from, to] = [Math.min(from, x), Math.max(to, x)];
    this.width = findWidth(from, to, this.limit);
    for (const { x, value } of points) this.put(x, value);
  }

  private put(x: number, value: number): void {
    const key = Math.floor(x / this.width);
    let bin = this.bins.get(key);
    if (!bin) this.bins.set(key, (bin = { bucket: undefined, marks: new Map() }));
    putInto(bin, x, value);
    while (this.bins.size > this.limit) this.widen();
  }

  private widen(): void {
    this.width *= 2;
    const bins = new Map<number, Bin>();
    for (const [key, bin] of [...this.bins].sort(([a], [b]) => a - b)) {
      const wide = Math.floor(key / 2);
      const known = bins.get(wide);
      if (known) join(known, bin);
      else bins.set(wide, bin);
    }
    this.bins = bins;
  }
}

function putInto(bin: Bin, x: number, value: number): void {
  if (!Number.isFinite(value)) {
    addMark(bin, { x, kind: toPlainNumber(value) as NonFinite, count: 1 });
    return;
  }
  const { bucket } = bin;
  if (!bucket) {
    bin.bucket = toBucket(x, value);
    return;
  }
  bucket.count++;
  if (value < bucket.min) [bucket.min, bucket.xOfMin] = [value, x];
  if (value > bucket.max) [bucket.max, bucket.xOfMax] = [value, x];
  if (x < bucket.from) [bucket.from, bucket.first] = [x, value];
  if (x >= bucket.to) [bucket.to, bucket.last] = [x, value];
}

function join(into: Bin, { bucket, marks }: Bin): void {
  if (bucket) into.bucket = into.bucket ? joinBuckets(into.bucket, bucket) : bucket;
  for (const mark of marks.values()) addMark(into, mark);
}

function addMark({ marks }: Bin, mark: SeriesMark): void {
  const known = marks.get(mark.kind);
  marks.set(mark.kind, known ? { ...known, count: known.count + mark.count } : mark);
}

export const toBucket = (x: number, value: number): SeriesBucket => ({
  ...{ from: x, to: x, count: 1, min: value, max: value },
  ...{ xOfMin: x, xOfMax: x, first: value, last: value },
});

export function joinBuckets(a: SeriesBucket, b: SeriesBucket): SeriesBucket {
  const [least, most] = [b.min < a.min ? b : a, b.max > a.max ? b : a];
  return {
    from: Math.min(a.from, b.from),
    to: Math.max(a.to, b.to),
    count: a.count + b.count,
    ...{ min: least.min, xOfMin: least.xOfMin, max: most.max, xOfMax: most.xOfMax },
    ...{ first: b.from < a.from ? b.first : a.first, last: b.to >= a.to ? b.last : a.last },
  };
}

function toExact(
  points: readonly { readonly x: number; readonly value: number }[],
): Pick<MetricSeries, 'isExact' | 'buckets' | 'marks'> {
  const buckets: SeriesBucket[] = [];
  const marks: SeriesMark[] = [];
  for (const { x, value } of [...points].sort((a, b) => a.x - b.x)) {
    const plain = toPlainNumber(value);
    if (typeof plain === 'string') marks.push({ x, kind: plain, count: 1 });
    else buckets.push(toBucket(x, plain));
  }
  return { isExact: true, buckets, marks };
}

/** One series that is asked for, while its values come in. */
export class SeriesBuilder {
  private readonly buckets: SeriesBuckets;
  private readonly summary = new Summary();
  private readonly join: AxisJoin | undefined;
  private unit: string | null = null;
  private withoutX = 0;

  /** `isPaired`: both metrics were stored equally often; see `by`. */
  constructor(
    private readonly name: SeriesName,
    private readonly request: SeriesRequest,
    isPaired: boolean,
  ) {
    this.buckets = new SeriesBuckets(request.buckets);
    if (request.by !== undefined) this.join = new AxisJoin(isPaired);
  }

  /** Values of the metric, and of the one whose values are x, in the order in which they were stored. */
  add(metric: string, stored: StoredValue): void {
    const { by, axis } = this.request;
    if (!this.join) {
      if (metric === this.name.name) this.take(stored, stored[axis]);
    } else {
      if (metric === by) for (const [found, x] of this.join.addX(stored)) this.take(found, x);
      if (metric === this.name.name) for (const [found, x] of this.join.addValue(stored)) this.take(found, x);
    }
  }

  toSeries(): MetricSeries {
    const { job, name, watcher = null } = this.name;
    const withoutX = this.withoutX + (this.join?.left ?? 0);
    const summary = this.summary.toSummary();
    return { job, name, watcher, unit: this.unit, ...this.buckets.toSeries(), summary, withoutX };
  }

  private take({ value, watcher, unit }: StoredValue, x: number): void {
    const { from, to } = this.request;
    if (this.name.watcher !== undefined && watcher !== this.name.watcher) return;
    if (!Number.isFinite(x)) this.withoutX++;
    else if (x >= (from ?? -Infinity) && x <= (to ?? Infinity)) {
      this.unit = unit;
      this.summary.add(x, value);
      this.buckets.add(x, value);
    }
  }
}

type Joined = readonly (readonly [value: StoredValue, x: number])[];

/** Finds the x of each value among the values of another metric. */
class AxisJoin {
  private held = NaN;
  /** Of a pair, what came first and waits for the other one, by step. */
  private readonly values = new Map<number, StoredValue>();
  private readonly xs = new Map<number, number>();

  constructor(private readonly isPaired: boolean) {}

  addX({ step, value }: StoredValue): Joined {
    this.held = value;
    if (!this.isPaired) return [];
    const waiting = this.values.get(step);
    if (!waiting) this.xs.set(step, value);
    else this.values.delete(step);
    return waiting ? [[waiting, value]] : [];
  }

  addValue(stored: StoredValue): Joined {
    if (!this.isPaired) return [[stored, this.held]];
    const x = this.xs.get(stored.step);
    if (x === undefined) this.values.set(stored.step, stored);
    else this.xs.delete(stored.step);
    return x === undefined ? [] : [[stored, x]];
  }

  /** Values whose x has not come. */
  get left(): number {
    return this.values.size;
  }
}

/** One metric of a job for a list, while its values come in, in the order in which they were stored. */
export class NameBuilder {
  private readonly summary = new Summary();
  private readonly watchers = new Map<WatcherId, string>();
  private recent: PlainNumber[] = [];
  private last: StoredValue | undefined;
  /** Id of its first value. */
  first = Infinity;

  constructor(
    private readonly job: JobKey,
    private readonly name: string,
    private readonly count: number,
  ) {}

  add(stored: StoredValue): void {
    const { id, step, value, watcher, watcherName } = stored;
    this.first = Math.min(this.first, id);
    this.last = stored;
    this.summary.add(step, value);
    this.watchers.set(watcher, watcherName);
    this.recent.push(toPlainNumber(value));
    if (this.recent.length > 2 * this.count) this.recent = this.takeRecent();
  }

  /** Undefined if it has no value. */
  toName(): MetricName | undefined {
    if (!this.last) return undefined;
    const { unit, time } = this.last;
    return {
      ...{ job: this.job, name: this.name },
      watchers: [...this.watchers].map(([id, name]) => ({ id, name })),
      ...{ unit, summary: this.summary.toSummary(), time, recent: this.takeRecent() },
    };
  }

  private takeRecent(): PlainNumber[] {
    return this.recent.slice(Math.max(0, this.recent.length - this.count));
  }
}

/** In the order in which the names were stored first. */
export const toNames = (builders: readonly NameBuilder[]): readonly MetricName[] =>
  [...builders].sort((a, b) => a.first - b.first).flatMap((builder) => builder.toName() ?? []);
