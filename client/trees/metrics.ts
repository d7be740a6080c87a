// The tree of metrics: jobs and what they have stored, with the latest values, live.
import { EventEmitter, window, workspace, type TreeDataProvider } from 'vscode';
import { toWatchError } from '../../engine/errors';
import type { Engine } from '../engine';
import { MetricBook, recentValues } from '../metricBook';
import type { Owned } from '../owned';
import { describeView, Row, type Tooltip } from '../show/rows';
import { toJobTooltip } from './jobItem';
import { toMetricItem, toMetricJobItem, toMetricTooltip } from './metricItem';
import { MetricNodes, type MetricsNode } from './metricNodes';
import { createRefresh } from './refresh';

/** The newest jobs alone: to know the metrics of one, the engine goes through all that it has stored. */
const shownJobs = 100;

export interface MetricsTree extends Owned {
  readonly book: MetricBook;
}

export function createMetricsTree(engine: Engine): MetricsTree {
  const changed = new EventEmitter<MetricsNode[] | undefined>();
  const book = new MetricBook({
    ask: (jobs) => engine.request('engine/metricNames', { jobs, recent: recentValues }),
    jobs: () =>
      engine.mirror.jobs
        .filter(({ isArray }) => !isArray)
        .sort((a, b) => b.submitted - a.submitted)
        .slice(0, shownJobs)
        .map(({ key }) => key),
    onChange: () => {
      refresh.soon();
    },
  });
  const nodes = new MetricNodes({ findJob: (key) => engine.mirror.findJob(key), names: () => book.names });
  const provider: TreeDataProvider<MetricsNode> = {
    onDidChangeTreeData: changed.event,
    getTreeItem: (node) => toItem(engine, nodes, node),
    resolveTreeItem: (item, node) => {
      item.tooltip = toTooltip(engine, nodes, node);
      return item;
    },
    getChildren: (node) => nodes.childrenOf(node),
    getParent: (node) => nodes.parentOf(node),
  };
  const view = window.createTreeView('slurmWatchers.metrics', {
    treeDataProvider: provider,
    showCollapseAll: true,
    canSelectMany: true,
  });
  const refresh = createRefresh(view, () => {
    const news = nodes.findChanged(Date.now());
    if (news === 'all') changed.fire(undefined);
    else if (news.length > 0) changed.fire(news);
  });
  const say = (message: string): void => {
    describeView(view, { message });
  };
  const fill = (): void => {
    if (!view.visible || !engine.isFilled) return;
    book.fill().then(
      () => {
        say('');
      },
      (error: unknown) => {
        const { message, remedy } = toWatchError(error);
        say(`${message} ${remedy}`);
      },
    );
  };
  const parts = [
    engine.onDidReset(() => {
      book.lose();
      const { state } = engine;
      if (state.kind === 'lost') say(`${state.error.message} ${state.error.remedy}`);
      fill();
    }),
    engine.onDidChange(({ jobs, metrics }) => {
      book.take(metrics);
      if (jobs.length > 0) refresh.soon();
    }),
    view.onDidChangeVisibility(({ visible }) => {
      // Who opens the view asks for what it shows.
      if (visible && workspace.isTrusted) engine.wake();
      fill();
    }),
    refresh,
    view,
    changed,
  ];
  return {
    book,
    dispose: () => {
      for (const part of parts) part.dispose();
    },
  };
}

function toItem(engine: Engine, nodes: MetricNodes, node: MetricsNode): Row {
  if (node.kind === 'metric') {
    const metric = nodes.find(node);
    return metric ? toMetricItem(metric) : new Row('removed');
  }
  const job = engine.mirror.findJob(node.job);
  return job ? toMetricJobItem(job, nodes.childrenOf(node).length, Date.now()) : new Row('removed');
}

function toTooltip(engine: Engine, nodes: MetricNodes, node: MetricsNode): Tooltip | undefined {
  if (node.kind === 'metric') {
    const metric = nodes.find(node);
    return metric && toMetricTooltip(metric);
  }
  const job = engine.mirror.findJob(node.job);
  return job && toJobTooltip(job, (key) => engine.mirror.findJob(key));
}
