// The nodes of the tree of metrics: jobs that have some, the newest first, and their metrics; which of them look otherwise than before.
import type { MetricName } from '../../engine/metricSeries';
import { describeMetric } from '../../engine/metricWords';
import type { Job, JobKey, Time } from '../../engine/model';
import { describeJob } from '../../engine/words';
import { toJobNode, toMetricNode, type JobNode, type MetricNode } from './nodes';
import { StableNodes } from './stableNodes';

export type MetricsNode = JobNode | MetricNode;

export interface Listed {
  readonly findJob: (key: JobKey) => Job | undefined;
  /** Of each job that has any, in the order in which they were stored first. */
  readonly names: () => ReadonlyMap<JobKey, ReadonlyMap<string, MetricName>>;
}

export class MetricNodes {
  readonly #nodes = new StableNodes<MetricsNode>({
    childrenOf: (node) => this.childrenOf(node),
    describe: (node, now) => this.#describe(node, now),
  });

  constructor(private readonly listed: Listed) {}

  childrenOf(node: MetricsNode | undefined): MetricsNode[] {
    if (!node) return this.#jobs().map(({ key }) => this.#nodes.keep(toJobNode(key)));
    if (node.kind === 'metric') return [];
    const names = this.listed.names().get(node.job)?.keys() ?? [];
    return [...names].map((name) => this.#nodes.keep(toMetricNode(node.job, name)));
  }

  parentOf(node: MetricsNode): JobNode | undefined {
    return node.kind === 'metric' ? this.#nodes.keep(toJobNode(node.job)) : undefined;
  }

  find({ job, name }: Pick<MetricNode, 'job' | 'name'>): MetricName | undefined {
    return this.listed.names().get(job)?.get(name);
  }

  /** What is to be drawn again since this was asked last; `all` if jobs have come, gone or changed their places. */
  findChanged(now: Time): MetricsNode[] | 'all' {
    return this.#nodes.findChanged(undefined, now);
  }

  #jobs(): readonly Job[] {
    const jobs = [...this.listed.names()].flatMap(([key, names]) =>
      names.size === 0 ? [] : (this.listed.findJob(key) ?? []),
    );
    return jobs.sort((a, b) => b.submitted - a.submitted);
  }

  #describe(node: MetricsNode, now: Time): string {
    if (node.kind === 'metric') {
      const metric = this.find(node);
      return metric ? describeMetric(metric) : '';
    }
    const job = this.listed.findJob(node.job);
    return job ? `${job.name}\n${describeJob(job, now)}` : '';
  }
}
