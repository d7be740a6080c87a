// Written actions to typed ones: parameters by the action table, conditions, and their problems.
import {
  actionTable,
  cancelsJob,
  findDefaultGroup,
  findParam,
  namesCapture,
  resubmitsJob,
  type ActionType,
  type ParamRow,
} from './actionTable';
import { append } from './append';
import type { ActionMapping } from './block';
import { readAction, splitActions, type WrittenAction, type WrittenParam } from './calls';
import { checkCommand } from './commandProblems';
import { checkCondition } from './conditionProblems';
import type { ActionDefinition } from './definition';
import type { Json } from './json/value';
import { sliceText, spanOf, trimText, type MappedText } from './mappedText';
import { checkModifications } from './modificationProblems';
import { findNearest } from './nearest';
import { toProblem, type Problem } from './problem';
import { skipBrackets, splitAtCommas } from './scan';
import type { CommandRules } from './shell/commandVerdict';
import { parseBoolean, parseDuration, parseJson, unquote } from './values';

export interface BoundActions {
  readonly actions: readonly ActionDefinition[];
  readonly written: readonly WrittenAction[];
  readonly problems: readonly Problem[];
  readonly broken: boolean;
}

/** What actions may speak of. */
export interface KnownNames extends CommandRules {
  readonly captures: readonly string[];
  /** Of the pattern; 0 if there is none, undefined if it is not valid. */
  readonly groupCount: number | undefined;
}

export function bindActions(
  values: readonly (MappedText | ActionMapping)[],
  names: KnownNames,
): BoundActions {
  const problems: Problem[] = [];
  const actions: ActionDefinition[] = [];
  const written: WrittenAction[] = [];
  let broken = false;
  const take = (item: ReturnType<typeof readAction>): void => {
    broken ||= item.broken;
    append(problems, item.problems);
    if (!item.action) return;
    written.push(item.action);
    const bound = bindAction(item.action, names, problems);
    if (bound) actions.push(bound);
  };
  for (const value of values) {
    if ('entries' in value) take(fromMapping(value));
    // `"log_event(…)"` in quotes is the same action.
    else for (const item of splitActions(unquote(value))) take(readAction(item));
  }
  if (written.length > 1) append(problems, findOrder(written));
  return { actions, written, problems, broken };
}

function fromMapping({ item, entries, plain }: ActionMapping): ReturnType<typeof readAction> {
  const toPlain = plain ? (value: MappedText): MappedText => value : unquote;
  const type = entries.find(({ key }) => /^type$/i.test(key.text));
  const read = readAction(type ? toPlain(type.value) : item);
  if (!read.action) return read;
  const params: WrittenParam[] = [];
  let condition: MappedText | undefined;
  for (const entry of entries.filter((candidate) => candidate !== type)) {
    const { key, value } = entry;
    if (/^condition$/i.test(key.text)) condition = toPlain(value);
    else if (!/^(params|config|parameters)$/i.test(key.text))
      params.push({ name: key, value: toPlain(value) });
    else append(params, readFlow(value));
  }
  return { ...read, action: { ...read.action, params, condition } };
}

/** `{"message": "a", "level": "error"}` or `{message: a}` behind `params:`; nothing where its lines follow. */
function readFlow(value: MappedText): readonly WrittenParam[] {
  if (!value.text.startsWith('{') || skipBrackets(value.text, 0) !== value.text.length) return [];
  const inside = sliceText(value, 1, value.text.length - 1);
  return splitAtCommas(inside.text)
    .map(({ start, end }) => trimText(sliceText(inside, start, end)))
    .flatMap((pair) => {
      const key = /^(?:"[^"]*"|'[^']*'|[\w-]+)[ \t]*:[ \t]*/.exec(pair.text)?.[0];
      if (key === undefined) return [];
      const name = trimText(sliceText(pair, 0, key.lastIndexOf(':')));
      return [{ name: unquote(name), value: unquote(sliceText(pair, key.length)) }];
    });
}

