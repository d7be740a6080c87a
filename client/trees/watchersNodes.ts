// The nodes of the tree of watchers: which there are, in which order, and which of them look otherwise than before.
import type { Job, JobKey } from '../../engine/model';
import type { Mirror } from '../../engine/link/mirror';
import { isOver } from '../../engine/rules';
import { describeJob, describeTask, describeWatcher, toTaskNumber } from '../../engine/words';
import { toJobNode, toWatcherNode, type JobNode, type WatcherNode } from './nodes';
import { StableNodes } from './stableNodes';

export type WatchersNode = JobNode | WatcherNode;

/** This many jobs that have ended are shown. */
const shownEnded = 50;

export class Nodes {
  readonly #nodes = new StableNodes<WatchersNode>({
    childrenOf: (node) => this.childrenOf(node),
    describe: (node, now) => this.#describe(node, now),
  });

  constructor(private readonly mirror: Mirror) {}

  ofJob(key: JobKey): JobNode {
    return this.#nodes.keep(toJobNode(key));
  }

  /** Of an array its tasks come first, then the watchers that each of them gets. */
  childrenOf(node: WatchersNode | undefined): WatchersNode[] {
    if (!node)
      return sortJobs(this.mirror.jobs.filter((job) => !this.arrayOf(job))).map(({ key }) => this.ofJob(key));
    if (node.kind === 'watcher') return [];
    const tasks = this.tasksOf(node.job).map(({ key }) => this.ofJob(key));
    const watchers = this.mirror.watchersOf(node.job).map(({ id }) => this.#nodes.keep(toWatcherNode(id)));
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

  /** What is to be drawn again since this was asked last; `all` if jobs have come, gone or changed their places. */
  findChanged(now: number): WatchersNode[] | 'all' {
    return this.#nodes.findChanged(undefined, now);
  }

  #describe(node: WatchersNode, now: number): string {
    if (node.kind === 'job') {
      const job = this.mirror.findJob(node.job);
      if (!job) return '';
      const words = this.arrayOf(job)
        ? describeTask(job, this.mirror.watchersOf(job.key), now)
        : describeJob(job, now);
      return [job.name, job.phase, words].join('\n');
    }
    const watcher = this.mirror.findWatcher(node.watcher);
    const phase = watcher && this.mirror.findJob(watcher.job)?.phase;
    return watcher ? `${watcher.progress.state} ${phase ?? ''} ${describeWatcher(watcher, now)}` : '';
  }
}

/** Live jobs first, then those that ended, newest first. */
function sortJobs(jobs: readonly Job[]): readonly Job[] {
  const newestFirst = [...jobs].sort((a, b) => b.submitted - a.submitted);
  const ended = newestFirst.filter(isOver);
  return [...newestFirst.filter((job) => !isOver(job)), ...ended.slice(0, shownEnded)];
}
