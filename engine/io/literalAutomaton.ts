// Finds any number of literals in one pass over bytes (Aho and Corasick, 1975).

export interface Literal {
  readonly bytes: Buffer;
  /** Has small letters only, which stand for ASCII's capitals too. */
  readonly folded: boolean;
}

interface State<Wanted> {
  /** By class of byte. */
  readonly next: Map<number, State<Wanted>>;
  readonly endings: Wanted[];
  readonly number: number;
}

/** Its states know no case; what ends in one and is not folded is compared once more. */
export class LiteralAutomaton<Wanted extends Literal> {
  /** Class of each byte; 0 for those that no literal has. */
  private readonly classes = new Uint8Array(256);
  private readonly width: number;
  /** By state and class the next state, times the width; below zero where literals end. */
  private readonly table: Int32Array;
  private readonly endings: (readonly Wanted[])[] = [];

  /** None of them is empty. */
  constructor(literals: readonly Wanted[]) {
    this.width = this.classify(literals);
    const states = this.grow(literals);
    this.table = new Int32Array(states.length * this.width);
    this.connect(states);
  }

  /** Calls `take` for each place of a literal, with that of its last byte, from left to right. */
  find(bytes: Buffer, take: (literal: Wanted, last: number) => void): void {
    const { table, classes, width, endings } = this;
    if (width === 1) return;
    let state = 0;
    for (let at = 0; at < bytes.length; at++) {
      state = table[state + (classes[bytes[at] ?? 0] ?? 0)] ?? 0;
      if (state >= 0) continue;
      state = -state;
      for (const literal of endings[state / width] ?? [])
        if (literal.folded || endsAt(literal.bytes, bytes, at)) take(literal, at);
    }
  }

  private classify(literals: readonly Wanted[]): number {
    let width = 1;
    for (const { bytes } of literals)
      for (const byte of bytes) {
        const small = toSmall(byte);
        if (this.classes[small] !== 0) continue;
        this.classes[small] = width;
        if (isSmallLetter(small)) this.classes[small - 0x20] = width;
        width++;
      }
    return width;
  }

  private grow(literals: readonly Wanted[]): State<Wanted>[] {
    const states: State<Wanted>[] = [];
    const add = (): State<Wanted> => {
      const state: State<Wanted> = { next: new Map(), endings: [], number: states.length };
      states.push(state);
      return state;
    };
    const root = add();
    for (const literal of literals) {
      let state = root;
      for (const byte of literal.bytes) {
        const byClass = this.classes[byte] ?? 0;
        const next = state.next.get(byClass) ?? add();
        state.next.set(byClass, next);
        state = next;
      }
      state.endings.push(literal);
    }
    return states;
  }

  /** Breadth first: a state fails to one that is nearer to the root, and has its row already. */
  private connect(states: readonly State<Wanted>[]): void {
    const fails = new Map<State<Wanted>, State<Wanted>>();
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

/** Whether the literal, which is there but for the case of its letters, is there as it is written. */
function endsAt(literal: Buffer, bytes: Buffer, last: number): boolean {
  const first = last - literal.length + 1;
  for (let at = 0; at < literal.length; at++) if (literal[at] !== bytes[first + at]) return false;
  return true;
}

const isSmallLetter = (byte: number): boolean => byte >= 0x61 && byte <= 0x7a;

const toSmall = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte);
