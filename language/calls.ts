// Actions as they are written: `name`, `name(…)`, `name free words`, each with an optional ` if condition`.
import { findAction } from './actionTable';
import { parseCondition } from './condition/parser';
import { sliceText, spanOf, trimText, type MappedText } from './mappedText';
import { isMisquoted, toMisquoted } from './misquoted';
import { findNearest } from './nearest';
import { toProblem, type Problem } from './problem';
import { actionNames, type ActionType } from './actionTable';
import { skipBrackets, skipQuoted } from './scan';
import type { Span } from './text';
import { splitItems, unquote } from './values';

export interface WrittenParam {
  /** Undefined for the positional one. */
  readonly name: MappedText | undefined;
  readonly value: MappedText;
}

export interface WrittenAction {
  readonly type: ActionType | undefined;
  readonly name: MappedText;
  readonly span: Span;
  readonly params: readonly WrittenParam[];
  readonly condition: MappedText | undefined;
}

export interface ReadAction {
  readonly action: WrittenAction | undefined;
  readonly problems: readonly Problem[];
  /** A quote or bracket is open: the directive is left out. */
  readonly broken: boolean;
}

export function readAction(value: MappedText): ReadAction {
  const written = trimText(value);
  const commaAt = written.text.length - 1;
  if (!written.text.endsWith(',') || !isCall(sliceText(written, 0, commaAt))) return readOne(written);
  const read = readOne(trimText(sliceText(written, 0, commaAt)));
  return { ...read, problems: [...read.problems, toStrayComma(sliceText(written, commaAt))] };
}

const toStrayComma = (comma: MappedText): Problem =>
  toProblem('stray-text', spanOf(comma), 'Nothing follows the comma after this action.', 'Remove it.', {
    fix: { title: 'Remove the comma', edits: [{ span: spanOf(comma), newText: '' }] },
  });

function readOne(text: MappedText): ReadAction {
  const nameLength = /^[A-Za-z_][\w-]*/.exec(text.text)?.[0].length ?? 0;
  if (nameLength === 0) {
    const problem = toProblem(
      'unknown-action',
      spanOf(text),
      `"${text.text}" is not an action.`,
      'Write the name of an action, such as log_event.',
    );
    return { action: undefined, problems: [problem], broken: false };
  }
  const name = sliceText(text, 0, nameLength);
  const type = findAction(name.text);
  const behind = trimText(sliceText(text, nameLength));
  // As a key of YAML: `log_event: hello`.
  const rest = readRest(/^:(?=\s|$)/.test(behind.text) ? trimText(sliceText(behind, 1)) : behind);
  const problems = type ? [] : [toUnknown(name)];
  if (!rest) {
    const problem = toProblem(
      'unterminated-quote',
      spanOf(text),
      'A quote, bracket or parenthesis of this action is not closed.',
      'Close it; inside of a quoted text write \\" for a quote.',
    );
    return { action: undefined, problems: [...problems, problem], broken: true };
  }
  const { params, condition } = rest;
  return {
    action: { type, name, span: spanOf(text), params, condition },
    problems: [...problems, ...rest.problems],
    broken: false,
  };
}

function toUnknown(name: MappedText): Problem {
  const nearest = findNearest(name.text, actionNames);
  const remedy = nearest === undefined ? `Use one of: ${actionNames.join(', ')}.` : `Write ${nearest}.`;
  const fix =
    nearest === undefined
      ? {}
      : { fix: { title: `Write ${nearest}`, edits: [{ span: spanOf(name), newText: nearest }] } };
  const hint = nearest === undefined ? '.' : `: did you mean "${nearest}"?`;
  return toProblem('unknown-action', spanOf(name), `There is no action "${name.text}"${hint}`, remedy, fix);
}

type Rest = Pick<WrittenAction, 'params' | 'condition'> & Pick<ReadAction, 'problems'>;

