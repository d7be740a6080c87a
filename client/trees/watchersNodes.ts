// The nodes of the tree of watchers: which there are, in which order, and which of them look otherwise than before.
import type { Job, JobKey } from '../../engine/model';
import type { Mirror } from '../../engine/link/mirror';
import { isOver } from '../../engine/rules';
import { describeJob, describeTask, describeWatcher, toTaskNumber } from '../../engine/words';
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

  /** Of an array its tasks come first, then the watchers that each of them gets. */
  childrenOf(node: WatchersNode | undefined): WatchersNode[] {
    if (!node)
      return sortJobs(this.mirror.jobs.filter((job) => !this.arrayOf(job))).map(({ key }) => this.ofJob(key));
    if (node.kind === 'watcher') return [];
    const tasks = this.tasksOf(node.job).map(({ key }) => this.ofJob(key));
    const watchers = this.mirror
      .watchersOf(node.job)
      .map(({ id }) => keep(this.#watchers, id, toWatcherNode));
    return [...tasks, ...watchers];
  }

  parentOf(node: WatchersNode): JobNode | undefined {
    if (node.kind === 'watcher') {
      const watcher = this.mirror.findWatcher(node.watcher);
      return watcher && this.ofJob(watcher.job);
    }
    const job = this.mirror.findJob(node.job);
    const array = job && this.arrayOf(job);
    return array && this.ofJob(array.key);
  }

  /** The array that a task stands under; a task whose array is not known stands by itself. */
  arrayOf({ parent }: Job): Job | undefined {
    return parent === null ? undefined : this.mirror.findJob(parent);
  }

  tasksOf(array: JobKey): readonly Job[] {
    if (!this.mirror.findJob(array)?.isArray) return [];
    return [...this.mirror.tasksOf(array)].sort((a, b) => toTaskNumber(a) - toTaskNumber(b));
  }

  /** What is to be drawn again since this was asked last; `all` where jobs have come, gone or changed their places. */
  findChanged(now: number): WatchersNode[] | 'all' {
    const jobs = this.childrenOf(undefined);
    const looks = new Map(this.#listAll(jobs).map((node) => [node, this.#describe(node, now)] as const));
    const order = jobs.map((node) => (node.kind === 'job' ? node.job : '')).join('\n');
    const isSameOrder = order === this.#order;
    const changed = [...looks].filter(([node, look]) => this.#looks.get(node) !== look);
    this.#order = order;
    this.#looks = looks;
    return isSameOrder ? changed.map(([node]) => node) : 'all';
  }

  #listAll(nodes: readonly WatchersNode[]): WatchersNode[] {
    return nodes.flatMap((node) => [node, ...this.#listAll(this.childrenOf(node))]);
  }

  #describe(node: WatchersNode, now: number): string {
    if (node.kind === 'job') {
      const job = this.mirror.findJob(node.job);
      if (!job) return '';
      const words = this.arrayOf(job)
        ? describeTask(job, this.mirror.watchersOf(job.key), now)
        : describeJob(job, now);
      const children = this.childrenOf(node).map((child) =>
        child.kind === 'job' ? child.job : child.watcher,
      );
      return [job.name, job.phase, words, ...children].join('\n');
    }
    const watcher = this.mirror.findWatcher(node.watcher);
    const phase = watcher && this.mirror.findJob(watcher.job)?.phase;
    return watcher ? `${watcher.progress.state} ${phase ?? ''} ${describeWatcher(watcher, now)}` : '';
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
