// When the parts of an output were printed, as far as somebody has seen them come.

interface Arrival {
  readonly from: number;
  readonly to: number;
  readonly time: number;
}

/** Of more, the older ones are told less exactly. */
const mostArrivals = 10_000;

export class Arrivals {
  #all: Arrival[] = [];

  add(from: number, to: number, time: number): void {
    const last = this.#all.at(-1);
    if (last?.to === from && last.time === time) this.#all[this.#all.length - 1] = { ...last, to };
    else this.#all.push({ from, to, time });
    if (this.#all.length > mostArrivals) this.#all = thin(this.#all);
  }

  clear(): void {
    this.#all = [];
  }

  /** Undefined of what was there before. */
  timeOf(byte: number): number | undefined {
    let [low, high] = [0, this.#all.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const { from = Infinity, to = Infinity } = this.#all[middle] ?? {};
      if (byte < from) high = middle;
      else if (byte >= to) low = middle + 1;
      else return this.#all[middle]?.time;
    }
    return undefined;
  }
}

/** Every two of the older half become one, with the later time. */
function thin(all: readonly Arrival[]): Arrival[] {
  const half = all.length >> 1;
  const older = all.slice(0, half).flatMap((arrival, index) => {
    const next = index % 2 === 0 ? all[index + 1] : undefined;
    if (!next || index + 1 >= half) return index % 2 === 0 ? arrival : [];
    return next.from === arrival.to ? { ...next, from: arrival.from } : [arrival, next];
  });
  return [...older, ...all.slice(half)];
}
