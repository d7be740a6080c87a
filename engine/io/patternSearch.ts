// One pattern over one stretch of output: only segments that it can match are looked at, and it can be stopped anywhere.
import { compilePattern, type Pattern } from '../../language/regex/compile';
import { findMandatoryLiterals } from '../../language/regex/mandatoryLiteral';
import type { Hit } from '../ports';
import type { OutputChunk } from './outputChunk';
import { Prefilter } from './prefilter';
import { runWithin, type Work } from './timeLimit';

export interface Found {
  readonly hits: readonly Hit[];
  /** File offset of the first segment that was not matched within the budget; null where all were. */
  readonly stopped: number | null;
}

/** A slow but honest pattern, one for the language's own matcher, gets its budget anew for so many bytes. */
const bytesPerBudget = 16 * 1024;

/** Matches the segments that begin at the file offset `from` or later. */
export function searchPattern(source: string, from: number, chunk: OutputChunk, budgetMs: number): Found {
  const compiled = findCompiled(source);
  const begin = chunk.findFrom(from);
  // Nothing is ever submitted with what is no pattern.
  if (!compiled) return { hits: [], stopped: begin < chunk.count ? chunk.startOf(begin) : null };
  const search = new PatternSearch(compiled, chunk, begin);
  // Looking for text takes no time worth limiting, a script does.
  search.skip();
  const limits = { pieceMs: budgetMs, totalMs: budgetMs * Math.max(1, chunk.length / bytesPerBudget) };
  const isDone = search.isDone || runWithin(limits, search);
  return { hits: search.finished(), stopped: isDone && search.isDone ? null : search.place };
}

class PatternSearch implements Work {
  pieceBegun = 0;
  private hits: Hit[] = [];
  private readonly prefilter: Prefilter;

  /** `segment`: the one that comes next; those before it are finished, wherever `step` is stopped. */
  constructor(
    private readonly compiled: Compiled,
    private readonly chunk: OutputChunk,
    private segment: number,
  ) {
    this.prefilter = new Prefilter(chunk, compiled.literals);
  }

  get isDone(): boolean {
    return this.segment >= this.chunk.count;
  }

  /** File offset of the segment that comes next. */
  get place(): number {
    return this.chunk.startOf(this.segment);
  }

  /** Hits of the segments that are finished. */
  finished(): readonly Hit[] {
    const { place } = this;
    return this.isDone ? this.hits : this.hits.filter(({ segment }) => segment < place);
  }

  skip(): void {
    this.segment = this.prefilter.next(this.segment);
  }

  /** Ends before it is done where the own matcher runs out of steps. */
  step(): void {
    this.hits = [...this.finished()];
    this.skip();
    while (!this.isDone) {
      this.pieceBegun = performance.now();
      if (!this.matchSegment()) return;
      this.segment++;
      this.skip();
    }
  }

  private matchSegment(): boolean {
    const { text, isAscii: ascii } = this.chunk.textOf(this.segment);
    const { matches, exhausted } = this.compiled.pattern.findAll(text, Infinity, { spans: false, ascii });
    if (exhausted) return false;
    for (const { start, end, groups } of matches)
      this.hits.push({
        line: this.chunk.lineOf(this.segment),
        segment: this.place,
        groups: [text.slice(start, end), ...groups],
      });
    return true;
  }
}

interface Compiled {
  readonly pattern: Pattern;
  /** Each match contains one of them; undefined where they have nothing in common. */
  readonly literals: readonly string[] | undefined;
}

/** Beyond so many the one that was made first is made again when it is needed. */
const maxCompiled = 2000;
const compiledPatterns = new Map<string, Compiled | undefined>();

function findCompiled(source: string): Compiled | undefined {
  if (compiledPatterns.has(source)) return compiledPatterns.get(source);
  const pattern = compilePattern(source).value;
  const compiled = pattern && { pattern, literals: findMandatoryLiterals(pattern) };
  const [oldest] = compiledPatterns.keys();
  if (oldest !== undefined && compiledPatterns.size >= maxCompiled) compiledPatterns.delete(oldest);
  compiledPatterns.set(source, compiled);
  return compiled;
}
