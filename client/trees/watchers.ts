// The tree of jobs and their watchers: live jobs first, then those that ended, newest first.
import { EventEmitter, window, workspace, type TreeDataProvider } from 'vscode';
import type { JobKey } from '../../engine/model';
import { count } from '../../engine/words';
import type { Engine } from '../engine';
import type { Owned } from '../owned';
import { describeView, Row, type Tooltip } from '../show/rows';
import { toJobItem, toJobTooltip, toTaskItem } from './jobItem';
import { createRefresh } from './refresh';
import { toWatcherItem, toWatcherTooltip } from './watcherItem';
import { Nodes, type WatchersNode } from './watchersNodes';

export interface WatchersTree extends Owned {
  /** Shows the view with this job opened and selected; the focus stays where it is. */
  reveal(job: JobKey): Promise<void>;
}

export function createWatchersTree(engine: Engine): WatchersTree {
  const changed = new EventEmitter<WatchersNode[] | undefined>();
  const nodes = new Nodes(engine.mirror);
  const provider: TreeDataProvider<WatchersNode> = {
    onDidChangeTreeData: changed.event,
    getTreeItem: (node) => toItem(engine, nodes, node),
    resolveTreeItem: (item, node) => {
      item.tooltip = toTooltip(engine, node);
      return item;
    },
    getChildren: (node) => nodes.childrenOf(node),
    getParent: (node) => nodes.parentOf(node),
  };
  const view = window.createTreeView('slurmWatchers.watchers', {
    treeDataProvider: provider,
    showCollapseAll: true,
    canSelectMany: true,
  });
  const draw = (): void => {
    const news = nodes.findChanged(Date.now());
    if (news === 'all') changed.fire(undefined);
    else if (news.length > 0) changed.fire(news);
  };
  const refresh = createRefresh(view, draw);
  const show = (): void => {
    const active = engine.mirror.watchers.filter(({ progress }) => progress.state === 'active').length;
    view.badge = active === 0 ? undefined : { value: active, tooltip: count(active, 'active watcher') };
    const { state } = engine;
    describeView(view, {
      message: state.kind === 'lost' ? `${state.error.message} ${state.error.remedy}` : '',
    });
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
      draw();
      await view.reveal(nodes.ofJob(job), { select: true, focus: false, expand: true });
    },
    dispose: () => {
      for (const part of [...listening, refresh, view, changed]) part.dispose();
    },
  };
}

/** Who opens the view asks for what it shows; in a folder that is not trusted the view itself says what is missing. */
function wakeToShow(engine: Engine): void {
  if (workspace.isTrusted) engine.wake();
}

function toItem({ mirror }: Engine, nodes: Nodes, node: WatchersNode): Row {
  const now = Date.now();
  if (node.kind === 'job') {
    const job = mirror.findJob(node.job);
    if (!job) return new Row('removed');
    const watchers = mirror.watchersOf(job.key);
    return nodes.arrayOf(job)
      ? toTaskItem(job, watchers, now)
      : toJobItem(job, { watchers: watchers.length, tasks: nodes.tasksOf(job.key).length }, now);
  }
  const watcher = mirror.findWatcher(node.watcher);
  return watcher ? toWatcherItem(watcher, mirror.findJob(watcher.job), now) : new Row('removed');
}

function toTooltip({ mirror }: Engine, node: WatchersNode): Tooltip | undefined {
  if (node.kind === 'job') {
    const job = mirror.findJob(node.job);
    return job && toJobTooltip(job, (key) => mirror.findJob(key));
  }
  const watcher = mirror.findWatcher(node.watcher);
  return watcher && toWatcherTooltip(watcher);
}
