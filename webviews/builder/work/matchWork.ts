// What a pattern finds in lines of a sample: places to colour, counts, and the first values with what the condition makes of them.
import { answerCondition, type ConditionAnswer } from '../../../language/condition/answer';
import { parseCondition } from '../../../language/condition/parser';
import { compileCached } from '../../../language/patternProblems';
import type { Pattern, PatternMatch } from '../../../language/regex/compile';
import { builtInVariables } from '../../../language/variables';

export interface MatchJob {
  readonly pattern: string;
  /** Joined with line ends. */
  readonly lines: string;
  /** For each group its name; empty: none. */
  readonly names: readonly string[];
  /** Empty: always. */
  readonly condition: string;
  /** How many matches are wanted with their values. */
  readonly rows: number;
  /** Whether the places of all matches are wanted. */
  readonly wantsPlaces: boolean;
}

export interface MatchPlace {
  /** Index of the line, from 0. */
  readonly line: number;
  /** Within the line. */
  readonly start: number;
  readonly end: number;
  readonly groups: readonly (readonly [number, number] | null)[];
}

/** Of a condition: what it came to in this row. */
export interface ConditionResult {
  readonly holds: boolean;
  /** Python's repr, or the error. */
  readonly text: string;
  readonly isError: boolean;
}

export interface MatchRow {
  readonly line: number;
  /** The matched text, then the groups. */
  readonly values: readonly (string | null)[];
  readonly condition: ConditionResult | undefined;
}

export interface MatchAnswer {
  readonly matches: number;
  /** Indices of the lines that match, in their order. */
  readonly lines: readonly number[];
  readonly rows: readonly MatchRow[];
  readonly places: readonly MatchPlace[];
}

const nothing: MatchAnswer = { matches: 0, lines: [], rows: [], places: [] };

/** Matches each line by itself, as the engine does. Time has no bound here: whoever asks ends it. */
export function matchLines(job: MatchJob): MatchAnswer {
  const pattern = compileCached(job.pattern).value;
  if (!pattern || job.pattern === '') return nothing;
  const { matches } = findAll(pattern, job);
  const starts = findStarts(job.lines, matches);
  const lines: number[] = [];
  for (const { line } of starts) if (lines.at(-1) !== line) lines.push(line);
  const toRow = createRows(job);
  return {
    matches: matches.length,
    lines,
    rows: matches.slice(0, job.rows).map((match, index) => toRow(match, job.lines, starts[index]?.line ?? 0)),
    places: job.wantsPlaces ? matches.map((match, index) => toPlace(match, starts[index] ?? first)) : [],
  };
}

const findAll = (pattern: Pattern, { lines, wantsPlaces }: MatchJob): { matches: readonly PatternMatch[] } =>
  pattern.findAll(lines, Infinity, { byLine: true, spans: wantsPlaces });

interface LineStart {
  readonly line: number;
  readonly start: number;
}

const first: LineStart = { line: 0, start: 0 };

/** The line of each match; matches are in the order of the text. */
function findStarts(text: string, matches: readonly PatternMatch[]): readonly LineStart[] {
  let line = 0;
  let start = 0;
  let end = text.indexOf('\n');
  return matches.map((match) => {
    while (end !== -1 && end < match.start) {
      line += 1;
      start = end + 1;
      end = text.indexOf('\n', start);
    }
    return { line, start };
  });
}

const toPlace = ({ start, end, groupSpans }: PatternMatch, of: LineStart): MatchPlace => ({
  line: of.line,
  start: start - of.start,
  end: end - of.start,
  groups: groupSpans.map((span) => span && ([span[0] - of.start, span[1] - of.start] as const)),
});

/** No job is there: what is known of one is empty. */
const builtIns = {
  ...Object.fromEntries(Object.keys(builtInVariables).map((name) => [name, ''])),
  trigger_count: 0,
};

function createRows({
  names,
  condition,
}: MatchJob): (match: PatternMatch, text: string, line: number) => MatchRow {
  const parsed = condition.trim() === '' ? undefined : parseCondition(condition).value;
  return ({ start, end, groups }, text, line) => {
    const captured = Object.fromEntries(
      names.flatMap((name, index) => (name === '' ? [] : [[name, groups[index] ?? null]])),
    );
    const answer = parsed && answerCondition(parsed, { ...builtIns, ...captured });
    return { line, values: [text.slice(start, end), ...groups], condition: answer && toResult(answer) };
  };
}

const toResult = (answer: ConditionAnswer): ConditionResult =>
  answer.ok
    ? { holds: answer.truth, text: answer.repr, isError: false }
    : { holds: false, text: `${answer.error.type}: ${answer.error.message}`, isError: true };
