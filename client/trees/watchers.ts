// The tree of jobs and their watchers: live jobs first, then those that ended, newest first.
import { EventEmitter, TreeItem, window, workspace, type TreeDataProvider } from 'vscode';
import type { Job, JobKey } from '../../engine/model';
import type { Engine } from '../engine';
import type { Owned } from '../owned';
import { count, isOver } from '../words';
import { toJobItem } from './jobItem';
import { toJobNode, toWatcherNode, type JobNode, type WatcherNode } from './nodes';
import { createRefresh } from './refresh';
import { toWatcherItem } from './watcherItem';

type WatchersNode = JobNode | WatcherNode;

export interface WatchersTree extends Owned {
  /** Shows the view with this job opened and selected; the focus stays where it is. */
  reveal(job: JobKey): Promise<void>;
}

/** So many jobs that have ended are shown. */
const shownEnded = 50;

export function createWatchersTree(engine: Engine): WatchersTree {
  const drawn = new EventEmitter<undefined>();
  const provider: TreeDataProvider<WatchersNode> = {
    onDidChangeTreeData: drawn.event,
    getTreeItem: (node) => toItem(engine, node),
    getChildren: (node) => findChildren(engine, node),
    getParent: (node) => {
      if (node.kind === 'job') return undefined;
      const watcher = engine.mirror.findWatcher(node.watcher);
      return watcher && toJobNode(watcher.job);
    },
  };
  const view = window.createTreeView('slurmWatchers.watchers', {
    treeDataProvider: provider,
    showCollapseAll: true,
    canSelectMany: true,
  });
  const refresh = createRefresh(view, () => {
    drawn.fire(undefined);
  });
  const show = (): void => {
    const active = engine.mirror.watchers.filter(({ progress }) => progress.state === 'active').length;
    view.badge = active === 0 ? undefined : { value: active, tooltip: count(active, 'active watcher') };
    const { state } = engine;
    view.message = state.kind === 'lost' ? `${state.error.message} ${state.error.remedy}` : '';
    refresh.soon();
  };
  const listening = [
    engine.onDidChange(show),
    engine.onDidReset(show),
    view.onDidChangeVisibility(({ visible }) => {
      if (visible) wakeToShow(engine);
    }),
  ];
  return {
    reveal: async (job) => {
      drawn.fire(undefined);
      await view.reveal(toJobNode(job), { select: true, focus: false, expand: true });
    },
    dispose: () => {
      for (const part of [...listening, refresh, view, drawn]) part.dispose();
    },
  };
}

/** Who opens the view asks for what it shows; in a folder that is not trusted the view itself says what is missing. */
function wakeToShow(engine: Engine): void {
  if (workspace.isTrusted) engine.wake();
}

function toItem(engine: Engine, node: WatchersNode): TreeItem {
  const now = Date.now();
  if (node.kind === 'job') {
    const job = engine.mirror.findJob(node.job);
    if (job) return toJobItem(job, engine.mirror.watchersOf(job.key).length, now);
  } else {
    const watcher = engine.mirror.findWatcher(node.watcher);
    if (watcher) return toWatcherItem(watcher, now);
  }
  return new TreeItem('removed');
}

function findChildren(engine: Engine, node: WatchersNode | undefined): WatchersNode[] {
  const { mirror } = engine;
  if (!node) return sortJobs(mirror.jobs).map(({ key }) => toJobNode(key));
  return node.kind === 'job' ? mirror.watchersOf(node.job).map(({ id }) => toWatcherNode(id)) : [];
}

function sortJobs(jobs: readonly Job[]): readonly Job[] {
  const newestFirst = [...jobs].sort((a, b) => b.submitted - a.submitted);
  const ended = newestFirst.filter(isOver);
  return [...newestFirst.filter((job) => !isOver(job)), ...ended.slice(0, shownEnded)];
}
