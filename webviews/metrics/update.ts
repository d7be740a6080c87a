// What happens to the page of metrics, and what becomes of its state then.
import type { MetricName, MetricSeries } from '../../engine/metricSeries';
import { isLiveAxis, isSameAxis } from './axis';
import type {
  AxisChoice,
  ChartSeries,
  EventFacts,
  JobFacts,
  Layout,
  NewValues,
  Scale,
  ViewRange,
} from './protocol';
import { keepInside } from './ranges';
import { moveSeries, takeNews, type SeriesData } from './seriesData';
import { addSeries, findWhole, isSameSeries, keyOf, type State, type Trouble } from './state';

export type Happening =
  | {
      readonly kind: 'begun';
      readonly added: readonly ChartSeries[];
      readonly jobs: readonly JobFacts[];
      readonly names: readonly MetricName[];
    }
  | { readonly kind: 'added'; readonly series: readonly ChartSeries[] }
  | { readonly kind: 'removed'; readonly series: ChartSeries }
  | { readonly kind: 'toggled'; readonly series: ChartSeries }
  | { readonly kind: 'jobs'; readonly jobs: readonly JobFacts[] }
  | { readonly kind: 'names'; readonly names: readonly MetricName[] }
  | { readonly kind: 'events'; readonly events: readonly EventFacts[]; readonly isAll: boolean }
  | { readonly kind: 'stored'; readonly news: readonly NewValues[] }
  | Answered
  | { readonly kind: 'refused'; readonly trouble: Trouble }
  | { readonly kind: 'retry' }
  | { readonly kind: 'engine'; readonly isThere: boolean; readonly words: string }
  | { readonly kind: 'axis'; readonly axis: AxisChoice }
  | { readonly kind: 'scale'; readonly scale: Scale }
  | { readonly kind: 'layout'; readonly layout: Layout }
  | { readonly kind: 'smoothing'; readonly weight: number }
  | { readonly kind: 'range'; readonly range: ViewRange | null; readonly said?: string }
  | { readonly kind: 'cursor'; readonly x: number | null; readonly said?: string }
  | { readonly kind: 'table'; readonly isShown: boolean }
  | { readonly kind: 'said'; readonly words: string }
  | { readonly kind: 'room'; readonly pixels: number }
  | { readonly kind: 'theme' };

export interface Answered {
  readonly kind: 'answered';
  readonly generation: number;
  readonly axis: AxisChoice;
  /** null: the answer is all there is. */
  readonly range: ViewRange | null;
  /** As the chart's x has it. */
  readonly series: readonly MetricSeries[];
}

/** Lines that are shown at first if none was named. */
const firstLines = 6;
/** Newest events alone: more are no help to the eye. */
const keptEvents = 500;

export function update(state: State, happening: Happening): State {
  switch (happening.kind) {
    case 'begun':
      return begin(state, happening);
    case 'added':
      return { ...state, series: addSeries(state.series, happening.series) };
    case 'removed':
      return remove(state, happening.series);
    case 'toggled':
      return { ...state, series: toggle(state.series, happening.series) };
    case 'jobs':
      return takeJobs(state, happening.jobs);
    case 'names':
      return takeNames(state, happening.names);
    case 'events':
      return { ...state, events: takeEvents(happening.isAll ? [] : state.events, happening.events) };
    case 'stored':
      return takeStored(state, happening.news);
    case 'answered':
      return takeAnswer(state, happening);
    case 'refused':
      return { ...state, trouble: happening.trouble };
    case 'retry':
      return { ...state, trouble: null, generation: state.generation + 1 };
    case 'engine':
      return takeEngine(state, happening);
    case 'axis':
      return changeAxis(state, happening.axis);
    case 'scale':
      return { ...state, scale: happening.scale };
    case 'layout':
      return { ...state, layout: happening.layout };
    case 'smoothing':
      return { ...state, smoothing: happening.weight };
    case 'range':
      return { ...state, range: happening.range, said: happening.said ?? state.said };
    case 'cursor':
      return happening.x === state.cursor && happening.said === undefined
        ? state
        : { ...state, cursor: happening.x, said: happening.said ?? state.said };
    case 'table':
      return { ...state, showsTable: happening.isShown };
    case 'said':
      return { ...state, said: happening.words };
    case 'room':
      return happening.pixels === state.room ? state : { ...state, room: happening.pixels };
    case 'theme':
      return { ...state, theme: state.theme + 1 };
  }
}

/** The jobs of the chart's own, and the first lines if none was named. */
function begin(state: State, { added, jobs, names }: Extract<Happening, { kind: 'begun' }>): State {
  const first = state.isBegun || state.series.length > 0 ? [] : names.filter(({ job }) => job === state.job);
  const series = addSeries(state.series, [...added, ...(added.length > 0 ? [] : first.slice(0, firstLines))]);
  return { ...takeJobs(state, jobs), names, series, isBegun: true };
}

