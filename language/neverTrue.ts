// Comparisons of conditions that can never hold: words that the job's end does not have, and ends before the end.
import { parseCondition } from './condition/parser';
import { childrenOf, type CompareOperator, type Expression } from './condition/tree';
import { findJobState, jobStateTable, toJobEndState, toJobEndWord, type JobEndWord } from './jobStates';
import { spanIn, type MappedText } from './mappedText';
import { findNearest } from './nearest';
import { toProblem, type Fix, type Problem } from './problem';
import { isBuiltInVariable, isKnownAtEnd } from './variables';

export interface ConditionPlace {
  readonly captures: readonly string[];
  readonly triggersOnJobEnd: boolean;
}

const endWords: readonly JobEndWord[] = ['completed', 'failed', 'timeout', 'cancelled', 'unknown'];
const stateWords = Object.keys(jobStateTable);
const concerned = /\b(?:job_end_state|JOB_STATE|EXIT_CODE|EXIT_SIGNAL)\b/;

export function findNeverTrue(value: MappedText, place: ConditionPlace): readonly Problem[] {
  if (!concerned.test(value.text)) return [];
  const condition = parseCondition(value.text).value;
  if (!condition) return [];
  const found: Problem[] = [];
  const empty = new Set<number>();
  for (const expression of walk(condition.tree)) {
    if (expression.op !== 'compare') continue;
    let left = expression.first;
    for (const { sign, operand: right } of expression.rest) {
      for (const [name, other] of [
        [left, right],
        [right, left],
      ] as const) {
        if (name.op !== 'name' || place.captures.includes(name.name)) continue;
        if (sign === '==' && isText(other) && other.value === '') empty.add(name.start);
        found.push(...judgeComparison(value, { name, sign, other, isFirst: name === left }));
      }
      left = right;
    }
  }
  if (place.triggersOnJobEnd) return found;
  for (const { name, offset } of condition.names) {
    const isEarly = isBuiltInVariable(name) && isKnownAtEnd(name) && !place.captures.includes(name);
    if (!isEarly || empty.has(offset)) continue;
    found.push(
      toProblem(
        'never-true',
        spanIn(value, offset, offset + name.length),
        `"${name}" is empty until the job has ended, and this watcher acts before.`,
        'Write trigger_on_job_end=true, or leave it out of the condition.',
      ),
    );
  }
  return found;
}

type Name = Extract<Expression, { readonly op: 'name' }>;
type Literal = Extract<Expression, { readonly op: 'literal' }>;
type TextLiteral = Literal & { readonly value: string };

const isText = (expression: Expression): expression is TextLiteral =>
  expression.op === 'literal' && typeof expression.value === 'string';

interface Comparison {
  readonly name: Name;
  readonly sign: CompareOperator;
  readonly other: Expression;
  readonly isFirst: boolean;
}

/** The word that is meant, and the name that has it. */
interface Meant {
  readonly name: string;
  readonly word: string;
}

function judgeComparison(value: MappedText, { name, sign, other, isFirst }: Comparison): readonly Problem[] {
  if (name.name !== 'job_end_state' && name.name !== 'JOB_STATE') return [];
  const isEqual = sign === '==' || sign === '!=';
  const isIn = (sign === 'in' || sign === 'not in') && isFirst;
  const items = isEqual ? [other] : isIn && (other.op === 'tuple' || other.op === 'list') ? other.items : [];
  return items.filter(isText).flatMap((item) => {
    if (isWordOf(name.name, item.value)) return [];
    const meant = findMeant(name.name, item.value);
    // A list has one name for all of its words.
    const isFixed = meant && (items.length === 1 || meant.name === name.name);
    return toNeverTrue(value, {
      name,
      item,
      meant,
      fix: isFixed ? toFix(value, { name, item, meant }) : undefined,
    });
  });
}

const isWordOf = (name: string, word: string): boolean =>
  name === 'job_end_state'
    ? word === '' || endWords.some((known) => known === word)
    : Object.hasOwn(jobStateTable, word);

function findMeant(name: string, word: string): Meant | undefined {
  const state = findJobState(word);
  const end = state && toJobEndState(state);
  if (name === 'JOB_STATE') {
    const nearest = state ?? findNearest(word.toUpperCase(), stateWords);
    return nearest === undefined ? undefined : { name, word: nearest };
  }
  if (end) {
    const family = toJobEndWord(end);
    return family === end ? { name, word: family } : { name: 'JOB_STATE', word: state };
  }
  const nearest = findNearest(word.toLowerCase(), endWords);
  return nearest === undefined ? undefined : { name, word: nearest };
}

interface Written {
  readonly name: Name;
  readonly item: TextLiteral;
}

function toNeverTrue(
  value: MappedText,
  { name, item, meant, fix }: Written & { readonly meant: Meant | undefined; readonly fix: Fix | undefined },
): readonly Problem[] {
  const words = name.name === 'job_end_state' ? `: it is ${endWords.join(', ')} or empty` : '';
  return [
    toProblem(
      'never-true',
      spanIn(value, item.start, item.end),
      `"${name.name}" is never "${item.value}"${words}.`,
      meant ? `Write ${meant.name} == "${meant.word}".` : 'Write a word that it can be.',
      fix && { fix },
    ),
  ];
}

function toFix(value: MappedText, { name, item, meant }: Written & { readonly meant: Meant }): Fix {
  const quote = value.text[item.start] === "'" ? "'" : '"';
  const word = { span: spanIn(value, item.start, item.end), newText: `${quote}${meant.word}${quote}` };
  if (meant.name === name.name) return { title: `Write ${word.newText}`, edits: [word] };
  const edits = [{ span: spanIn(value, name.start, name.end), newText: meant.name }, word];
  return { title: `Write ${meant.name} == ${word.newText}`, edits };
}

/** An expression and all within it. */
function* walk(tree: Expression): Generator<Expression> {
  yield tree;
  for (const child of childrenOf(tree)) yield* walk(child);
}
