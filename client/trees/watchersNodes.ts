// The nodes of the tree of watchers: which there are, in which order, and which of them look otherwise than before.
import type { Job, JobKey } from '../../engine/model';
import type { Mirror } from '../mirror';
import { describeJob, describeWatcher, isOver } from '../words';
import { toJobNode, toWatcherNode, type JobNode, type WatcherNode } from './nodes';

export type WatchersNode = JobNode | WatcherNode;

/** So many jobs that have ended are shown. */
const shownEnded = 50;

/**
 * VS Code knows nodes by identity, and forgets all of them while it draws the whole tree: a click in that moment would be
 * about nothing. So each thing keeps its node, and only what has changed is drawn again.
 */
export class Nodes {
  readonly #jobs = new Map<string, JobNode>();
  readonly #watchers = new Map<string, WatcherNode>();
  #order = '';
  #looks = new Map<WatchersNode, string>();

  constructor(private readonly mirror: Mirror) {}

  ofJob(key: JobKey): JobNode {
    return keep(this.#jobs, key, toJobNode);
  }

  childrenOf(node: WatchersNode | undefined): WatchersNode[] {
    if (!node) return sortJobs(this.mirror.jobs).map(({ key }) => this.ofJob(key));
    if (node.kind === 'watcher') return [];
    return this.mirror.watchersOf(node.job).map(({ id }) => keep(this.#watchers, id, toWatcherNode));
  }

  parentOf(node: WatchersNode): JobNode | undefined {
    const watcher = node.kind === 'watcher' ? this.mirror.findWatcher(node.watcher) : undefined;
    return watcher && this.ofJob(watcher.job);
  }

  /** What is to be drawn again since this was asked last; `all` where jobs have come, gone or changed their places. */
  findChanged(now: number): WatchersNode[] | 'all' {
    const jobs = this.childrenOf(undefined);
    const looks = new Map(
      jobs
        .flatMap((job) => [job, ...this.childrenOf(job)])
        .map((node) => [node, this.#describe(node, now)] as const),
    );
    const order = jobs.map((node) => (node.kind === 'job' ? node.job : '')).join('\n');
    const isSameOrder = order === this.#order;
    const changed = [...looks].filter(([node, look]) => this.#looks.get(node) !== look);
    this.#order = order;
    this.#looks = looks;
    return isSameOrder ? changed.map(([node]) => node) : 'all';
  }

  #describe(node: WatchersNode, now: number): string {
    if (node.kind === 'job') {
      const job = this.mirror.findJob(node.job);
      const watchers = this.mirror.watchersOf(node.job).map(({ id }) => id);
      return job ? [job.name, job.phase, describeJob(job, now), ...watchers].join('\n') : '';
    }
    const watcher = this.mirror.findWatcher(node.watcher);
    return watcher ? `${watcher.progress.state} ${describeWatcher(watcher, now)}` : '';
  }
}

function keep<Node>(nodes: Map<string, Node>, key: string, create: (key: string) => Node): Node {
  const known = nodes.get(key) ?? create(key);
  nodes.set(key, known);
  return known;
}

/** Live jobs first, then those that ended, newest first. */
function sortJobs(jobs: readonly Job[]): readonly Job[] {
  const newestFirst = [...jobs].sort((a, b) => b.submitted - a.submitted);
  const ended = newestFirst.filter(isOver);
  return [...newestFirst.filter((job) => !isOver(job)), ...ended.slice(0, shownEnded)];
}