function remove(state: State, gone: ChartSeries): State {
  const data = new Map(state.data);
  data.delete(keyOf(gone));
  return { ...state, series: state.series.filter((one) => !isSameSeries(one, gone)), data };
}

const toggle = (series: State['series'], toggled: ChartSeries): State['series'] =>
  series.map((one) => (isSameSeries(one, toggled) ? { ...one, isHidden: !one.isHidden } : one));

/** What a chart without lines has waited for is shown. */
function takeNames(state: State, names: readonly MetricName[]): State {
  const fresh = names.filter(
    (one) => one.job === state.job && !state.names.some((known) => isSameSeries(known, one)),
  );
  const series = state.series.length > 0 ? state.series : addSeries([], fresh.slice(0, firstLines));
  return { ...state, names, series, hasNewNames: false };
}

/** A job that has begun meanwhile counts its time anew: what was answered before has other x. */
function takeJobs(state: State, news: readonly JobFacts[]): State {
  const jobs = new Map(state.jobs);
  const moved = new Set<string>();
  for (const job of news) {
    const known = jobs.get(job.key);
    if (known && known.start !== job.start) moved.add(job.key);
    jobs.set(job.key, job);
  }
  if (moved.size === 0 || state.axis.kind !== 'elapsed') return { ...state, jobs };
  const data = [...state.data].filter(([, { overview }]) => !moved.has(overview.job));
  return { ...state, jobs, data: new Map(data) };
}

function takeEvents(known: readonly EventFacts[], news: readonly EventFacts[]): readonly EventFacts[] {
  const ids = new Set(known.map(({ id }) => id));
  const fresh = news.filter(({ id }) => !ids.has(id));
  return fresh.length === 0 ? known : [...known, ...fresh].slice(-keptEvents);
}

function takeStored(state: State, news: readonly NewValues[]): State {
  const data = new Map(state.data);
  for (const values of news) {
    const known = data.get(keyOf(values));
    if (known) data.set(keyOf(values), takeValues(state, known, values));
  }
  const hasNewNames = news.some((values) => !state.names.some((known) => isSameSeries(known, values)));
  return { ...state, data, hasNewNames: state.hasNewNames || hasNewNames };
}

function takeValues({ axis, jobs, room }: State, known: SeriesData, news: NewValues): SeriesData {
  if (!isLiveAxis(axis)) return { ...known, isStale: true };
  const { steps, times, values, unit } = news;
  const start = axis.kind === 'elapsed' ? (jobs.get(news.job)?.start ?? 0) : 0;
  const xs = axis.kind === 'step' ? steps : times.map((time) => time - start);
  return takeNews(
    known,
    { unit, steps, values: values.map((value, index) => [xs[index] ?? 0, value]) },
    room,
  );
}

function takeAnswer(state: State, { generation, axis, range, series }: Answered): State {
  if (generation !== state.generation || !isSameAxis(axis, state.axis)) return state;
  const data = new Map(state.data);
  for (const answer of series) {
    const key = keyOf(answer);
    const known = data.get(key);
    if (range !== null) {
      if (known) data.set(key, { ...known, detail: { range, series: answer, isOld: false } });
    } else {
      const detail = known?.detail ? { ...known.detail, isOld: true } : null;
      data.set(key, { generation, isStale: false, overview: answer, detail });
    }
  }
  const next = { ...state, data, trouble: null };
  return range === null ? withRangeInside(next) : next;
}

/** A range that was kept, of values that are no longer there, would show nothing. */
function withRangeInside(state: State): State {
  const whole = findWhole(state);
  if (!state.range || !whole) return state;
  const { from, to } = state.range;
  return to < whole.from || from > whole.to ? { ...state, range: keepInside(state.range, whole) } : state;
}

function takeEngine(
  state: State,
  { isThere, words }: { readonly isThere: boolean; readonly words: string },
): State {
  return {
    ...state,
    engine: { isThere, words },
    ...(isThere ? { generation: state.generation + 1, trouble: null } : {}),
  };
}

function changeAxis(state: State, axis: AxisChoice): State {
  return isSameAxis(axis, state.axis)
    ? state
    : { ...state, axis, range: null, cursor: null, data: new Map() };
}

/** x of an answer as the chart has it: elapsed time is each job's own. */
export const toChartX = (
  { axis, jobs }: Pick<State, 'axis' | 'jobs'>,
  series: readonly MetricSeries[],
): readonly MetricSeries[] =>
  axis.kind === 'elapsed' ? series.map((one) => moveSeries(one, -(jobs.get(one.job)?.start ?? 0))) : series;
