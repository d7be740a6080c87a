// What a command is about: the tree's selection, or what the person picks from a list.
import type { QuickPickItem } from 'vscode';
import { WatchError } from '../engine/errors';
import type { Job, Watcher } from '../engine/model';
import type { ClusterJob } from '../engine/protocol';
import { describeJob, describeWatcher, nameJob } from '../engine/words';
import type { App } from './app';
import type { CommandArguments } from './commandArguments';
import { describeCluster } from './clusterWords';
import { pickMany, pickOne } from './show/inputs';
import { isNode, type Node } from './trees/nodes';

export interface Choice<Thing> {
  readonly title: string;
  readonly suits: (thing: Thing) => boolean;
  /** What is said where nothing suits. */
  readonly none: string;
  /** Whether several may be picked; true where absent. */
  readonly canPickMany?: boolean;
}

/**
 * The nodes that a menu of a tree gives: the whole selection where there is one; none from the palette. Throws where a row
 * was drawn anew while it was clicked: VS Code cannot say then which it was.
 */
export function selectedNodes(given: CommandArguments): readonly Node[] {
  const [first, selection] = given;
  if (given.length > 0 && first === undefined)
    throw new WatchError('not-found', 'The list has just changed.', 'Try again.');
  if (Array.isArray(selection) && selection.length > 0) return selection.filter(isNode);
  return isNode(first) ? [first] : [];
}

/** The node that a menu of a tree was opened on; none from the palette. */
export const findSelected = (given: CommandArguments): Node | undefined => selectedNodes(given)[0];

/**
 * Watchers that suit; of a job, all of its own; of an array, those of its tasks too. Undefined where the person changed their
 * mind; throws where none suits.
 */
export async function chooseWatchers(
  { engine }: App,
  given: CommandArguments,
  { title, suits, none, canPickMany = true }: Choice<Watcher>,
): Promise<readonly Watcher[] | undefined> {
  const nodes = selectedNodes(given);
  const all = nodes.length > 0 ? engine.mirror.watchers : await engine.request('engine/watchers', {});
  const named =
    nodes.length > 0
      ? all.filter((watcher) => nodes.some((node) => isAbout(node, watcher, engine.mirror)))
      : all;
  const suitable = named.filter(suits);
  if (suitable.length === 0) throw nothingSuits(none);
  if (nodes.length > 0) return suitable;
  const jobs = new Map((await engine.request('engine/jobs', {})).map((job) => [job.key, job]));
  const items = suitable.map((watcher) => {
    const job = jobs.get(watcher.job);
    return {
      label: watcher.definition.name,
      description: job ? nameJob(job) : '',
      detail: describeWatcher(watcher, Date.now()),
      thing: watcher,
    };
  });
  const options = { title, matchOnDescription: true };
  if (!canPickMany) {
    const only = await pickOne(items, options);
    return only && [only.thing];
  }
  const picked = await pickMany(items, options);
  return picked?.map(({ thing }) => thing);
}

function isAbout(node: Node, { id, job }: Watcher, mirror: App['engine']['mirror']): boolean {
  if (node.kind === 'watcher') return node.watcher === id;
  return node.kind === 'job' && (node.job === job || node.job === mirror.findJob(job)?.parent);
}

/** The job of the node; without one, a job that the person picks. Undefined where they changed their mind. */
export async function chooseJob(
  app: App,
  given: CommandArguments,
  { title, suits, none }: Choice<Job>,
): Promise<Job | undefined> {
  const [node] = selectedNodes(given);
  const all = await app.engine.request('engine/jobs', {});
  const key = node && findJobKey(app, node);
  const suitable = all.filter((job) => suits(job) && (key === undefined || job.key === key));
  if (suitable.length === 0) throw nothingSuits(none);
  if (node) return suitable[0];
  const items: (QuickPickItem & { thing: Job })[] = [...suitable]
    .sort((a, b) => b.submitted - a.submitted)
    .map((job) => ({ label: job.name, description: describeJob(job, Date.now()), thing: job }));
  return (await pickOne(items, { title, matchOnDescription: true }))?.thing;
}

/** The job that a node belongs to. */
export function findJobKey(
  { engine: { mirror }, eventsTree }: Pick<App, 'engine' | 'eventsTree'>,
  node: Node,
): string | undefined {
  switch (node.kind) {
    case 'job':
    case 'metric':
      return node.job;
    case 'watcher':
      return mirror.findWatcher(node.watcher)?.job;
    case 'event':
      return eventsTree.find(node.event)?.job;
    default:
      return undefined;
  }
}

/** The job of the tree of clusters that a menu was opened on; undefined where it was another tree, or the palette. */
export function findClusterJob(
  { clustersTree }: App,
  given: CommandArguments,
): (ClusterJob & { readonly cluster: string }) | undefined {
  const [node] = selectedNodes(given);
  if (node?.kind !== 'clusterJob') return undefined;
  const job = clustersTree.nodes.findJob(node.cluster, node.job);
  if (job) return { ...job, cluster: node.cluster };
  throw new WatchError('not-found', 'The list has just changed.', 'Try again.');
}

/** The cluster of the node that a menu was opened on, else one that the person picks. */
export async function chooseCluster(
  { engine }: App,
  given: CommandArguments,
  title: string,
): Promise<string | undefined> {
  const [node] = selectedNodes(given);
  if (node && 'cluster' in node) return node.cluster;
  const clusters = await engine.request('engine/clusters', {});
  const items = clusters
    .filter(({ kind }) => kind === 'ssh')
    .map((cluster) => ({ label: cluster.name, description: describeCluster(cluster) }));
  if (items.length === 0)
    throw new WatchError(
      'not-found',
      'There is no cluster to sign in to.',
      'Give your login node an entry in the SSH configuration, or use "Add Cluster".',
    );
  return (await pickOne(items, { title }))?.label;
}

const nothingSuits = (message: string): WatchError =>
  new WatchError('not-found', message, 'The view Slurm Watchers shows what there is.');
