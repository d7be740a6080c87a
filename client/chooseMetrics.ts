// Which metrics a command is about: the rows of a tree, or what the person picks from a list.
import { QuickPickItemKind, type QuickPickItem } from 'vscode';
import { WatchError } from '../engine/errors';
import type { MetricName } from '../engine/metricSeries';
import { describeMetric } from '../engine/metricWords';
import type { Job, JobKey } from '../engine/model';
import { describeJob, nameJob } from '../engine/words';
import type { ChartSeries } from '../webviews/metrics/protocol';
import type { App } from './app';
import { findJobKey, selectedNodes } from './choose';
import type { CommandArguments } from './commandArguments';
import { pickMany, pickOne } from './show/inputs';

type Parts = Pick<App, 'engine' | 'metricsTree' | 'eventsTree'>;

/** What a chart is opened with: of a job, without any lines: all that it has. */
export interface ChartChoice {
  readonly job: JobKey;
  readonly title: string;
  readonly series: readonly ChartSeries[];
}

const nothingThere = (): WatchError =>
  new WatchError(
    'not-found',
    'No job has stored a metric yet.',
    'A watcher keeps numbers of a job with the action store_metric.',
  );

/** Undefined where the person changed their mind. */
export async function chooseChart(app: Parts, given: CommandArguments): Promise<ChartChoice | undefined> {
  const nodes = selectedNodes(given);
  if (nodes.length === 0) return pickChart(app);
  const keys = nodes.flatMap((node) => findJobKey(app, node) ?? []);
  const [job] = keys;
  if (job === undefined) throw nothingThere();
  const series = nodes.flatMap((node): readonly ChartSeries[] => {
    if (node.kind === 'metric') return [{ job: node.job, name: node.name }];
    return node.kind === 'watcher' ? findOfWatcher(app, node.watcher) : [];
  });
  // Several jobs are compared in all that they have.
  const others = new Set(keys).size > 1 && series.length === 0 ? await findAll(app, keys) : [];
  return { job, title: nameOf(app, job), series: [...series, ...others] };
}

/** Metrics that rows name: a job stands for all of its own. */
export async function findNamed(app: Parts, given: CommandArguments): Promise<readonly ChartSeries[]> {
  await app.metricsTree.book.fill();
  return selectedNodes(given).flatMap((node) => {
    if (node.kind === 'metric') return [{ job: node.job, name: node.name }];
    const job = findJobKey(app, node);
    return job === undefined ? [] : namesOf(app, job).map(({ name }) => ({ job, name }));
  });
}

interface MetricItem extends QuickPickItem {
  readonly series?: ChartSeries;
}

/** More lines for a chart; `first`: the job whose metrics come first, and of others those that are called alike. */
export async function pickMetrics(
  app: Parts,
  {
    shown,
    first,
    title,
  }: { readonly shown: readonly ChartSeries[]; readonly first: JobKey; readonly title: string },
): Promise<readonly ChartSeries[]> {
  const items = (await findJobs(app)).sort(putFirst(first)).flatMap((job): MetricItem[] => {
    const names = namesOf(app, job.key).filter(
      ({ name }) => !shown.some((one) => one.job === job.key && one.name === name),
    );
    const alike = names.filter(({ name }) => shown.some((one) => one.name === name));
    const rest = names.filter((name) => !alike.includes(name));
    return names.length === 0
      ? []
      : [
          { label: nameJob(job), kind: QuickPickItemKind.Separator },
          ...[...alike, ...rest].map((name) => toItem(name, job)),
        ];
  });
  if (items.length === 0)
    throw new WatchError(
      'not-found',
      'All metrics are shown already.',
      'Others appear when jobs store them.',
    );
  const picked = await pickMany(items, { title, matchOnDescription: true, matchOnDetail: true });
  return picked?.flatMap(({ series }) => series ?? []) ?? [];
}

const toItem = (metric: MetricName, job: Job): MetricItem => ({
  label: metric.name,
  description: describeMetric(metric),
  detail: nameJob(job),
  series: { job: job.key, name: metric.name },
});

const putFirst =
  (first: JobKey) =>
  (a: Job, b: Job): number =>
    Number(b.key === first) - Number(a.key === first) || b.submitted - a.submitted;

async function pickChart(app: Parts): Promise<ChartChoice | undefined> {
  const items = (await findJobs(app))
    .sort((a, b) => b.submitted - a.submitted)
    .map((job) => ({
      label: job.name,
      description: describeJob(job, Date.now()),
      detail: namesOf(app, job.key)
        .map(({ name }) => name)
        .join(', '),
      job,
    }));
  if (items.length === 0) throw nothingThere();
  const picked = await pickOne(items, {
    title: 'Show Metrics',
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked && { job: picked.job.key, title: nameJob(picked.job), series: [] };
}

async function findJobs(app: Parts): Promise<Job[]> {
  const jobs = await app.engine.request('engine/jobs', {});
  await app.metricsTree.book.fill();
  return jobs.filter(({ key }) => namesOf(app, key).length > 0);
}

const namesOf = ({ metricsTree }: Parts, job: JobKey): readonly MetricName[] => [
  ...(metricsTree.book.names.get(job)?.values() ?? []),
];

async function findAll(app: Parts, jobs: readonly JobKey[]): Promise<readonly ChartSeries[]> {
  await app.metricsTree.book.fill();
  return jobs.flatMap((job) => namesOf(app, job).map(({ name }) => ({ job, name })));
}

/** What a watcher stores stands in its definition, also before it has. */
function findOfWatcher(app: Parts, id: string): readonly ChartSeries[] {
  const watcher = app.engine.mirror.findWatcher(id);
  if (!watcher) return [];
  const names = watcher.definition.actions.flatMap(({ type, params }) =>
    type === 'store_metric' && typeof params['name'] === 'string' ? [params['name']] : [],
  );
  return names.filter((name) => !name.includes('$')).map((name) => ({ job: watcher.job, name }));
}

export function nameOf({ engine }: Pick<Parts, 'engine'>, key: JobKey): string {
  const job = engine.mirror.findJob(key);
  return job ? nameJob(job) : key;
}
