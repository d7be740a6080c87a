// What is wrong with the variables of a directive: misspelt ones, captures that nobody uses, names that the script assigns.
import type { BodyNames } from './bodyNames';
import type { WrittenAction } from './calls';
import { builtins } from './condition/builtins';
import { spanIn, type MappedText } from './mappedText';
import { findNearest } from './nearest';
import { toProblem, type Problem } from './problem';
import { findAllVariables } from './template';
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
  /** Undefined where there is no pattern. */
  readonly groupCount: number | undefined;
  readonly actions: readonly WrittenAction[];
  readonly condition: string;
  /** The script's body, where an action resubmits it. */
  readonly body: () => BodyNames;
}

export function checkVariables(use: VariablesInUse): readonly Problem[] {
  const resubmits = use.actions.some(({ type }) => type === 'resubmit');
  const body = resubmits && use.captures.length > 0 ? use.body() : undefined;
  return [
    ...findClashes(use.captures),
    ...findMisspelt(use),
    ...findUnused(use, body),
    ...use.captures
      .filter(({ name }) => body?.assigned.has(name) && body.used.has(name))
      .map(({ name, span }) => toAssigned(name, span)),
  ];
}

/** Names that mean something else already: built-in ones, and those of captures before. */
function* findClashes(captures: readonly NamedCapture[]): Generator<Problem> {
  for (const [index, { name, span }] of captures.entries()) {
    if (index > 0 && captures.slice(0, index).some((former) => former.name === name))
      yield toProblem(
        'bad-capture-name',
        span,
        `"${name}" names two groups; the later one counts.`,
        'Give each group its own name.',
        { severity: 'warning' },
      );
    if (isBuiltInVariable(name) || builtins.has(name))
      yield toProblem(
        'shadowed-name',
        span,
        `"${name}" is also a built-in name; in this watcher it means the capture.`,
        'Choose another name.',
      );
  }
}

function* findMisspelt({ actions, captures }: VariablesInUse): Generator<Problem> {
  const names = captures.map(({ name }) => name);
  for (const { value } of actions.flatMap(({ params }) => params)) {
    for (const { name, start, end, operator, wordStart } of findAllVariables(value.text)) {
      if (/^\d/.test(name) || names.includes(name) || isBuiltInVariable(name)) continue;
      const nearest = findNearest(name, names);
      if (nearest === undefined) continue;
      yield toMisspelt(value, { name, start, end: operator ? wordStart - operator.length : end }, nearest);
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
    `"$${name}" is no capture and stays as it is: did you mean "$${nearest}"?`,
    `Write $${nearest}.`,
    { fix: { title: `Write $${nearest}`, edits: [edit] } },
  );
}

function findUnused(
  { captures, actions, condition }: VariablesInUse,
  body: BodyNames | undefined,
): Problem[] {
  const used = new Set<string>(body?.used);
  const note = (text: string): void => {
    for (const name of text.match(/[A-Za-z_]\w*/g) ?? []) used.add(name);
  };
  if (captures.length === 0) return [];
  note(condition);
  for (const { type, params, condition: own } of actions) {
    note(own?.text ?? '');
    for (const { value } of params) for (const { name } of findAllVariables(value.text)) used.add(name);
    // The metric's value is the first group where none is written.
    if (type === 'store_metric' && !params.some(({ name }) => /^value$/i.test(name?.text ?? '')))
      used.add('1');
  }
  return (
    captures
      // A name without a group is told already.
      .filter(({ name, group }) => !used.has(name) && group !== undefined && !used.has(String(group)))
      .map(({ name, span }) =>
        toProblem(
          'unused-capture',
          span,
          `The capture "${name}" is used nowhere.`,
          'Use it in a condition or a parameter, or remove it.',
        ),
      )
  );
}

const toAssigned = (name: string, span: Span): Problem =>
  toProblem(
    'capture-assigned-by-script',
    span,
    `The script itself assigns "${name}": a resubmission leaves its \${${name}} as it is.`,
    'Give the capture a name that the script does not assign.',
  );
