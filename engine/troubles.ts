// What keeps a cluster's jobs from being watched or stored: since when, and how they are told of its beginning and its end.
import { toWatchError, type WatchError, type WatchErrorCode } from './errors';
import type { Ledger } from './ledger';
import type { Job } from './model';
import type { Clock } from './ports';

export interface TroublesPlace {
  /** The cluster's name. */
  readonly name: string;
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** The status has changed. */
  readonly onChange: () => void;
}

interface Trouble {
  readonly message: string;
  readonly code: WatchErrorCode;
  /** On the clock that goes on while the computer sleeps. */
  readonly since: number;
  /** Looks in a row that failed. */
  readonly attempts: number;
}

/** A job that nobody watched for so long, in milliseconds, though it was time. */
export interface Overlooked {
  readonly job: Job;
  readonly ms: number;
}

export class Troubles {
  private current: Trouble | undefined;
  private storeFailedAt: number | undefined;

  constructor(private readonly place: TroublesPlace) {}

  get code(): WatchErrorCode | undefined {
    return this.current?.code;
  }

  /** For people, with what to do; the cluster's before the store's. */
  get message(): string | null {
    return this.current?.message ?? this.storeMessage;
  }

  private get storeMessage(): string | null {
    const { storeTrouble } = this.place.ledger;
    return storeTrouble ? describe(storeTrouble) : null;
  }

  private get now(): number {
    return this.place.clock.continuous();
  }

  /** Where no job tells of a cluster's trouble, what failed last does. */
  note(error: WatchError): void {
    if (isOfConnection(error.code) && this.place.ledger.jobsOf(this.place.name).length === 0)
      this.current = { message: describe(error), code: error.code, since: this.now, attempts: 1 };
  }

  /** A look failed: its jobs are told once. Gives how many had failed before it in a row. */
  async begin(thrown: unknown, overlooked: readonly Overlooked[]): Promise<number> {
    const error = toWatchError(thrown);
    // What was lost while the computer slept shows afterwards: nobody has watched since it fell asleep.
    const begun = this.now - Math.max(0, ...overlooked.map(({ ms }) => ms));
    const { attempts, since } = this.current ?? { attempts: 0, since: begun };
    const isNew = this.current === undefined;
    const message = describe(error);
    this.current = { message, code: error.code, since, attempts: attempts + 1 };
    this.place.onChange();
    if (isNew) await this.tell('error', `${this.place.name}: ${message}`);
    return attempts;
  }

  /** A look succeeded, or an answer came: watching goes on, for these jobs where nothing else was in the way. */
  async end(overlooked: readonly Overlooked[]): Promise<void> {
    if (!this.current) {
      await this.place.ledger.observe((batch) => {
        for (const { job, ms } of overlooked) batch.tell(job, { kind: 'state', result: describeOutage(ms) });
      });
      return;
    }
    const { since } = this.current;
    this.current = undefined;
    this.place.onChange();
    await this.tell('state', describeOutage(this.now - since));
  }

  /** What happened while the disk refused was kept in memory, and is stored with the first commit that succeeds. */
  async lookAtStore(): Promise<void> {
    const isRefused = this.place.ledger.storeTrouble !== undefined;
    if (isRefused && this.storeFailedAt === undefined) {
      this.storeFailedAt = this.now;
      this.place.onChange();
    } else if (!isRefused && this.storeFailedAt !== undefined) {
      const seconds = Math.round((this.now - this.storeFailedAt) / 1000);
      this.storeFailedAt = undefined;
      this.place.onChange();
      await this.tell(
        'error',
        `nothing could be stored for ${seconds} s; what was seen meanwhile is stored now`,
      );
    }
  }

  /** An event of every live job; where even that cannot be stored, the status has it. */
  private async tell(kind: 'state' | 'error', result: string): Promise<void> {
    const { ledger, name } = this.place;
    try {
      await ledger.observe((batch) => {
        for (const job of ledger.jobsOf(name))
          if (ledger.watchersOf(job.key).length > 0) batch.tell(job, { kind, result });
      });
    } catch (error) {
      const { message, code } = toWatchError(error);
      this.current ??= { message, code, since: this.now, attempts: 1 };
      this.place.onChange();
    }
  }
}

const describe = ({ message, remedy }: WatchError): string => `${message} ${remedy}`;

const describeOutage = (ms: number): string =>
  `watching goes on after ${Math.round(ms / 1000)} s; what was printed meanwhile is matched now`;

/** Any answer shows that it is over. */
export const isOfConnection = (code: WatchErrorCode | undefined): boolean =>
  code === 'cluster-unreachable' || code === 'needs-sign-in';
