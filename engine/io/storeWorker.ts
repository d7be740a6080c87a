// The thread of the store: group commits into the journal, then into the database; snapshots between them.
import { existsSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { toWatchError, WatchError } from '../errors';
import type { Change } from '../ports';
import { Database } from './database';
import { JournalWriter, recover, writeSnapshot } from './storeFiles';
import type { StoreMessage, StoreOrder, StoreReply, StoreSettings } from './storeProtocol';

const settings = workerData as StoreSettings;

interface Commit {
  readonly id: number;
  readonly changes: readonly Change[];
}

class StoreThread {
  private number = 0;
  private journal: JournalWriter;
  private waiting: Commit[] = [];
  private superseded = false;
  private bytesSinceSnapshot: number;

  private constructor(
    private readonly database: Database,
    recovered: ReturnType<typeof recover>,
    private readonly trouble: readonly string[],
  ) {
    this.journal = new JournalWriter(settings.directory, { generation: settings.generation, number: 0 });
    this.bytesSinceSnapshot = recovered.records.reduce((sum, record) => sum + record.length, 0);
  }

  static async open(): Promise<StoreThread> {
    const recovered = recover(settings.directory);
    const database = await Database.open(recovered.snapshot, settings.wasmPath);
    for (const record of recovered.records) database.apply(decode(record));
    return new StoreThread(database, recovered, recovered.trouble);
  }

  take({ id, order }: StoreMessage): void {
    if (order.kind !== 'commit') {
      // What was committed before must be seen.
      this.flush();
      answer(id, () => this.perform(order));
      return;
    }
    // Everything that waits when the turn ends is written and synced together.
    if (this.waiting.length === 0)
      setImmediate(() => {
        this.flush();
      });
    this.waiting.push({ id, changes: order.changes });
  }

  private perform(order: Exclude<StoreOrder, { kind: 'commit' }>): unknown {
    switch (order.kind) {
      case 'load':
        return this.database.load(this.trouble);
      case 'jobs':
        return this.database.jobs(order.filter);
      case 'watchers':
        return this.database.watchers(order.filter);
      case 'events':
        return this.database.events(order.filter);
      case 'metrics':
        return this.database.metrics(order.filter);
      case 'close':
        this.journal.close();
        return null;
    }
  }

  private flush(): void {
    const commits = this.waiting;
    this.waiting = [];
    if (commits.length === 0) return;
    try {
      this.write(commits);
    } catch (error) {
      for (const { id } of commits)
        answer(id, () => {
          throw error;
        });
      return;
    }
    for (const { id, changes } of commits)
      answer(id, () => {
        this.database.apply(changes);
        return null;
      });
    if (this.bytesSinceSnapshot >= settings.snapshotBytes) this.snapshot();
  }

  private write(commits: readonly Commit[]): void {
    this.checkFence();
    const payloads = commits.map(({ changes }) => encode(changes));
    try {
      this.journal.append(payloads);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new WatchError(
        'store-unavailable',
        `The store cannot be written: ${reason}`,
        `Make room or mend the permissions of ${settings.directory}; watching goes on from where it was stored last.`,
        error,
      );
    }
    // A newer engine reads the journal after it has made its file: either it reads these records, or we see its file here.
    this.checkFence();
    this.bytesSinceSnapshot += payloads.reduce((sum, { length }) => sum + length, 0);
  }

  private checkFence(): void {
    this.superseded ||= existsSync(settings.fence);
    if (this.superseded)
      throw new WatchError(
        'superseded',
        'A newer engine has taken over the store.',
        'Nothing is to be done: this engine ends.',
      );
  }

  /** The journal goes on in a new file, the database up to there becomes a file of its own. */
  private snapshot(): void {
    const place = { generation: settings.generation, number: this.number + 1 };
    const next = new JournalWriter(settings.directory, place);
    this.journal.close();
    this.journal = next;
    this.number += 1;
    this.bytesSinceSnapshot = 0;
    try {
      writeSnapshot(settings.directory, place, this.database.export());
    } catch {
      // Without the snapshot the journals hold everything; the next one tries again.
      this.bytesSinceSnapshot = settings.snapshotBytes / 2;
    }
  }
}

/** JSON has no nan and no infinities: a metric's value goes as text then. */
const encode = (changes: readonly Change[]): Buffer =>
  Buffer.from(
    JSON.stringify(changes, (_, value: unknown) =>
      typeof value === 'number' && !Number.isFinite(value) ? { number: String(value) } : value,
    ),
  );

function decode(record: Buffer): readonly Change[] {
  const changes = JSON.parse(record.toString('utf8')) as Change[];
  return changes.map((change) => {
    if (change.kind !== 'metric') return change;
    const value = change.metric.value as number | { readonly number: string };
    return typeof value === 'number'
      ? change
      : { ...change, metric: { ...change.metric, value: Number(value.number) } };
  });
}

function answer(id: number, perform: () => unknown): void {
  let reply: StoreReply;
  try {
    reply = { id, result: perform() };
  } catch (error) {
    const { code, message, remedy } = toWatchError(error);
    reply = { id, error: { code, message, remedy } };
  }
  parentPort?.postMessage(reply);
}

const opening = StoreThread.open();
parentPort?.on('message', (message: StoreMessage) => {
  opening.then(
    (thread) => {
      thread.take(message);
    },
    (error: unknown) => {
      answer(message.id, () => {
        throw error;
      });
    },
  );
});
