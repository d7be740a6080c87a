// Keeps the engine's claim on its generation: a heartbeat in its file, and an eye on who comes after.
import { open } from 'node:fs/promises';
import { isMissing } from '../link/fileErrors';
import { printRecord, type Ended, type GenerationRecord } from '../link/generationRecord';
import { generationPath, listGenerations } from '../link/generations';

export interface LeaseOptions {
  readonly home: string;
  readonly beatMs: number;
  readonly log: (line: string) => void;
  /** The generation is another engine's now, or its file was taken away: write nothing more. */
  readonly onLost: (why: string) => void;
}

/** Beats until it is lost or ended. A beat that fails for the disk's sake is logged; the next one may succeed. */
export class Lease {
  #record: GenerationRecord;
  #options: LeaseOptions;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #over = false;

  constructor(record: GenerationRecord, options: LeaseOptions) {
    this.#record = record;
    this.#options = options;
    this.#await();
  }

  get generation(): number {
    return this.#record.generation;
  }

  async announce(address: string): Promise<void> {
    this.#record = { ...this.#record, address };
    await this.#write();
  }

  /** The next engine may start. */
  async end(ended: Ended): Promise<void> {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#record = { ...this.#record, ended };
    await this.#write().catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
  }

  #await(): void {
    this.#timer = setTimeout(() => void this.#beat(), this.#options.beatMs);
  }

  async #beat(): Promise<void> {
    try {
      const newest = (await listGenerations(this.#options.home)).at(-1) ?? 0;
      if (newest > this.generation) this.#lose(`generation ${newest} has taken over`);
      else await this.#write();
    } catch (error) {
      if (isMissing(error)) this.#lose('its generation file was removed');
      else this.#options.log(`The heartbeat could not be written: ${String(error)}`);
    }
    if (!this.#over) this.#await();
  }

  #lose(why: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#options.onLost(why);
  }

  #write(): Promise<void> {
    const write = this.#writing.then(() => this.#overwrite());
    this.#writing = write.catch(() => undefined);
    return write;
  }

  /** In place: needs no new space on a full disk, and never brings a removed file back. */
  async #overwrite(): Promise<void> {
    const text = printRecord({ ...this.#record, beat: new Date().toISOString() });
    const file = await open(generationPath(this.#options.home, this.generation), 'r+');
    try {
      const { bytesWritten } = await file.write(text, 0, 'utf8');
      await file.truncate(bytesWritten);
      await file.sync();
    } finally {
      await file.close();
    }
  }
}
