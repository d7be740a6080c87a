// The way to one cluster: opened when it is first wanted, anew after its settings have changed, tried again when a person may help.
import { toWatchError } from '../errors';
import type { ClusterStatus } from '../model';
import type { Clock, Cluster, OpenedCluster } from '../ports';
import { isOfConnection, type Troubles } from '../troubles';

export interface AccessParts {
  /** Does not connect; throws not-found. */
  readonly open: () => Promise<OpenedCluster>;
  readonly troubles: Pick<Troubles, 'code' | 'note' | 'end'>;
  readonly clock: Pick<Clock, 'now'>;
  /** An answer came in spite of what was wrong. */
  readonly onRecovery: () => void;
}

/** Clients that come and go do not make failed sign-ins of each other: sites lock accounts. */
const leastRetryMs = 60_000;

export class ClusterAccess {
  private opening: Promise<OpenedCluster> | undefined;
  private isOutdated = false;
  /** Before that a sign-in is not tried again without a person. */
  private nextRetry = -Infinity;

  constructor(
    private readonly parts: AccessParts,
    private opened?: OpenedCluster,
  ) {}

  /** Undefined until it is opened. */
  get cluster(): Cluster | undefined {
    return this.opened?.cluster;
  }

  get state(): ClusterStatus['state'] {
    const { code } = this.parts.troubles;
    if (code !== undefined) return code === 'needs-sign-in' ? code : 'disconnected';
    return this.cluster?.connection ?? 'idle';
  }

  /** The cluster, opened if it is not yet; one whose settings have changed is opened anew while it is not connected. */
  async open(): Promise<OpenedCluster> {
    if (this.opened && this.isOutdated && isAway(this.opened.cluster)) {
      const { cluster } = this.opened;
      this.opened = undefined;
      await cluster.close();
    }
    if (this.opened) return this.opened;
    this.opening ??= this.parts.open().finally(() => (this.opening = undefined));
    this.isOutdated = false;
    this.opened = await this.opening;
    return this.opened;
  }

  /** Settings have changed: they count at the next connect. */
  outdate(): void {
    this.isOutdated = true;
  }

  /** Somebody may know now what the cluster waits for. Gives whether a sign-in may be tried. */
  allowSignIn(): boolean {
    const now = this.parts.clock.now();
    if (this.parts.troubles.code !== 'needs-sign-in' || now < this.nextRetry) return false;
    this.nextRetry = now + leastRetryMs;
    this.opened?.allowSignIn();
    return true;
  }

  /** Something is asked of the cluster: an answer is a recovery too. `isPerson`: somebody waits for it. */
  async ask<Result>(
    question: (opened: OpenedCluster) => Promise<Result>,
    isPerson: boolean,
  ): Promise<Result> {
    const { troubles, onRecovery } = this.parts;
    try {
      const opened = await this.open();
      if (isPerson) opened.allowSignIn();
      const answer = await question(opened);
      if (troubles.code !== undefined) {
        if (isOfConnection(troubles.code)) await troubles.end([]);
        onRecovery();
      }
      return answer;
    } catch (error) {
      troubles.note(toWatchError(error));
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.cluster?.close();
  }
}

/** Opened anew it loses nothing: it is not connected, and nobody is about to connect. */
function isAway({ connection }: Cluster): boolean {
  return connection !== 'connected' && connection !== 'connecting';
}
