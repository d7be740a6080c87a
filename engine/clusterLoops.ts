// The loops of the clusters in use: made for live jobs and when something is asked of a cluster, never before.
import { ClusterLoop, type LoopOptions } from './watching/loop';
import type { ClusterStatus } from './model';
import type { ClusterDirectory } from './ports';

export interface ClusterLoopsOptions extends Omit<LoopOptions, 'name' | 'open'> {
  readonly clusters: ClusterDirectory;
}

export class ClusterLoops {
  private readonly loops = new Map<string, ClusterLoop>();

  constructor(private readonly options: ClusterLoopsOptions) {}

  /** Goes on with what an engine before left: also of clusters that are no longer configured, whose jobs then say so. */
  resume(): void {
    for (const { cluster } of this.options.ledger.jobs.values()) this.of(cluster).wake();
  }

  /** Throws not-found where there is no such cluster; one that was there when its jobs began is found all the same. */
  async find(name: string): Promise<ClusterLoop> {
    const known = this.loops.get(name);
    if (known) return known;
    const opened = await this.options.clusters.open(name);
    const meanwhile = this.loops.get(name);
    if (!meanwhile) return this.of(name, opened);
    await opened.cluster.close();
    return meanwhile;
  }

  get statuses(): readonly ClusterStatus[] {
    return [...this.loops.values()].map(({ status }) => status);
  }

  /** Every cluster that there is, also those that nothing was asked of, and those that are gone but have jobs. */
  async list(): Promise<readonly ClusterStatus[]> {
    const names = await this.options.clusters.list();
    const listed = names.map(({ name, kind }) => {
      const status = this.loops.get(name)?.status ?? toIdle(name);
      return { ...status, kind };
    });
    const isListed = new Set(names.map(({ name }) => name));
    return [...listed, ...this.statuses.filter(({ name }) => !isListed.has(name))];
  }

  /** What clients say of clusters has changed: it counts at the next connect, which is now where one is away. */
  refresh(): void {
    for (const loop of this.loops.values()) {
      loop.outdate();
      loop.retrySignIn();
      if (loop.status.trouble !== null) loop.wake();
      loop.releaseActions();
    }
  }

  /** A person may have given what actions wait for. */
  releaseActions(): void {
    for (const loop of this.loops.values()) loop.releaseActions();
  }

  /** Somebody may know now what only a person can say. */
  retrySignIns(): void {
    for (const loop of this.loops.values()) loop.retrySignIn();
    this.releaseActions();
  }

  async close(): Promise<void> {
    await Promise.all([...this.loops.values()].map((loop) => loop.close()));
  }

  private of(name: string, opened?: Awaited<ReturnType<ClusterDirectory['open']>>): ClusterLoop {
    const known = this.loops.get(name);
    if (known) return known;
    const loop = new ClusterLoop(
      { ...this.options, name, open: () => this.options.clusters.open(name) },
      opened,
    );
    this.loops.set(name, loop);
    return loop;
  }
}

function toIdle(name: string): ClusterStatus {
  return {
    name,
    kind: 'ssh',
    state: 'idle',
    commands: 0,
    reads: 0,
    lastTickMs: null,
    lastTickCommands: null,
    lastTickReads: null,
    trouble: null,
  };
}
