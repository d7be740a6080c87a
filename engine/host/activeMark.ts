// Keeps `<home>/active`: whoever starts next, also after a reboot, sees by it alone that watchers are to be resumed.
import { rm, writeFile } from 'node:fs/promises';

const text = 'Watchers are active. This file tells the next start to resume them.\n';

/** Sets and takes away in the order of the calls; what the last one said holds. */
export class ActiveMark {
  readonly #path: string;
  readonly #log: (line: string) => void;
  #said: boolean | null = null;
  #work: Promise<void> = Promise.resolve();

  constructor(path: string, log: (line: string) => void) {
    this.#path = path;
    this.#log = log;
  }

  say(active: boolean): void {
    if (active === this.#said) return;
    this.#said = active;
    this.#work = this.#work
      .then(() => (active ? writeFile(this.#path, text, { mode: 0o600 }) : rm(this.#path, { force: true })))
      .catch((error: unknown) => {
        this.#said = null;
        this.#log(`${this.#path}: ${String(error)}`);
      });
  }

  async settled(): Promise<void> {
    await this.#work;
  }
}
