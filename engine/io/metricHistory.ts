// Series and names of metrics, from the main store and from archives: one pass over the values, of which few are kept.
import {
  NameBuilder,
  SeriesBuilder,
  toNames,
  type MetricName,
  type MetricNamesRequest,
  type MetricSeries,
  type SeriesRequest,
} from '../metricSeries';
import type { History } from './history';

const everything = { by: 'step', from: -Infinity, to: Infinity } as const;

type MetricHistory = Pick<History, 'countSteps' | 'metricNames' | 'scanMetrics'>;

export async function findMetricSeries(
  history: MetricHistory,
  request: SeriesRequest,
): Promise<readonly MetricSeries[]> {
  const { series, by } = request;
  const builders = series.map((wanted) => {
    const { job, name } = wanted;
    const isPaired = by !== undefined && history.countSteps(job, by) === history.countSteps(job, name);
    return new SeriesBuilder(wanted, request, isPaired);
  });
  // The other metric's values outside of the range may be needed to find it.
  const range = {
    by: request.axis,
    from: by === undefined ? (request.from ?? -Infinity) : -Infinity,
    to: by === undefined ? (request.to ?? Infinity) : Infinity,
  };
  const scans = series.map(({ job, name }) => ({
    ...{ job, range },
    names: by === undefined || by === name ? [name] : [name, by],
  }));
  await history.scanMetrics(scans, (scan, name, stored) => {
    builders[scan]?.add(name, stored);
  });
  return builders.map((builder) => builder.toSeries());
}

export async function findMetricNames(
  history: MetricHistory,
  { jobs, recent }: MetricNamesRequest,
): Promise<readonly MetricName[]> {
  const builders = jobs.map(
    (job) => new Map(history.metricNames(job).map((name) => [name, new NameBuilder(job, name, recent)])),
  );
  const scans = jobs.map((job, index) => ({
    job,
    names: [...(builders[index]?.keys() ?? [])],
    range: everything,
  }));
  await history.scanMetrics(scans, (scan, name, stored) => {
    builders[scan]?.get(name)?.add(stored);
  });
  return builders.flatMap((ofJob) => toNames([...ofJob.values()]));
}
