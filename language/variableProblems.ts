// What is wrong with the variables of a directive: misspelt ones, captures that nobody uses, names that the script assigns.
import {
  actionTable,
  findDefaultGroup,
  findParam,
  namesCapture,
  resubmitsJob,
  type ParamRow,
} from './actionTable';
import type { BodyNames } from './bodyNames';
import type { WrittenAction } from './calls';
import { builtins } from './condition/builtins';
import { isKeyword } from './condition/lexer';
import { spanIn, type MappedText } from './mappedText';
import { findNearest } from './nearest';
import { toProblem, type Problem } from './problem';
import { findAllVariables, type VariableUse } from './template';
import type { Span } from './text';
import { isBuiltInVariable } from './variables';

/** A named group of the pattern, with the place of its name. */
export interface NamedCapture {
  readonly name: string;
  readonly span: Span;
  /** From 1; undefined for surplus names. */
  readonly group: number | undefined;
}

export interface VariablesInUse {
  readonly captures: readonly NamedCapture[];
  /** Groups by the names in the pattern: usable beside those that are written. */
  readonly patternNames: ReadonlyMap<string, number>;
  /** Undefined where there is no pattern. */
  readonly groupCount: number | undefined;
  readonly actions: readonly WrittenAction[];
  readonly condition: string;
  /** The script's body, where an action resubmits it. */
  readonly body: () => BodyNames;
}

export function checkVariables(use: VariablesInUse): readonly Problem[] {
  if (use.captures.length === 0) return [];
  const resubmits = use.actions.some(({ type }) => resubmitsJob(type));
  const body = resubmits ? use.body() : undefined;
  const found: Problem[] = [];
  findClashes(use.captures, found);
  const variables = use.actions
    .flatMap(({ params }) => params)
    .map(({ value }) => ({
      value,
      uses: findAllVariables(value.text),
    }));
  findMisspelt(use, variables, found);
  findUnused({ use, variables, body }, found);
  for (const { name, span } of use.captures)
    if (body?.assigned.has(name) && body.used.has(name)) found.push(toAssigned(name, span));
  return found;
}

/** The variables of a parameter. */
interface ParamVariables {
  readonly value: MappedText;
  readonly uses: readonly VariableUse[];
}

/** Names that mean something else already: built-in ones, and those of captures before. */
function findClashes(captures: readonly NamedCapture[], found: Problem[]): void {
  const former = new Set<string>();
  for (const { name, span } of captures) {
    if (former.has(name))
      found.push(
        toProblem(
          'bad-capture-name',
          span,
          `"${name}" names two groups; the later one counts.`,
          'Give each group its own name.',
          { severity: 'warning' },
        ),
      );
    former.add(name);
    if (isKeyword(name))
      found.push(
        toProblem(
          'shadowed-name',
          span,
          `"${name}" is a word of Python, and no condition can use it.`,
          'Choose another name.',
          { severity: 'information' },
        ),
      );
    if (isBuiltInVariable(name) || builtins.has(name))
      found.push(
        toProblem(
          'shadowed-name',
          span,
          `"${name}" is also a built-in name; in this watcher it means the capture.`,
          'Choose another name.',
        ),
      );
  }
}

function findMisspelt(
  { captures, patternNames }: VariablesInUse,
  variables: readonly ParamVariables[],
  found: Problem[],
): void {
  const names = [...new Set([...captures.map(({ name }) => name), ...patternNames.keys()])];
  for (const { value, uses } of variables) {
    for (const { name, start, end, operator, wordStart } of uses) {
      if (names.includes(name) || isBuiltInVariable(name) || /^\d/.test(name)) continue;
      const nearest = findNearest(name, names);
      if (nearest === undefined) continue;
      const place = { name, start, end: operator ? wordStart - operator.length : end };
      found.push(toMisspelt(value, place, nearest));
    }
  }
}

function toMisspelt(
  value: MappedText,
  { name, start, end }: { readonly name: string; readonly start: number; readonly end: number },
  nearest: string,
): Problem {
  const at = value.text.indexOf(name, start);
  const edit = { span: spanIn(value, at, at + name.length), newText: nearest };
  return toProblem(
    'unknown-variable',
    spanIn(value, start, end),
    `"$${name}" is not a capture and stays as it is: did you mean "$${nearest}"?`,
    `Write $${nearest}.`,
    { fix: { title: `Write $${nearest}`, edits: [edit] } },
  );
}

function findUnused(
  {
    use: { captures, patternNames, actions, condition },
    variables,
    body,
  }: {
    readonly use: VariablesInUse;
    readonly variables: readonly ParamVariables[];
    readonly body: BodyNames | undefined;
  },
  found: Problem[],
): void {
  const used = new Set<string>(body?.used);
  const note = (text: string): void => {
    for (const name of text.match(/[A-Za-z_]\w*/g) ?? []) used.add(name);
  };
  if (condition !== '') note(condition);
  for (const { uses } of variables) for (const { name } of uses) used.add(name);
  for (const { type, params, condition: own } of actions) {
    if (own) note(own.text);
    if (!type) continue;
    const written = new Set<ParamRow>();
    for (const { name, value } of params) {
      const row = name && findParam(type, name.text);
      if (!row) continue;
      written.add(row);
      if (namesCapture(row, name.text)) note(value.text);
    }
    for (const row of actionTable[type].params) {
      // The metric's value is the first group if none is written.
      const group = written.has(row) ? undefined : findDefaultGroup(row);
      if (group !== undefined) used.add(String(group));
    }
  }
  for (const [name, group] of patternNames) if (used.has(name)) used.add(String(group));
  for (const { name, span, group } of captures) {
    // A name without a group is told already.
    if (group === undefined || used.has(name) || used.has(String(group))) continue;
    found.push(
      toProblem(
        'unused-capture',
        span,
        `The capture "${name}" is used nowhere.`,
        'Use it in a condition or a parameter, or remove it.',
      ),
    );
  }
}

const toAssigned = (name: string, span: Span): Problem =>
  toProblem(
    'capture-assigned-by-script',
    span,
    `The script itself assigns "${name}": a resubmission leaves its \${${name}} as it is.`,
    'Give the capture a name that the script does not assign.',
  );
