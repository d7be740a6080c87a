// One pattern over the segments that can match it: it can be stopped anywhere, and goes on with the segment it was in.
import type { Hit } from '../ports';
import type { CompiledPattern } from './compiledPatterns';
import type { Candidates } from './literalIndex';
import type { OutputChunk } from './outputChunk';
import { runWithin } from './timeLimit';

export interface Budget {
  /** For one segment, ms of processor time. */
  readonly segmentMs: number;
  /** For one pattern and all segments. */
  readonly patternMs: number;
}

export class PatternSearch {
  /** The own matcher of the language ran out of steps, or the budget was spent. */
  private isStopped = false;
  private begun: number | undefined;
  private segmentBegun = 0;
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
    this.next = candidates ? candidates.filter((segment) => segment < first).length : first;
  }

  get isDone(): boolean {
    return this.isStopped || this.segment === undefined;
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
    this.begun ??= performance.now();
    // Where it was stopped within a segment that one is looked at again.
    this.hits = [...this.finishedHits()];
    for (let { segment } = this; segment !== undefined && !this.isStopped; { segment } = this) {
      this.segmentBegun = performance.now();
      if (this.matchSegment(segment)) this.next++;
      else this.isStopped = true;
    }
  }

  /** After its time was up: stops it for good where the budget is spent. */
  charge(ms: number, turnBegun: number, { segmentMs, patternMs }: Budget): void {
    const now = performance.now();
    if (this.begun === undefined) return;
    const own = Math.min(ms, now - Math.max(turnBegun, this.begun));
    this.spentMs += own;
    // One that had only a part of the turn, or that waited for the processor, deserves a turn of its own.
    const isHopeless = Math.min(own, now - this.segmentBegun) >= segmentMs / 2;
    const isStarved = now - this.begun >= patience * patternMs;
    this.isStopped ||= isHopeless || isStarved || this.spentMs >= patternMs;
  }

  private get segment(): number | undefined {
    if (this.candidates) return this.candidates[this.next];
    return this.next < this.chunk.count ? this.next : undefined;
  }

  private matchSegment(segment: number): boolean {
    const { text, isAscii: ascii } = this.chunk.textOf(segment);
    const { matches, exhausted } = this.compiled.pattern.findAll(text, Infinity, { spans: false, ascii });
    if (exhausted) return false;
    const line = this.chunk.lineOf(segment);
    const start = this.chunk.startOf(segment);
    for (const match of matches)
      this.hits.push({ line, segment: start, groups: [text.slice(match.start, match.end), ...match.groups] });
    return true;
  }
}

/** A machine that gives no processor time is waited for so many times longer. */
const patience = 20;

/** Runs them one after another; one that is stopped for good does not keep the others from their turn. */
export function runSearches(searches: readonly PatternSearch[], budget: Budget): void {
  const waiting = searches.filter(({ isDone }) => !isDone);
  const stepAll = (): void => {
    for (let [search] = waiting; search; [search] = waiting) {
      search.step();
      waiting.shift();
    }
  };
  while (waiting.length > 0) {
    const begun = performance.now();
    const spent = runWithin(budget.segmentMs, stepAll);
    const [current] = waiting;
    if (spent !== undefined) current?.charge(spent, begun, budget);
    while (waiting[0]?.isDone) waiting.shift();
  }
}
