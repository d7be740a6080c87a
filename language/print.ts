// A definition back to a directive: the inverse of the parser, with nothing that the defaults say already.
import { actionTable, type ParamRow } from './actionTable';
import type { ActionDefinition, Definition } from './definition';
import type { Json } from './json/value';
import { markers } from './directive/markers';
import { plainTypes } from './fieldTypes';
import { compileCached } from './patternProblems';
import { toDerivedCaptures } from './bind';
import { parseScript } from './script';
import {
  defaultDefinition,
  definitionFields,
  findDefault,
  rowOf,
  type FieldName,
  type FieldType,
} from './schema';
import { printDuration, quoteText, unquote } from './values';
import { mapText } from './mappedText';

/** Longest line of an inline directive. */
const lineLimit = 100;

interface PrintedField {
  readonly field: FieldName;
  readonly value: string;
}

/**
 * The shortest directive that parses back to the same definition: inline if it fits on one line and has one action, else
 * a block, without a line end behind it. Undefined where the language has no words for it (a line end in a parameter;
 * a parameter that no quotes can hold, as one that ends with a backslash): then only the JSON form can say it. `wanted`
 * asks for one of the forms, however long it gets.
 */
export function printDefinition(definition: Definition, wanted?: 'inline' | 'block'): string | undefined {
  const named = { ...definition, name: definition.name === 'watcher 1' ? '' : definition.name };
  const fields = printFields(named);
  const actions = printActions(definition.actions);
  if (!fields || !actions) return undefined;
  const [inline, block] = [printInline(fields, actions), printBlock(fields, actions)];
  const isShort = actions.length <= 1 && inline.length <= lineLimit;
  const forms = {
    inline: [inline],
    block: [block],
    shortest: isShort ? [inline, block] : [block],
  }[wanted ?? 'shortest'];
  return forms.find((text) => readsBack(text, definition));
}

/** `action=…` for each action; no actions at all are `actions=[]`. */
function printInline(fields: readonly PrintedField[], actions: readonly string[]): string {
  const pairs = [
    ...fields.map(({ field, value }) => `${field}=${value}`),
    ...actions.map((action) => (action === '[]' ? 'actions=[]' : `action=${action}`)),
  ];
  return [markers.inline, ...pairs].join(' ');
}

function printBlock(fields: readonly PrintedField[], actions: readonly string[]): string {
  const items =
    actions[0] === '[]'
      ? ['# actions: []']
      : actions.length > 0
        ? ['# actions:', ...actions.map((action) => `#   - ${action}`)]
        : [];
  return [
    markers.begin,
    ...fields.map(({ field, value }) => `# ${field}: ${value}`),
    ...items,
    markers.end,
  ].join('\n');
}

function readsBack(text: string, definition: Definition): boolean {
  const [watcher, ...others] = parseScript(text).watchers;
  return watcher !== undefined && others.length === 0 && isEqual(watcher.definition, definition);
}

/** Undefined if a text cannot be quoted. */
function printFields(definition: Definition): readonly PrintedField[] | undefined {
  const fields = definitionFields.flatMap((field) => {
    const printed = printField(field, definition);
    return printed === '' ? [] : [{ field, value: printed }];
  });
  return fields.every((field): field is PrintedField => field.value !== undefined) ? fields : undefined;
}

/** The value of a field, as it is written; empty if nothing needs to be written. Actions are printed by `printAction`. */
export function printField(field: FieldName, definition: Definition): string | undefined {
  const { property, type } = rowOf(field);
  const value = definition[property];
  if (type === 'actions' || isEqual(value, findDefault(field, definition))) return '';
  return printValue(type, value, definition);
}

/** Empty if nothing needs to be written. */
function printValue(
  type: Exclude<FieldType, 'actions'>,
  value: Definition[keyof Definition],
  definition: Definition,
): string | undefined {
  switch (type) {
    case 'text':
      return printText(value as string) ?? (value as string);
    case 'pattern':
    case 'condition':
      return quoteText(value as string) ?? (value as string);
    case 'names':
      return printCaptures(definition);
    case 'states':
      return printList(value as readonly string[]);
    default:
      return plainTypes[type].print(value as never);
  }
}

/** What the fields make of a watcher, for people: titles and texts in the order of the table. */
export const describeDefinition = (definition: Definition): readonly (readonly [string, string])[] =>
  definitionFields.flatMap((field) => {
    const { describe, property, type } = rowOf(field);
    if (describe) return [describe(definition)].filter((shown) => shown !== undefined);
    const value = definition[property];
    if (type === 'actions' || isEqual(value, findDefault(field, definition))) return [];
    return [[field, printValue(type, value, definition) ?? JSON.stringify(value)] as const];
  });

function printCaptures({ pattern, captures }: Definition): string {
  const compiled = pattern === null ? undefined : compileCached(pattern).value;
  if (isEqual(captures, toDerivedCaptures(compiled))) return '';
  return printList(captures.map((name) => name ?? '""'));
}

export const printList = (items: readonly string[]): string => `[${items.join(', ')}]`;

/** Undefined where an action cannot be written; nothing at all for the default. */
function printActions(actions: readonly ActionDefinition[]): readonly string[] | undefined {
  if (actions.length === 0) return ['[]'];
  if (isEqual(actions, defaultDefinition.actions)) return [];
  const printed = actions.map(printAction);
  return printed.every((text) => text !== undefined) ? printed : undefined;
}

/** Undefined for an action that cannot be written. */
export function printAction({ type, params, condition }: ActionDefinition): string | undefined {
  const rows: readonly ParamRow[] = actionTable[type].params;
  const written = rows.flatMap((row) => {
    const value = params[row.name];
    return value === undefined ? [] : [{ name: row.name, value: printParam(row, value) }];
  });
  if (written.some(({ value }) => value === undefined)) return undefined;
  const list = written.map(({ name, value }) => `${name}=${value ?? ''}`).join(', ');
  return printCall(type, list, condition);
}

/** A whole action from its parts. */
export function printCall(name: string, params: string, condition: string | null): string {
  return (
    name +
    (params === '' ? '' : `(${params})`) +
    (condition === null ? '' : ` if ${printCondition(condition)}`)
  );
}

/** A condition that is one string needs quotes of its own: the outer pair is dropped. */
function printCondition(condition: string): string {
  const isString = unquote(mapText(condition, 0, condition.length)).text !== condition;
  return (isString ? quoteText(condition) : undefined) ?? condition;
}

/** The value of a parameter, as it is written; undefined for a text that cannot be quoted. */
export function printParam(row: ParamRow, value: Json): string | undefined {
  if (row.type === 'duration' && typeof value === 'number') return printDuration(value);
  return typeof value === 'string' ? printText(value) : JSON.stringify(value);
}

/** A plain word as it is, other texts in quotes. */
export const printText = (text: string): string | undefined =>
  /^[\w$][\w.:%+@$/-]*$/.test(text) ? text : quoteText(text);

/** Whether two values of definitions are the same. */
export const isEqual = (a: unknown, b: unknown): boolean =>
  JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

/** With the keys of objects in order. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
