// The nodes of the trees: names of things, not the things, so that a node stays the same while its job goes on.
import type { JobKey, WatcherId } from '../../engine/model';

export interface JobNode {
  readonly kind: 'job';
  readonly job: JobKey;
}

export interface WatcherNode {
  readonly kind: 'watcher';
  readonly watcher: WatcherId;
}

export interface EventNode {
  readonly kind: 'event';
  readonly event: number;
}

export interface ClusterNode {
  readonly kind: 'cluster';
  readonly cluster: string;
}

export interface JobGroupNode {
  readonly kind: 'jobGroup';
  readonly cluster: string;
  readonly group: 'running' | 'pending' | 'ended';
}

/** A job, array or task as its cluster lists it, watched or not. */
export interface ClusterJobNode {
  readonly kind: 'clusterJob';
  readonly cluster: string;
  /** As the scheduler names it. */
  readonly job: string;
}

/** A metric of a job. */
export interface MetricNode {
  readonly kind: 'metric';
  readonly job: JobKey;
  readonly name: string;
}

/** What is said in the place of jobs. */
export interface NoteNode {
  readonly kind: 'note';
  readonly cluster: string;
  readonly note: 'asking' | 'empty' | 'trouble' | 'needsSignIn';
}

export type Node =
  JobNode | WatcherNode | EventNode | MetricNode | ClusterNode | JobGroupNode | ClusterJobNode | NoteNode;

const kinds: readonly Node['kind'][] = [
  'job',
  'watcher',
  'event',
  'metric',
  'cluster',
  'jobGroup',
  'clusterJob',
  'note',
];

export const toJobNode = (job: JobKey): JobNode => ({ kind: 'job', job });
export const toWatcherNode = (watcher: WatcherId): WatcherNode => ({ kind: 'watcher', watcher });
export const toClusterNode = (cluster: string): ClusterNode => ({ kind: 'cluster', cluster });
export const toMetricNode = (job: JobKey, name: string): MetricNode => ({ kind: 'metric', job, name });
export const toEventNode = (event: number): EventNode => ({ kind: 'event', event });

/** A command's argument is a node where a tree's menu called it. */
export function isNode(argument: unknown): argument is Node {
  const kind = (argument as Partial<Node> | null | undefined)?.kind;
  return kinds.some((known) => known === kind);
}