/** What follows the name; undefined where something is not closed. */
function readRest(rest: MappedText): Rest | undefined {
  if (rest.text === '') return { params: [], condition: undefined, problems: [] };
  if (!rest.text.startsWith('(')) {
    const generated = /^if\s*=\s*(?=["'])/.exec(rest.text);
    return generated ? readGenerated(rest, generated[0].length) : readWords(rest);
  }
  const behind = skipBrackets(rest.text, 0);
  if (behind === undefined) return undefined;
  const { params, problems } = readParams(trimText(sliceText(rest, 1, behind - 1)));
  if (behind === rest.text.length) return { params, condition: undefined, problems };
  const after = trimText(sliceText(rest, behind));
  const condition = /^if(?=[\s("']|$)/.test(after.text) ? unquote(trimText(sliceText(after, 2))) : undefined;
  if (condition === undefined && after.text !== '')
    return { params: [...params, { name: undefined, value: after }], condition, problems };
  return { params, condition, problems };
}

/** `if="…"(…)` and `if="…"`, as ssync's generator writes them. */
function readGenerated(rest: MappedText, start: number): Rest | undefined {
  const behind = skipQuoted(rest.text, start);
  if (behind === undefined) return undefined;
  const after = trimText(sliceText(rest, behind));
  const close = after.text.startsWith('(') ? skipBrackets(after.text, 0) : 0;
  if (close === undefined) return undefined;
  const inside = close === 0 ? sliceText(after, 0, 0) : trimText(sliceText(after, 1, close - 1));
  return { ...readParams(inside), condition: unquote(sliceText(rest, start, behind)) };
}

/** Longer ones are words. */
const longestCondition = 2000;

/** Free words are the first parameter; ` if ` counts only if the rest is a condition. */
function readWords(rest: MappedText): Rest | undefined {
  const candidates = [...rest.text.matchAll(/(?:^|\s)if(?:\s+|$)/g)].filter(({ index, 0: word }) => {
    // Directly behind the name there are no words that it could belong to.
    if (index === 0) return true;
    if (rest.text.length - index > longestCondition) return false;
    const condition = unquote(trimText(sliceText(rest, index + word.length)));
    return parseCondition(condition.text).value !== undefined;
  });
  const [first] = candidates;
  const words = trimText(sliceText(rest, 0, first?.index ?? rest.text.length));
  const condition = first && unquote(trimText(sliceText(rest, first.index + first[0].length)));
  const params = words.text === '' ? [] : [{ name: undefined, value: unquote(words) }];
  return { params, condition, problems: [] };
}

function readParams(inside: MappedText): Pick<Rest, 'params' | 'problems'> {
  const problems: Problem[] = [];
  const readValue = (value: MappedText): MappedText => {
    if (isMisquoted(value)) problems.push(toMisquoted(value));
    return unquote(value);
  };
  const params = splitItems(inside).map((part) => {
    const name = /^([A-Za-z_][\w-]*)\s*=(?!=)\s*/.exec(part.text);
    if (!name) return { name: undefined, value: readValue(part) };
    return {
      name: sliceText(part, 0, name[1]?.length ?? 0),
      value: readValue(sliceText(part, name[0].length)),
    };
  });
  return { params, problems };
}

/** The items of `[a(), b()]` or of `a(), b`, or the one action. */
export function splitActions(value: MappedText): readonly MappedText[] {
  const text = trimText(value);
  if (text.text.startsWith('[') && skipBrackets(text.text, 0) === text.text.length)
    return splitItems(sliceText(text, 1, text.text.length - 1)).map(unquote);
  if (!text.text.includes(',')) return [text];
  const items = splitItems(text);
  return items.length > 1 && items.every(isCall) ? items : [text];
}

/** A known action without free words, which may hold commas themselves. */
function isCall({ text }: MappedText): boolean {
  const name = /^[A-Za-z_]\w*/.exec(text)?.[0] ?? '';
  const rest = text.slice(name.length).trimStart();
  return findAction(name) !== undefined && (rest === '' || /^(?:\(|if\b)/.test(rest));
}
