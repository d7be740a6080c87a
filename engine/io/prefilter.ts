// Finds the segments that a pattern can match at all, by the texts of which each of its matches contains one.
import type { OutputChunk } from './outputChunk';

export class Prefilter {
  private readonly needles: readonly string[];
  /** Where each needle was found last. */
  private readonly places: number[];

  /** Without texts every segment may match. */
  constructor(
    private readonly chunk: OutputChunk,
    texts: readonly string[] = [],
  ) {
    this.needles = texts.map(toRaw);
    this.places = texts.map(() => -1);
  }

  /** The first such segment from `segment` on; the chunk's count where there is none. */
  next(segment: number): number {
    if (segment >= this.chunk.count || this.needles.length === 0) return segment;
    const start = this.chunk.rawStartOf(segment);
    let nearest = Infinity;
    for (let index = 0; index < this.needles.length; index++)
      nearest = Math.min(nearest, this.find(index, start));
    return nearest === Infinity ? this.chunk.count : this.chunk.segmentAt(nearest, segment);
  }

  private find(index: number, start: number): number {
    const known = this.places[index] ?? -1;
    if (known >= start) return known;
    const place = this.chunk.raw.indexOf(this.needles[index] ?? '', start);
    this.places[index] = place === -1 ? Infinity : place;
    return this.places[index];
  }
}

/** As a chunk writes it: a character for each byte. */
const toRaw = (text: string): string => Buffer.from(text).toString('latin1');
