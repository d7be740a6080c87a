// What works beside the page of an output: a pattern on lines, as watchers would match it.
import { findBounded } from '../../language/regex/boundedFind';
import { compilePattern, type Pattern } from '../../language/regex/compile';
import { answerJobs } from '../kit/answerJobs';

export interface FindJob {
  readonly pattern: string;
  readonly texts: readonly string[];
}

export interface FindResult {
  /** Why the pattern cannot be used; null if it can. */
  readonly problem: string | null;
  /** Of each text: from where to where it matches. */
  readonly spans: readonly (readonly (readonly [number, number])[])[];
}

const mostSpans = 200;

let compiled:
  { readonly source: string; readonly pattern: Pattern | undefined; readonly problem: string } | undefined;

function compile(source: string): NonNullable<typeof compiled> {
  if (compiled?.source === source) return compiled;
  const { value, problems } = compilePattern(source);
  return (compiled = { source, pattern: value, problem: problems[0]?.message ?? '' });
}

answerJobs(({ pattern: source, texts }: FindJob): FindResult => {
  const { pattern, problem } = compile(source);
  if (!pattern) return { problem, spans: [] };
  const spans = texts.map((text) =>
    findBounded(pattern, text)
      .matches.slice(0, mostSpans)
      .map(({ start, end }) => [start, end] as const),
  );
  return { problem: null, spans };
});
