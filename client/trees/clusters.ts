// The tree of clusters and their jobs. A cluster is asked for its jobs while it is expanded and the view is visible.
import { EventEmitter, window, workspace, type TreeDataProvider } from 'vscode';
import { toWatchError } from '../../engine/errors';
import type { Engine } from '../engine';
import type { Owned } from '../owned';
import { Row, type Tooltip } from '../show/rows';
import { toClusterItem, toClusterTooltip, toGroupItem, toNoteItem } from './clusterItem';
import { toClusterJobItem, toClusterJobTooltip } from './clusterJobItem';
import { ClusterNodes, type ClustersNode } from './clusterNodes';

/** How often the jobs of an expanded cluster are asked for, in milliseconds. */
const refreshTime = 15_000;
/** A node that VS Code shows opened again has not been clicked when nothing was told of that so long, in milliseconds. */
const clickTime = 300;

export interface ClustersTree extends Owned {
  readonly nodes: ClusterNodes;
  /** Asks anew: for the clusters, and for the jobs of those that are expanded. */
  refresh(): Promise<void>;
  /** Asks for the jobs of a cluster where they are shown. */
  refreshJobs(cluster: string): Promise<void>;
}

export function createClustersTree(engine: Engine): ClustersTree {
  const tree = new Tree(engine);
  const view = window.createTreeView('slurmWatchers.clusters', {
    treeDataProvider: tree.provider,
    showCollapseAll: true,
  });
  tree.isVisible = () => view.visible;
  const timer = setInterval(() => {
    if (view.visible) void tree.refreshExpanded();
  }, refreshTime);
  const listening = [
    view.onDidExpandElement(({ element }) => {
      if (element.kind === 'cluster') void tree.expand(element.cluster);
    }),
    view.onDidCollapseElement(({ element }) => {
      if (element.kind === 'cluster') tree.collapse(element.cluster);
    }),
    view.onDidChangeVisibility(({ visible }) => {
      if (visible && workspace.isTrusted) void tree.refresh();
    }),
    engine.onDidReset(() => {
      if (view.visible && engine.state.kind === 'connected') void tree.refresh();
    }),
    engine.onDidChange(({ clusters }) => {
      if (clusters.length > 0) tree.update(clusters);
    }),
  ];
  return {
    nodes: tree.nodes,
    refresh: () => tree.refresh(),
    refreshJobs: (cluster) => tree.refreshJobs(cluster),
    dispose: () => {
      clearInterval(timer);
      for (const part of [...listening, view, tree]) part.dispose();
    },
  };
}

class Tree implements Owned {
  readonly nodes = new ClusterNodes();
  readonly #changed = new EventEmitter<ClustersNode | ClustersNode[] | undefined>();
  readonly #expanded = new Set<string>();
  readonly #asking = new Map<string, Promise<void>>();
  isVisible: () => boolean = () => false;

  readonly provider: TreeDataProvider<ClustersNode> = {
    onDidChangeTreeData: this.#changed.event,
    getTreeItem: (node) => this.#toItem(node),
    getChildren: (node) => {
      if (node?.kind === 'cluster') this.#noteShown(node.cluster);
      return this.nodes.childrenOf(node);
    },
    getParent: (node) => this.nodes.parentOf(node),
    resolveTreeItem: (item, node) => {
      item.tooltip = this.#toTooltip(node) ?? item.tooltip;
      return item;
    },
  };

  constructor(private readonly engine: Engine) {}

  async refresh(): Promise<void> {
    const statuses = await this.engine.request('engine/clusters', {}).catch(() => undefined);
    if (!statuses) return;
    this.nodes.setStatuses(statuses);
    for (const cluster of this.#expanded) if (!this.nodes.findStatus(cluster)) this.#expanded.delete(cluster);
    this.#changed.fire(undefined);
    await this.refreshExpanded();
  }

  async refreshExpanded(): Promise<void> {
    await Promise.all([...this.#expanded].map((cluster) => this.#ask(cluster, true)));
  }

  async refreshJobs(cluster: string): Promise<void> {
    if (this.#expanded.has(cluster)) await this.#ask(cluster, true);
  }

  update(statuses: Parameters<ClusterNodes['update']>[0]): void {
    const count = this.nodes.statuses.length;
    this.nodes.update(statuses);
    if (this.nodes.statuses.length !== count) this.#changed.fire(undefined);
    else for (const { name } of statuses) this.#changed.fire(this.nodes.ofCluster(name));
  }

  async expand(cluster: string): Promise<void> {
    this.#expanded.add(cluster);
    await this.#ask(cluster, false);
  }

  collapse(cluster: string): void {
    this.#expanded.delete(cluster);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  /** A window that was opened again shows what was expanded before, without a click. */
  #noteShown(cluster: string): void {
    if (this.#expanded.has(cluster)) return;
    setTimeout(() => {
      if (this.#expanded.has(cluster) || !this.isVisible()) return;
      this.#expanded.add(cluster);
      void this.#ask(cluster, true);
    }, clickTime);
  }

  #ask(cluster: string, background: boolean): Promise<void> {
    const running = this.#asking.get(cluster);
    if (running && background) return running;
    const asking = this.#fetch(cluster, background).finally(() => {
      if (this.#asking.get(cluster) === asking) this.#asking.delete(cluster);
    });
    this.#asking.set(cluster, asking);
    return asking;
  }

  async #fetch(cluster: string, background: boolean): Promise<void> {
    try {
      const jobs = await this.engine.request('engine/clusterJobs', { cluster, background });
      this.nodes.setContent(cluster, { jobs, trouble: undefined });
    } catch (error) {
      const { message, remedy } = toWatchError(error);
      this.nodes.setContent(cluster, { jobs: undefined, trouble: `${message} ${remedy}` });
    }
    const changed = this.nodes.findChanged(cluster, Date.now());
    if (changed.length > 0) this.#changed.fire(changed);
  }

  #toItem(node: ClustersNode): Row {
    const { cluster } = node;
    switch (node.kind) {
      case 'cluster': {
        const status = this.nodes.findStatus(cluster);
        return status ? toClusterItem(status) : new Row('removed');
      }
      case 'jobGroup':
        return toGroupItem(cluster, node.group, this.nodes.jobsOf(cluster, node.group).length);
      case 'clusterJob': {
        const job = this.nodes.findJob(cluster, node.job);
        if (!job) return new Row('removed');
        const tasks = job.report.isArray ? this.nodes.tasksOf(cluster, node.job).length : 0;
        return toClusterJobItem(node, { job, tasks }, Date.now());
      }
      case 'note':
        return toNoteItem(node, this.nodes.contentOf(cluster).trouble);
    }
  }

  #toTooltip(node: ClustersNode): Tooltip | undefined {
    if (node.kind === 'cluster') {
      const status = this.nodes.findStatus(node.cluster);
      return status && toClusterTooltip(status);
    }
    if (node.kind !== 'clusterJob') return undefined;
    const job = this.nodes.findJob(node.cluster, node.job);
    return job && toClusterJobTooltip(job, node.cluster, Date.now());
  }
}
