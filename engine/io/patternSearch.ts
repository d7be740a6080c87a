// One pattern over the segments that can match it: it can be stopped anywhere, and goes on with the segment it was in.
import type { Hit } from '../ports';
import type { CompiledPattern } from './compiledPatterns';
import type { Candidates } from './literalIndex';
import type { OutputChunk } from './outputChunk';
import { busyBetween, longAgo, readWall, takeMoment } from './processorTime';
import { runWithin } from './timeLimit';

export interface Budget {
  /** For one segment, ms that the thread is busy. */
  readonly segmentMs: number;
  /** For one pattern and all segments. */
  readonly patternMs: number;
}

/** Asking how long each segment takes would take longer than matching it. */
const sampleMs = 2;
/** Of the budget for a segment: what one has taken that is given up. */
const hopelessPart = 0.7;
/** What seems to take so much is tried once more for so long: it may have been the collection of garbage that took it. */
const secondTryMs = 4;
/** A machine that gives no processor time is waited for so many times longer. */
const patience = 16;

const searchOptions = {
  ascii: { spans: false, kind: 'ascii' },
  bars: { spans: false, kind: 'bars' },
  plain: { spans: false, kind: 'plain' },
  any: { spans: false, kind: 'any' },
} as const;

export class PatternSearch {
  /** The own matcher of the language ran out of steps, or the budget was spent. */
  private isStopped = false;
  /** The segment that last seemed to take too long. */
  private suspect: number | undefined;
  /** When the segment began, or up to `sampleMs` before. */
  private sampled = longAgo;
  /** When the turn came to this search, and what earlier turns took. */
  private turn = longAgo;
  private spentMs = 0;
  private hits: Hit[] = [];
  /** Place in the candidates of the one that comes next. */
  private next: number;

  constructor(
    readonly compiled: CompiledPattern,
    private readonly chunk: OutputChunk,
    private readonly candidates: Candidates,
    /** Segments before it are not looked at. */
    first: number,
  ) {
    this.next = candidates ? countBefore(candidates, first) : first;
  }

  get isDone(): boolean {
    return this.isStopped || this.segment === undefined;
  }

  /** Whether the segment that comes next is tried for the second time. */
  get isSuspect(): boolean {
    return this.suspect !== undefined && this.suspect === this.segment;
  }

  /** File offset of the first segment that was not matched within the budget; null where all were. */
  get stoppedAt(): number | null {
    const { segment } = this;
    return segment === undefined ? null : this.chunk.startOf(segment);
  }

  /** Of the segments that are finished. */
  finishedHits(): readonly Hit[] {
    const end = this.stoppedAt;
    return end === null ? this.hits : this.hits.filter(({ segment }) => segment < end);
  }

  step(): void {
    // Where it was stopped within a segment that one is looked at again.
    this.hits = [...this.finishedHits()];
    this.sampled = longAgo;
    this.turn = takeMoment();
    for (let { segment } = this; segment !== undefined && !this.isStopped; { segment } = this) {
      this.sample();
      if (this.matchSegment(segment)) this.next++;
      else this.isStopped = true;
    }
  }

  /** After its time was up: stops it for good where the budget is spent. */
  charge({ segmentMs, patternMs }: Budget, isLastTurn: boolean): void {
    if (this.sampled === longAgo) return;
    const now = takeMoment();
    this.spentMs += busyBetween(this.turn, now);
    // One that began late in its turn, or that waited for the processor, deserves another turn.
    const { isSuspect } = this;
    const seemsHopeless =
      busyBetween(this.sampled, now) >= (isSuspect ? secondTryMs : segmentMs) * hopelessPart;
    if (seemsHopeless) this.suspect = this.segment;
    this.isStopped ||= (seemsHopeless && isSuspect) || this.spentMs >= patternMs || isLastTurn;
  }

  private sample(): void {
    if (readWall() - this.sampled.wall >= sampleMs) this.sampled = takeMoment();
  }

  private get segment(): number | undefined {
    if (this.candidates) return this.candidates[this.next];
    return this.next < this.chunk.count ? this.next : undefined;
  }

  private matchSegment(segment: number): boolean {
    const { text, kind } = this.chunk.textOf(segment);
    const { matches, exhausted } = this.compiled.pattern.findAll(text, Infinity, searchOptions[kind]);
    if (exhausted) return false;
    if (matches.length === 0) return true;
    const line = this.chunk.lineOf(segment);
    const start = this.chunk.startOf(segment);
    for (const match of matches)
      this.hits.push({ line, segment: start, groups: [text.slice(match.start, match.end), ...match.groups] });
    return true;
  }
}

function countBefore(candidates: readonly number[], first: number): number {
  const next = candidates.findIndex((segment) => segment >= first);
  return next === -1 ? candidates.length : next;
}

/** Runs them one after another; one that is stopped for good does not keep the others from their turn. */
export function runSearches(searches: readonly PatternSearch[], budget: Budget): void {
  const waiting = searches.filter(({ isDone }) => !isDone);
  const stepAll = (): void => {
    for (let [search] = waiting; search; [search] = waiting) {
      search.step();
      waiting.shift();
    }
  };
  for (let turnMs = budget.segmentMs; waiting.length > 0;) {
    const before = takeMoment();
    if (runWithin(turnMs, stepAll)) return;
    const wasSuspect = waiting[0]?.isSuspect;
    waiting[0]?.charge(budget, turnMs >= budget.segmentMs * patience);
    while (waiting[0]?.isDone) waiting.shift();
    const isSuspect = waiting[0]?.isSuspect === true;
    const isStarved = busyBetween(before, takeMoment()) < turnMs / 2;
    // On a busy machine a longer turn is what gives it its time.
    if (isStarved && (wasSuspect || !isSuspect)) turnMs *= 2;
    else turnMs = isSuspect ? secondTryMs : budget.segmentMs;
  }
}
