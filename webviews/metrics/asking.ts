// Which values are to be asked for, so that the chart shows what it should: pure, from the state alone.
import type { AxisChoice, ChartSeries, SeriesAsk, ViewRange } from './protocol';
import { keyOf, visibleSeries, type State } from './state';

/** One question of the chart: of elapsed time, one for each job, whose clocks differ. */
export interface Question {
  readonly generation: number;
  readonly axis: AxisChoice;
  readonly range: ViewRange | null;
  readonly asks: readonly SeriesAsk[];
}

/** Values in all lines together that a chart draws without a pause. */
const roomForAll = 20_000;

/** Columns for each line. */
export const bucketsOf = ({ room, series }: Pick<State, 'room' | 'series'>): number =>
  Math.max(50, Math.min(Math.ceil(room), Math.floor(roomForAll / Math.max(1, series.length))));

/** What is not known yet, or no longer right, in the order in which it is wanted; undefined if there is nothing to ask. */
export function findQuestion(state: State): Question | undefined {
  if (!state.isBegun || !state.engine.isThere || state.trouble) return undefined;
  const { data, generation, range } = state;
  const unknown = state.series.filter(
    (one) => state.jobs.has(one.job) && data.get(keyOf(one))?.generation !== generation,
  );
  if (unknown.length > 0) return toQuestion(state, unknown, null);
  if (range) {
    const coarse = visibleSeries(state).filter((one) => {
      const known = data.get(keyOf(one));
      const detail = known?.detail;
      if (!known) return false;
      return detail?.isOld !== false || detail.range.from !== range.from || detail.range.to !== range.to;
    });
    if (coarse.length > 0) return toQuestion(state, coarse, range);
  }
  return undefined;
}

/** News that could not be put in; it can wait a moment. */
export function findStaleQuestion(state: State): Question | undefined {
  if (!state.isBegun || !state.engine.isThere || state.trouble) return undefined;
  const stale = state.series.filter((one) => state.data.get(keyOf(one))?.isStale);
  return stale.length > 0 ? toQuestion(state, stale, null) : undefined;
}

function toQuestion(state: State, series: readonly ChartSeries[], range: ViewRange | null): Question {
  const { axis, generation, jobs } = state;
  const all = series.map(({ job, name }) => ({ job, name }));
  const common = {
    axis: axis.kind === 'step' ? ('step' as const) : ('time' as const),
    ...(axis.kind === 'metric' ? { by: axis.name } : {}),
    buckets: bucketsOf(state),
  };
  const ask = (own: readonly ChartSeries[], start: number): SeriesAsk => ({
    ...common,
    series: own,
    ...(range ? { from: range.from + start, to: range.to + start } : { from: null, to: null }),
  });
  const asks =
    range && axis.kind === 'elapsed'
      ? [...new Set(all.map(({ job }) => job))].map((job) =>
          ask(
            all.filter((one) => one.job === job),
            jobs.get(job)?.start ?? 0,
          ),
        )
      : [ask(all, 0)];
  return { generation, axis, range, asks };
}
