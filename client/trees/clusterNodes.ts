// The nodes of the tree of clusters: which there are, in which order, and what stands below each.
import type { ClusterStatus, Time } from '../../engine/model';
import type { ClusterJob, JobReport } from '../../engine/protocol';
import { toJobEndState } from '../../language/jobStates';
import { describeReport } from '../clusterWords';
import { isRunning } from '../jobLook';
import type { ClusterJobNode, ClusterNode, JobGroupNode, NoteNode } from './nodes';
import { StableNodes } from './stableNodes';

export type ClustersNode = ClusterNode | JobGroupNode | ClusterJobNode | NoteNode;

/** In the order in which they are shown. */
export const jobGroups = ['running', 'pending', 'ended'] as const;
export type JobGroup = (typeof jobGroups)[number];

/** undefined: not asked for yet. */
export interface ClusterContent {
  readonly jobs: readonly ClusterJob[] | undefined;
  /** Why the last question failed, for people. */
  readonly trouble: string | undefined;
}

const nothing: ClusterContent = { jobs: undefined, trouble: undefined };

export class ClusterNodes {
  #statuses: readonly ClusterStatus[] = [];
  readonly #contents = new Map<string, ClusterContent>();
  readonly #nodes = new StableNodes<ClustersNode>({
    childrenOf: (node) => this.childrenOf(node),
    describe: (node, now) => this.#describe(node, now),
  });

  get statuses(): readonly ClusterStatus[] {
    return this.#statuses;
  }

  setStatuses(statuses: readonly ClusterStatus[]): void {
    this.#statuses = statuses;
  }

  /** News of clusters; one that is not listed is gone, or was named without being configured. */
  update(statuses: readonly ClusterStatus[]): void {
    const news = new Map(statuses.map((status) => [status.name, status]));
    const known = this.#statuses.map((status) => {
      const next = news.get(status.name);
      news.delete(status.name);
      return next ? { ...next, kind: status.kind } : status;
    });
    this.#statuses = [...known, ...news.values()];
  }

  setContent(cluster: string, content: ClusterContent): void {
    this.#contents.set(cluster, content);
  }

  contentOf(cluster: string): ClusterContent {
    return this.#contents.get(cluster) ?? nothing;
  }

  findStatus(cluster: string): ClusterStatus | undefined {
    return this.#statuses.find(({ name }) => name === cluster);
  }

  findJob(cluster: string, id: string): ClusterJob | undefined {
    return this.contentOf(cluster).jobs?.find(({ report }) => report.id === id);
  }

  ofCluster(cluster: string): ClustersNode {
    return this.#nodes.keep({ kind: 'cluster', cluster });
  }

  childrenOf(node: ClustersNode | undefined): ClustersNode[] {
    if (!node) return this.#statuses.map(({ name }) => this.ofCluster(name));
    const { cluster } = node;
    switch (node.kind) {
      case 'cluster':
        return this.#belowCluster(cluster);
      case 'jobGroup':
        return this.jobsOf(cluster, node.group).map(({ report }) =>
          this.#nodes.keep({ kind: 'clusterJob', cluster, job: report.id }),
        );
      case 'clusterJob':
        return this.tasksOf(cluster, node.job).map(({ report }) =>
          this.#nodes.keep({ kind: 'clusterJob', cluster, job: report.id }),
        );
      case 'note':
        return [];
    }
  }

  parentOf(node: ClustersNode): ClustersNode | undefined {
    const { cluster } = node;
    if (node.kind === 'cluster') return undefined;
    if (node.kind !== 'clusterJob') return this.ofCluster(cluster);
    const job = this.findJob(cluster, node.job);
    if (!job) return undefined;
    if (job.report.arrayTask)
      return this.#nodes.keep({ kind: 'clusterJob', cluster, job: job.report.arrayTask.job });
    return this.#nodes.keep({ kind: 'jobGroup', cluster, group: toGroup(job.report) });
  }

  /** What is to be drawn again of a cluster since this was asked last: all of it if what stands right below it is other. */
  findChanged(cluster: string, now: Time): ClustersNode[] {
    const root = this.ofCluster(cluster);
    const changed = this.#nodes.findChanged(root, now);
    return changed === 'all' ? [root] : changed;
  }

  #describe(node: ClustersNode, now: Time): string {
    if (node.kind === 'jobGroup') return String(this.jobsOf(node.cluster, node.group).length);
    if (node.kind === 'note') return this.contentOf(node.cluster).trouble ?? '';
    const job = node.kind === 'clusterJob' ? this.findJob(node.cluster, node.job) : undefined;
    if (!job || node.kind !== 'clusterJob') return '';
    const { report, watched } = job;
    const tasks = this.tasksOf(node.cluster, node.job).length;
    return [report.name, report.state, describeReport(report, now), watched, tasks].join('\n');
  }

  /** Jobs and arrays of a group, the newest first. */
  jobsOf(cluster: string, group: JobGroup): readonly ClusterJob[] {
    const jobs = this.contentOf(cluster).jobs ?? [];
    const arrays = new Set(jobs.filter(({ report }) => report.isArray).map(({ report }) => report.id));
    return jobs
      .filter(({ report }) => toGroup(report) === group && !isBelow(report, arrays))
      .sort((a, b) => b.report.submitted - a.report.submitted || compareIds(b.report, a.report));
  }

  tasksOf(cluster: string, array: string): readonly ClusterJob[] {
    const jobs = this.contentOf(cluster).jobs ?? [];
    return jobs
      .filter(({ report }) => report.arrayTask?.job === array)
      .sort((a, b) => (a.report.arrayTask?.task ?? 0) - (b.report.arrayTask?.task ?? 0));
  }

  #belowCluster(cluster: string): ClustersNode[] {
    const { jobs, trouble } = this.contentOf(cluster);
    const note = (text: NoteNode['note']): ClustersNode =>
      this.#nodes.keep({ kind: 'note', cluster, note: text });
    if (this.findStatus(cluster)?.state === 'needs-sign-in') return [note('needsSignIn')];
    if (trouble !== undefined) return [note('trouble')];
    if (!jobs) return [note('asking')];
    const groups = jobGroups.filter((group) => this.jobsOf(cluster, group).length > 0);
    if (groups.length === 0) return [note('empty')];
    return groups.map((group) => this.#nodes.keep({ kind: 'jobGroup', cluster, group }));
  }
}

export function toGroup(report: JobReport): JobGroup {
  if (toJobEndState(report.state) !== null) return 'ended';
  return isRunning(report) ? 'running' : 'pending';
}

const isBelow = ({ arrayTask }: JobReport, arrays: ReadonlySet<string>): boolean =>
  arrayTask !== null && arrays.has(arrayTask.job);

const compareIds = (a: JobReport, b: JobReport): number => a.id.localeCompare(b.id, 'en', { numeric: true });
