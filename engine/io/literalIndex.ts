// Looks for the literals of any number of patterns in one pass over the bytes (Aho and Corasick, 1975).
import type { MandatoryLiterals } from '../../language/regex/mandatoryLiteral';
import type { OutputChunk } from './outputChunk';

/** Segments in rising order that may have a match of a pattern; undefined: all of them. */
export type Candidates = readonly number[] | undefined;

/** A longer literal is looked for by its beginning: that is rare enough. */
const maxLength = 16;

/** A literal with the patterns that want it; more than one where it is theirs in the same case. */
interface Ending {
  readonly bytes: Buffer;
  readonly folded: boolean;
  readonly owners: readonly number[];
}

interface State {
  /** By class of byte. */
  readonly next: Map<number, State>;
  readonly endings: Ending[];
  readonly number: number;
}

/** States know no case; what ends there and was written in capitals or small letters is compared once more. */
export class LiteralIndex {
  /** Class of each byte; 0 for those that no literal has. */
  private readonly classes = new Uint8Array(256);
  private readonly width: number;
  /** By state and class the next state, times the width; below zero where literals end. */
  private readonly table: Int32Array;
  private readonly endings: (readonly Ending[])[] = [];

  constructor(private readonly literals: readonly (MandatoryLiterals | undefined)[]) {
    const endings = toEndings(literals);
    this.width = this.classify(endings);
    const states = this.grow(endings);
    this.table = new Int32Array(states.length * this.width);
    this.connect(states);
  }

  /** By pattern. */
  search(chunk: OutputChunk): readonly Candidates[] {
    const found: (number[] | undefined)[] = this.literals.map((some) => some && []);
    const { table, classes, width } = this;
    if (width === 1) return found;
    const { bytes } = chunk;
    let state = 0;
    let segment = 0;
    for (let at = 0; at < bytes.length; at++) {
      state = table[state + (classes[bytes[at] ?? 0] ?? 0)] ?? 0;
      if (state >= 0) continue;
      state = -state;
      for (const ending of this.endings[state / width] ?? []) {
        if (!endsAt(ending, bytes, at)) continue;
        segment = chunk.segmentAt(at, segment);
        for (const owner of ending.owners) {
          const segments = found[owner];
          if (segments && segments.at(-1) !== segment) segments.push(segment);
        }
      }
    }
    return found;
  }

  private classify(endings: readonly Ending[]): number {
    let width = 1;
    for (const { bytes } of endings)
      for (const byte of bytes) {
        const small = toSmall(byte);
        if (this.classes[small] !== 0) continue;
        this.classes[small] = width;
        if (isSmallLetter(small)) this.classes[small - 0x20] = width;
        width++;
      }
    return width;
  }

  private grow(endings: readonly Ending[]): State[] {
    const states: State[] = [];
    const add = (): State => {
      const state: State = { next: new Map(), endings: [], number: states.length };
      states.push(state);
      return state;
    };
    const root = add();
    for (const ending of endings) {
      let state = root;
      for (const byte of ending.bytes) {
        const byClass = this.classes[byte] ?? 0;
        const next = state.next.get(byClass) ?? add();
        state.next.set(byClass, next);
        state = next;
      }
      state.endings.push(ending);
    }
    return states;
  }

  /** Breadth first: a state fails to one that is nearer to the root, and has its row already. */
  private connect(states: readonly State[]): void {
    const fails = new Map<State, State>();
    const queue = states.slice(0, 1);
    const rows: number[] = [];
    for (const state of queue) {
      const fail = fails.get(state);
      state.endings.push(...(fail?.endings ?? []));
      this.endings[state.number] = state.endings;
      for (let byClass = 0; byClass < this.width; byClass++) {
        const next = state.next.get(byClass);
        const failed = fail && states[rows[fail.number * this.width + byClass] ?? 0];
        rows[state.number * this.width + byClass] = (next ?? failed)?.number ?? 0;
        if (!next) continue;
        queue.push(next);
        const [root] = states;
        const target = failed ?? root;
        if (target) fails.set(next, target);
      }
    }
    rows.forEach((target, index) => {
      const ends = (this.endings[target]?.length ?? 0) > 0;
      this.table[index] = ends ? -target * this.width : target * this.width;
    });
  }
}

/** Each literal once. */
function toEndings(literals: readonly (MandatoryLiterals | undefined)[]): readonly Ending[] {
  const endings = new Map<string, { bytes: Buffer; folded: boolean; owners: number[] }>();
  for (const [owner, some] of literals.entries())
    for (const text of some?.texts ?? []) {
      const { folded = false } = some ?? {};
      const bytes = Buffer.from(text).subarray(0, maxLength);
      const key = `${folded} ${bytes.toString('latin1')}`;
      const ending = endings.get(key);
      if (ending === undefined) endings.set(key, { bytes, folded, owners: [owner] });
      else if (ending.owners.at(-1) !== owner) ending.owners.push(owner);
    }
  return [...endings.values()];
}

/** Whether a literal whose end in either case was found at `last` is there as it is written. */
function endsAt({ bytes: literal, folded }: Ending, bytes: Buffer, last: number): boolean {
  if (folded) return true;
  const first = last - literal.length + 1;
  for (let at = 0; at < literal.length; at++) if (literal[at] !== bytes[first + at]) return false;
  return true;
}

const isSmallLetter = (byte: number): boolean => byte >= 0x61 && byte <= 0x7a;

const toSmall = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte);
