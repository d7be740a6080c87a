// What the page of metrics knows, and what of it is kept.
import type { MetricName, SeriesSummary } from '../../engine/metricSeries';
import type { JobKey } from '../../engine/model';
import { findSlot } from './colours';
import { findExtent } from './ranges';
import type {
  AxisChoice,
  ChartSeries,
  EventFacts,
  JobFacts,
  KeptChart,
  KeptSeries,
  Layout,
  Scale,
  ViewRange,
} from './protocol';
import { layouts, scales } from './protocol';
import { toShown, type SeriesData, type Shown } from './seriesData';

export interface Trouble {
  readonly message: string;
  readonly remedy: string;
}

export interface State extends KeptChart {
  /** The job whose chart it is. */
  readonly job: JobKey;
  readonly jobs: ReadonlyMap<JobKey, JobFacts>;
  /** Metrics of the jobs that are shown. */
  readonly names: readonly MetricName[];
  /** Jobs have stored a metric that is not among the names. */
  readonly hasNewNames: boolean;
  /** Whether it is known what the jobs have. */
  readonly isBegun: boolean;
  readonly data: ReadonlyMap<string, SeriesData>;
  /** Rises when all is to be asked anew; what was answered before is shown until the new answer is there. */
  readonly generation: number;
  readonly trouble: Trouble | null;
  readonly engine: { readonly isThere: boolean; readonly words: string };
  readonly events: readonly EventFacts[];
  /** The x that the pointer or the keys are at. */
  readonly cursor: number | null;
  /** What was done a moment ago, for screen readers. */
  readonly said: string;
  /** How many columns the chart has, in pixels. */
  readonly room: number;
  /** Rises when the theme changes. */
  readonly theme: number;
}

export const keyOf = ({ job, name }: ChartSeries): string => `${job}\n${name}`;

export const isSameSeries = (a: ChartSeries, b: ChartSeries): boolean => a.job === b.job && a.name === b.name;

/** With more lines at the end, each with a colour that none has; those that are shown already stay as they are. */
export function addSeries(
  known: readonly KeptSeries[],
  added: readonly ChartSeries[],
): readonly KeptSeries[] {
  return added.reduce<readonly KeptSeries[]>(
    (all, { job, name }) =>
      all.some((one) => isSameSeries(one, { job, name }))
        ? all
        : [...all, { job, name, slot: findSlot(all.map(({ slot }) => slot)), isHidden: false }],
    known,
  );
}

const emptyChart: KeptChart = {
  ...{ series: [], axis: { kind: 'elapsed' }, scale: 'linear', layout: 'auto' },
  ...{ smoothing: 0, range: null, showsTable: false },
};

export const toFirstState = (
  job: JobKey,
  kept: KeptChart | undefined,
  series: readonly ChartSeries[],
): State => ({
  ...(kept ?? { ...emptyChart, series: addSeries([], series) }),
  ...{
    job,
    jobs: new Map(),
    names: [],
    hasNewNames: false,
    isBegun: false,
    data: new Map(),
    generation: 1,
    trouble: null,
  },
  engine: { isThere: true, words: '' },
  ...{ events: [], cursor: null, said: '', room: 800, theme: 1 },
});

export const toKept = ({ series, axis, scale, layout, smoothing, range, showsTable }: State): KeptChart => ({
  ...{ series, axis, scale, layout, smoothing, range, showsTable },
});

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const isText = (value: unknown): value is string => typeof value === 'string';

const readOne = <Word extends string>(value: unknown, words: readonly Word[]): Word | undefined =>
  words.find((word) => word === value);

function readSeries(value: unknown): readonly KeptSeries[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: unknown) => {
    if (!isRecord(one)) return [];
    const { job, name, slot, isHidden } = one;
    return isText(job) && isText(name)
      ? [{ job, name, slot: typeof slot === 'number' ? slot : 0, isHidden: isHidden === true }]
      : [];
  });
}

function readAxis(value: unknown): AxisChoice {
  if (!isRecord(value)) return emptyChart.axis;
  const { kind, name } = value;
  if (kind === 'metric') return isText(name) ? { kind, name } : emptyChart.axis;
  return { kind: readOne(kind, ['elapsed', 'clock', 'step']) ?? 'elapsed' };
}

function readRange(value: unknown): ViewRange | null {
  if (!isRecord(value)) return null;
  const { from, to } = value;
  return typeof from === 'number' && typeof to === 'number' && from < to ? { from, to } : null;
}

/** What another version has kept may have another shape: what cannot be read is as at first. Undefined if nothing was kept. */
export function readKept(value: unknown): KeptChart | undefined {
  if (!isRecord(value)) return undefined;
  const { smoothing } = value;
  return {
    series: readSeries(value['series']),
    axis: readAxis(value['axis']),
    scale: readOne<Scale>(value['scale'], scales) ?? 'linear',
    layout: readOne<Layout>(value['layout'], layouts) ?? 'auto',
    smoothing: typeof smoothing === 'number' && smoothing > 0 ? Math.min(smoothing, 0.99) : 0,
    range: readRange(value['range']),
    showsTable: value['showsTable'] === true,
  };
}

const shownOf = new WeakMap<SeriesData, Shown>();
const nothing: Shown = { x: [], y: [], min: [], max: [], marks: [] };

/** What there is of a line to draw; made once of the same data. */
export function findShown({ data }: Pick<State, 'data'>, series: ChartSeries): Shown {
  const known = data.get(keyOf(series));
  if (!known) return nothing;
  const shown = shownOf.get(known) ?? toShown(known);
  shownOf.set(known, shown);
  return shown;
}

export const visibleSeries = ({ series }: Pick<State, 'series'>): readonly KeptSeries[] =>
  series.filter(({ isHidden }) => !isHidden);

/** All x of the lines that are not hidden. */
export const findWhole = (state: Pick<State, 'data' | 'series'>): ViewRange | undefined =>
  findExtent(visibleSeries(state).map((series) => findShown(state, series)));

export const isApart = ({ layout, series }: Pick<State, 'layout' | 'series'>): boolean =>
  layout === 'auto' ? new Set(series.map(({ name }) => name)).size > 1 : layout === 'apart';

/** Of what is in sight, as far as its answer is there. */
export function findSummary(
  { data, range }: Pick<State, 'data' | 'range'>,
  series: ChartSeries,
): SeriesSummary | undefined {
  const known = data.get(keyOf(series));
  const detail = range && known?.detail;
  if (detail && detail.range.from === range.from && detail.range.to === range.to)
    return detail.series.summary;
  return known?.overview.summary;
}

export const findUnit = ({ data }: Pick<State, 'data'>, series: ChartSeries): string | null =>
  data.get(keyOf(series))?.overview.unit ?? null;

/** The metric that all lines are of; undefined if they are of several. */
export function findOnlyName(series: readonly ChartSeries[]): string | undefined {
  const [first] = series;
  return series.every(({ name }) => name === first?.name) ? first?.name : undefined;
}

/** Lines are called by what tells them apart: their metric, their job, or both. */
export function nameSeries(
  { series, jobs }: Pick<State, 'series' | 'jobs'>,
  { job, name }: ChartSeries,
): string {
  if (series.every((one) => one.job === job)) return name;
  const title = jobs.get(job)?.title ?? job;
  return findOnlyName(series) === undefined ? `${name} · ${title}` : title;
}