/** Undefined where the action is skipped: better none than a wrong one. */
function bindAction(
  action: WrittenAction,
  names: KnownNames,
  problems: Problem[],
): ActionDefinition | undefined {
  const { type } = action;
  if (!type) return undefined;
  const params: Record<string, Json> = {};
  let bad = false;
  let dropped = false;
  for (const written of action.params) {
    const row = findRow(type, written, action, problems);
    dropped ||= !row;
    if (!row) continue;
    if (row.name in params)
      problems.push(
        toProblem(
          'duplicate-field',
          spanOf(written.name ?? written.value),
          `"${row.name}" is written twice; the last one counts.`,
          'Remove one of them.',
        ),
      );
    if (written.name && namesCapture(row, written.name.text)) {
      const capture = toCapture(written.value, names);
      bad ||= capture.problem !== undefined;
      if (capture.problem) problems.push(capture.problem);
      params[row.name] = capture.value;
      continue;
    }
    const value = toParam(row, written.value);
    if (value === undefined) {
      bad = true;
      problems.push(toBadParam(row, written.value));
    } else params[row.name] = value;
    if (row.type === 'object' && value !== undefined) append(problems, checkModifications(written.value));
    if (row.type !== 'command') continue;
    const found = checkCommand(written.value, names);
    bad ||= found.some(({ code }) => code === 'capture-in-backquotes');
    append(problems, found);
  }
  const missing = findMissing(type, params, action);
  problems.push(...missing);
  const undecided =
    bad || missing.length > 0 ? undefined : findUndecided({ type, params, dropped }, action, names);
  if (undecided) problems.push(undecided);
  // Without a group it has no number; with a parameter dropped it could have a wrong one.
  bad ||= undecided !== undefined && dropped;
  const condition = action.condition && checkCondition(action.condition, names.captures);
  if (condition) append(problems, condition.problems);
  if (bad || (condition && !condition.condition)) return undefined;
  return { type, params, condition: action.condition?.text ?? null };
}

function findRow(
  type: ActionType,
  { name, value }: WrittenParam,
  action: WrittenAction,
  problems: Problem[],
): ParamRow | undefined {
  const { params, positional } = actionTable[type];
  const known: readonly ParamRow[] = params;
  const found = name && findParam(type, name.text);
  if (found) return found;
  if (!name) {
    const isFirst = action.params[0]?.value === value;
    if (positional && isFirst && known[0]) return known[0];
    problems.push(
      toProblem(
        'unknown-parameter',
        spanOf(value),
        `"${value.text}" has no parameter of ${type} to belong to; it is dropped.`,
        known.length === 0
          ? `${type} takes no parameters.`
          : `Write name=value; the parameters are: ${known.map((row) => row.name).join(', ')}.`,
      ),
    );
    return undefined;
  }
  const nearest = findNearest(
    name.text,
    known.map((param) => param.name),
  );
  const remedy =
    nearest === undefined
      ? known.length === 0
        ? `${type} takes no parameters.`
        : `Its parameters are: ${known.map((param) => param.name).join(', ')}.`
      : `Write ${nearest}.`;
  const fix =
    nearest === undefined
      ? {}
      : { fix: { title: `Write ${nearest}`, edits: [{ span: spanOf(name), newText: nearest }] } };
  const hint = nearest === undefined ? '.' : `: did you mean "${nearest}"?`;
  problems.push(
    toProblem(
      'unknown-parameter',
      spanOf(name),
      `${type} has no parameter "${name.text}"${hint}`,
      remedy,
      fix,
    ),
  );
  return undefined;
}

function toParam(row: ParamRow, { text }: MappedText): Json | undefined {
  switch (row.type) {
    case 'text':
    case 'command':
      return text;
    case 'choice':
      return row.choices?.find((choice) => choice === text.trim().toLowerCase());
    case 'boolean':
      return parseBoolean(text);
    case 'duration': {
      const seconds = parseDuration(text);
      const [least, most] = row.bounds ?? [0, Infinity];
      return seconds !== undefined && seconds >= least && seconds <= most ? seconds : undefined;
    }
    case 'object': {
      const value = parseJson(text);
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
    }
  }
}

