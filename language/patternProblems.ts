// What is wrong or doubtful with a watcher's pattern and its captures.
import { spanIn, spanOf, type MappedText } from './mappedText';
import { toProblem, type Problem } from './problem';
import { compilePattern, type Pattern } from './regex/compile';
import { crossLineOnly, findDoubleEscapes, matchesEverything, type DoubleEscape } from './regex/facts';
import { findRisk, type Risk } from './regex/risk';
import { remember } from './remembered';

/** Equal patterns are compiled and looked through once, as long as they are remembered. */
export const compileCached = remember(2000, (source) => compilePattern(source));

/** What is doubtful about a pattern. */
interface Doubts {
  readonly risk: Risk | undefined;
  readonly isEverything: boolean;
  readonly isCrossLine: boolean;
}

const doubtsOf = new WeakMap<Pattern, Doubts>();

function findDoubts(pattern: Pattern): Doubts {
  let doubts = doubtsOf.get(pattern);
  if (!doubts) {
    doubts = {
      risk: findRisk(pattern),
      isEverything: matchesEverything(pattern),
      isCrossLine: crossLineOnly(pattern),
    };
    doubtsOf.set(pattern, doubts);
  }
  return doubts;
}

/** What is checked about a pattern takes more than linear time. */
export const longestPattern = 5000;

/** Errors of the pattern; without any, what is doubtful about it. */
export function checkPattern(value: MappedText): {
  readonly pattern: Pattern | undefined;
  readonly problems: readonly Problem[];
} {
  if (value.text.length > longestPattern) {
    const message = `The pattern is longer than ${longestPattern} characters.`;
    return {
      pattern: undefined,
      problems: [toProblem('unsupported-regex', spanOf(value), message, 'Write a shorter one.')],
    };
  }
  const { value: pattern, problems } = compileCached(value.text);
  if (!pattern) {
    const [problem] = problems;
    const message = problem?.message ?? 'unknown error';
    const remedy =
      problem?.code === 'unsupported-regex'
        ? 'Write the pattern without it.'
        : 'Correct the pattern; it is a Python regular expression.';
    return {
      pattern,
      problems: [
        toProblem(
          problem?.code ?? 'bad-regex',
          spanIn(value, problem?.offset ?? 0),
          `The pattern is not valid: ${message}.`,
          remedy,
        ),
      ],
    };
  }
  const found: Problem[] = findDoubleEscapes(value.text).map((escape) => toDoubleEscape(value, escape));
  const { risk, isEverything, isCrossLine } = findDoubts(pattern);
  if (risk)
    found.push(
      toProblem(
        'risky-regex',
        spanIn(value, risk.span.start, risk.span.end),
        `The pattern can take very long on a line that nearly matches: ${risk.message}.`,
        'Let each character of a line fit only one of the loops, or use one loop.',
      ),
    );
  if (isEverything)
    found.push(
      toProblem(
        'matches-everything',
        spanOf(value),
        'This pattern matches every line.',
        'Say what the line must contain.',
      ),
    );
  if (isCrossLine)
    found.push(
      toProblem(
        'cross-line-pattern',
        spanOf(value),
        'This pattern needs a line end, but each line is matched by itself, without its end.',
        'Match one line.',
      ),
    );
  return { pattern, problems: found };
}

/** `\\d` is a backslash and a "d": nearly always `\d` was meant. */
function toDoubleEscape(value: MappedText, { span: place, fix }: DoubleEscape): Problem {
  const span = spanIn(value, place.start, place.end);
  return toProblem(
    'double-escaped',
    span,
    `This is a literal backslash and a letter; ${fix} is written with one backslash.`,
    `Write ${fix}.`,
    { fix: { title: `Write ${fix}`, edits: [{ span, newText: fix }] } },
  );
}

const countOf = (count: number, what: string): string =>
  count === 0 ? `no ${what}` : `${count} ${what}${count === 1 ? '' : 's'}`;

/** `names`: the written captures, with their places. */
export function checkCaptures(pattern: Pattern, names: readonly MappedText[]): Problem[] {
  const problems: Problem[] = [];
  const surplus = names[pattern.groupCount];
  if (surplus) {
    const groups = countOf(pattern.groupCount, 'group');
    problems.push(
      toProblem(
        'capture-count',
        spanOf(surplus),
        `${names.length === 1 ? 'There is' : 'There are'} ${countOf(names.length, 'capture name')}, but the pattern has ${groups}.`,
        'Put parentheses around what is to be captured, or remove the name.',
      ),
    );
  } else {
    const last = names.at(-1);
    const named = [...pattern.groupNames.values()].filter((group) => group > names.length).length;
    if (last && names.length + named < pattern.groupCount)
      problems.push(
        toProblem(
          'capture-count',
          spanOf(last),
          `The pattern has ${countOf(pattern.groupCount, 'group')}, but only ${names.length + named} of them ${names.length + named === 1 ? 'has' : 'have'} a name.`,
          'Name them, or write (?:…) for groups that capture nothing.',
          { severity: 'hint' },
        ),
      );
  }
  return problems;
}
