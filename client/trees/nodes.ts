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

export type Node = JobNode | WatcherNode | EventNode;

export const toJobNode = (job: JobKey): JobNode => ({ kind: 'job', job });
export const toWatcherNode = (watcher: WatcherId): WatcherNode => ({ kind: 'watcher', watcher });
export const toEventNode = (event: number): EventNode => ({ kind: 'event', event });

/** A command's argument is a node where a tree's menu called it. */
export function isNode(argument: unknown): argument is Node {
  const kind = (argument as Partial<Node> | null | undefined)?.kind;
  return kind === 'job' || kind === 'watcher' || kind === 'event';
}
