// Looks for the literals of any number of patterns in one pass over the bytes (Aho and Corasick, 1975).
import type { OutputChunk } from './outputChunk';

/** Literals in small letters, one of which is in every match of a pattern; undefined: nothing is known of it. */
export type Literals = readonly string[] | undefined;

/** Segments in rising order that may have a match of a pattern; undefined: all of them. */
export type Candidates = readonly number[] | undefined;

/** A longer literal is looked for by its beginning: that is rare enough. */
const maxLength = 16;

interface State {
  /** By class of byte. */
  readonly next: Map<number, State>;
  /** Patterns whose literals end here. */
  readonly owners: Set<number>;
  readonly number: number;
}

/** The letters of ASCII count in both cases. */
export class LiteralIndex {
  /** Class of each byte; 0 for those that no literal has. */
  private readonly classes = new Uint8Array(256);
  private readonly width: number;
  /** By state and class the next state, times the width; below zero where literals end. */
  private readonly table: Int32Array;
  private readonly owners: (readonly number[])[] = [];

  constructor(private readonly literals: readonly Literals[]) {
    const texts = literals.map((some) => some?.map((text) => Buffer.from(text).subarray(0, maxLength)) ?? []);
    this.width = this.classify(texts.flat());
    const states = this.grow(texts);
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
      segment = chunk.segmentAt(at, segment);
      for (const owner of this.owners[state / width] ?? []) {
        const segments = found[owner];
        if (segments && segments.at(-1) !== segment) segments.push(segment);
      }
    }
    return found;
  }

  private classify(texts: readonly Buffer[]): number {
    let width = 1;
    for (const text of texts)
      for (const byte of text) {
        if (this.classes[byte] !== 0) continue;
        this.classes[byte] = width;
        const isLetter = byte >= 0x61 && byte <= 0x7a;
        if (isLetter) this.classes[byte - 0x20] = width;
        width++;
      }
    return width;
  }

  private grow(texts: readonly (readonly Buffer[])[]): State[] {
    const states: State[] = [];
    const add = (): State => {
      const state: State = { next: new Map(), owners: new Set(), number: states.length };
      states.push(state);
      return state;
    };
    const root = add();
    texts.forEach((some, owner) => {
      for (const text of some) {
        let state = root;
        for (const byte of text) {
          const byClass = this.classes[byte] ?? 0;
          const next = state.next.get(byClass) ?? add();
          state.next.set(byClass, next);
          state = next;
        }
        state.owners.add(owner);
      }
    });
    return states;
  }

  /** Breadth first: a state fails to one that is nearer to the root, and has its row already. */
  private connect(states: readonly State[]): void {
    const fails = new Map<State, State>();
    const queue = states.slice(0, 1);
    const rows: number[] = [];
    for (const state of queue) {
      const fail = fails.get(state);
      for (const owner of fail?.owners ?? []) state.owners.add(owner);
      this.owners[state.number] = [...state.owners];
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
      const ends = (this.owners[target]?.length ?? 0) > 0;
      this.table[index] = ends ? -target * this.width : target * this.width;
    });
  }
}
