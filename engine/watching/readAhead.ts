// Reads on while what was read is matched: the next stretch of files that hold more.
import type { ReadAnswer, ReadRequest } from '../ports';

type ReadFiles = (requests: readonly ReadRequest[]) => Promise<readonly ReadAnswer[]>;

/** For one stretch of rounds: what was read ahead and is not asked for in the next round is dropped. */
export class ReadAhead {
  private begun:
    | { readonly requests: readonly ReadRequest[]; readonly answers: Promise<readonly ReadAnswer[]> }
    | undefined;

  constructor(private readonly read: ReadFiles) {}

  /** Asks for what the next round is expected to ask for. */
  begin(requests: readonly ReadRequest[]): void {
    if (requests.length === 0) return;
    const answers = this.read(requests);
    answers.catch(() => undefined); // Whoever takes them is told.
    this.begun = { requests, answers };
  }

  /** The answers in the order of the requests: those that were read ahead, if all were. */
  async take(requests: readonly ReadRequest[]): Promise<readonly ReadAnswer[]> {
    const { begun } = this;
    this.begun = undefined;
    if (!begun) return this.read(requests);
    const places = requests.map((request) => begun.requests.findIndex((ahead) => isSame(ahead, request)));
    if (places.includes(-1)) return this.read(requests);
    const answers = await begun.answers;
    return places.map((place) => answers[place] ?? { kind: 'missing' });
  }
}

const isSame = (a: ReadRequest, b: ReadRequest): boolean =>
  a.path === b.path &&
  a.from === b.from &&
  a.maxBytes === b.maxBytes &&
  a.before === b.before &&
  a.head === b.head &&
  a.fresh === b.fresh;
