// What new values add to what is known of a metric.
import { toPlainNumber, type MetricName, type PlainNumber, type SeriesSummary } from './metricSeries';
import type { Metric } from './model';

/** Values in the order in which they were stored. */
export function addToSummary(
  known: SeriesSummary,
  values: Iterable<readonly [x: number, value: PlainNumber]>,
): SeriesSummary {
  let { count, min, max, mean, last } = known;
  const notFinite = { ...known.notFinite };
  let finite = count - notFinite.nan - notFinite.inf - notFinite['-inf'];
  for (const [x, value] of values) {
    count++;
    last = { x, value };
    if (typeof value === 'string') {
      notFinite[value]++;
      continue;
    }
    finite++;
    const before = mean ?? 0;
    mean = before + (value / finite - before / finite);
    min = min === null ? value : Math.min(min, value);
    max = max === null ? value : Math.max(max, value);
  }
  return { count, min, max, mean, notFinite, last };
}

/** Whether nothing is missing between what is known and the value; `known` if it was counted before. */
export const findPlace = (count: number, step: number): 'next' | 'known' | 'gap' =>
  step < count ? 'known' : step === count ? 'next' : 'gap';

/** A metric with news of its own, in the order in which they were stored; undefined if values in between are missing. */
export function addToName(
  known: MetricName,
  news: readonly Metric[],
  recentCount: number,
): MetricName | undefined {
  let count = known.summary.count;
  const fresh: Metric[] = [];
  for (const metric of news) {
    const place = findPlace(count, metric.step);
    if (place === 'gap') return undefined;
    if (place === 'known') continue;
    fresh.push(metric);
    count++;
  }
  const last = fresh.at(-1);
  if (!last) return known;
  const strangers = new Map(
    fresh
      .filter(({ watcherId }) => known.watchers.every(({ id }) => id !== watcherId))
      .map(({ watcherId, watcher }) => [watcherId, { id: watcherId, name: watcher }]),
  );
  return {
    ...known,
    watchers: [...known.watchers, ...strangers.values()],
    unit: last.unit,
    time: last.time,
    summary: addToSummary(
      known.summary,
      fresh.map(({ step, value }) => [step, toPlainNumber(value)]),
    ),
    recent: [...known.recent, ...fresh.map(({ value }) => toPlainNumber(value))].slice(-recentCount),
  };
}

/** A metric that nothing was known of, from its first values on; undefined if those before are missing. */
export function beginName(news: readonly Metric[], recentCount: number): MetricName | undefined {
  const [first] = news;
  if (!first) return undefined;
  const { job, name, unit, time } = first;
  const summary: SeriesSummary = {
    ...{ count: 0, min: null, max: null, mean: null, last: null },
    notFinite: { nan: 0, inf: 0, '-inf': 0 },
  };
  return addToName({ job, name, watchers: [], unit, summary, time, recent: [] }, news, recentCount);
}
