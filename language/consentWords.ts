// What people are asked to agree to, in words: sentences of the table of actions, with whole commands.
import { findActionRow, findDefaults, type ActionRow } from './actionTable';
import type { ActionDefinition } from './definition';
import type { Json } from './json/value';
import type { ConsentTarget, Power } from './power';
import { showCommand } from './shell/showCommand';
import { toVisible } from './show/visible';
import { findAllVariables } from './template';

/** The list as lines for people: what must be agreed to, and after it what is covered. */
export function describePowers(powers: readonly Power[]): readonly string[] {
  const describe = (of: readonly Power[]): readonly string[] =>
    [...new Set(of.map((power) => toLines(power).join('\n')))].flatMap((lines) => lines.split('\n'));
  const covered = describe(powers.filter((power) => power.covered));
  return [
    ...describe(powers.filter((power) => !power.covered)),
    ...(covered.length === 0 ? [] : ['Commands that are allowed without asking:', ...covered]),
  ];
}

/** Commands stand on lines of their own: no full stop after them is taken for a part of them. */
function toLines({ kind, sentence, text }: Power): readonly string[] {
  if (kind === 'loginSetup')
    return [`${sentence.slice(0, -1)}:`, ...text.split('\n').map((line) => `    ${toVisible(line)}`)];
  const command = toVisible(showOnOneLine(text));
  const end = ` ${command}.`;
  return kind === 'command' && sentence.endsWith(`:${end}`)
    ? [sentence.slice(0, -end.length), `    ${command}`]
    : [sentence];
}

/**
 * What an action does outside, as the words after "This" or a name: `cancels the job`. Commands are whole, with characters
 * that cannot be seen as escapes. Null for an action that takes effect within its transaction.
 */
export function describeOutside(
  { type, params }: { readonly type: string; readonly params: ActionDefinition['params'] },
  target: ConsentTarget,
): string | null {
  const row = findActionRow(type);
  // Of another version, and all that is known of it is its name.
  if (!row) return `runs ${type}`;
  if (!row.outside) return null;
  const values = { ...findDefaults(type), ...params };
  const words: Readonly<Record<string, string>> = { ...target };
  return row.outside.consent.replace(
    /\{(\w+)(?:\|([^}]*))?\}/g,
    (_, name: string, absent = '') => words[name] ?? showValue(row, name, values[name]) ?? String(absent),
  );
}

/** Undefined if there is nothing to show. */
function showValue(row: ActionRow, name: string, value: Json | undefined): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') return JSON.stringify(value);
  const param = row.params.find((each) => each.name === name);
  return describeAny(row, name, value) ?? (param?.type === 'command' ? showOnOneLine(value) : value);
}

/** Whom an action reaches if the job's output decides it; undefined if it does not. */
export function describeAny({ params }: ActionRow, name: string, value: string): string | undefined {
  const whom = params.find((param) => param.name === name)?.namesWhom;
  return whom && findAllVariables(value).length > 0
    ? `any ${whom} that the job's output gives: ${value}`
    : undefined;
}

const showOnOneLine = (command: string): string =>
  showCommand(command).replaceAll('\t', '\\x09').replaceAll('\n', '\\x0a');