const describe = (row: ParamRow): string =>
  ({
    text: 'text',
    command: 'a command',
    choice: `one of ${(row.choices ?? []).join(', ')}`,
    boolean: 'true or false',
    duration: `a duration from ${row.bounds?.[0] ?? 0} s to 7 days, such as 30s or 5m`,
    object: 'a JSON object such as {"mem": "64G"}',
  })[row.type];

function toBadParam(row: ParamRow, value: MappedText): Problem {
  const isRange = row.type === 'duration' && parseDuration(value.text) !== undefined;
  return toProblem(
    isRange ? 'out-of-range' : 'bad-value',
    spanOf(value),
    `"${value.text}" is ${isRange ? 'out of range' : 'not a value'} for "${row.name}"; the action is skipped.`,
    `Write ${describe(row)}.`,
  );
}

function findMissing(
  type: ActionType,
  params: Readonly<Record<string, Json>>,
  action: WrittenAction,
): Problem[] {
  const rows: readonly ParamRow[] = actionTable[type].params;
  const missing = rows.filter((row) => row.required && params[row.name] === undefined);
  return missing.map((row) =>
    toProblem(
      'missing-parameter',
      spanOf(action.name),
      `${type} needs "${row.name}".`,
      `Write ${type}(${row.name}=…).`,
    ),
  );
}

/** `loss` and `$loss` are the capture's value. */
function toCapture(
  value: MappedText,
  { captures }: KnownNames,
): { readonly value: string; readonly problem?: Problem } {
  const name = value.text.trim().replace(/^\$(?:\{(\w+)\}|(\w+))$/, '$1$2');
  const result = `$${name}`;
  if (captures.includes(name)) return { value: result };
  const nearest = findNearest(name, captures);
  const remedy = nearest === undefined ? 'Name a group of the pattern in captures.' : `Write ${nearest}.`;
  const fix = nearest === undefined ? {} : { fix: toWriting(value, nearest) };
  const message = `"${value.text}" is not a capture; the action is skipped.`;
  return { value: result, problem: toProblem('bad-value', spanOf(value), message, remedy, fix) };
}

const toWriting = (value: MappedText, newText: string): NonNullable<Problem['fix']> => ({
  title: `Write ${newText}`,
  edits: [{ span: spanOf(value), newText }],
});

/** A default that stands for a group holds only if there is one, and if no other parameter may have been meant. */
function findUndecided(
  {
    type,
    params,
    dropped,
  }: {
    readonly type: ActionType;
    readonly params: Readonly<Record<string, Json>>;
    readonly dropped: boolean;
  },
  action: WrittenAction,
  { captures, groupCount = Infinity }: KnownNames,
): Problem | undefined {
  const rows: readonly ParamRow[] = actionTable[type].params;
  const row = rows.find((param) => params[param.name] === undefined && findDefaultGroup(param) !== undefined);
  const needed = row && findDefaultGroup(row);
  if (!row || needed === undefined || (!dropped && groupCount >= needed)) return undefined;
  const why = dropped
    ? 'and a parameter that it does not know was dropped; the action is skipped'
    : 'and the pattern has no group';
  const example = captures[0] === undefined ? '$1' : `$${captures[0]}`;
  const group = groupCount < needed ? 'Put the number in parentheses in the pattern, and write ' : 'Write ';
  return toProblem(
    'missing-parameter',
    spanOf(action.name),
    `${type} has no "${row.name}", ${why}.`,
    `${group}${type}(${row.name}="${example}").`,
  );
}

function findOrder(written: readonly WrittenAction[]): Problem[] {
  const cancel = written.findIndex(({ type }) => cancelsJob(type));
  const resubmit = written.findIndex(({ type }) => resubmitsJob(type));
  const [first, later] = [written[cancel], written[resubmit]];
  if (!first?.type || !later?.type || resubmit < cancel) return [];
  return [
    toProblem(
      'cancel-before-resubmit',
      first.span,
      `${first.type} stands before ${later.type}: both run as ${later.type} with cancel_previous, so that the new job exists before the old one ends.`,
      `Remove ${first.type}, or write it after ${later.type}.`,
    ),
  ];
}
