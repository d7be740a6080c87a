// What watchers do beyond noting things down, in sentences that people read before they agree; made from the table of actions.
import { findActionRow, findDefaults, type ActionRow } from './actionTable';
import type { ActionDefinition, Definition, Json } from './definition';
import { showCommand } from './shell/commandVerdict';
import { toVisible } from './show/visible';

/** Whom an action is about, in words. */
export interface ConsentTarget {
  readonly job: string;
  readonly cluster: string;
}

const anyTarget: ConsentTarget = { job: 'the job', cluster: 'the cluster' };

/** One sentence, on one line, for each action that reaches outside, with the name of its watcher; each is said once. */
export function describeConsent(watchers: readonly { readonly definition: Definition }[]): readonly string[] {
  const sentences = watchers.flatMap(({ definition: { name, actions } }) =>
    actions.flatMap((action) => {
      const what = describeOutside(action, anyTarget);
      return what === null ? [] : [toVisible(`"${name}" ${what}.`)];
    }),
  );
  return [...new Set(sentences)];
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
function showValue({ params }: ActionRow, name: string, value: Json | undefined): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') return JSON.stringify(value);
  const isCommand = params.some((param) => param.name === name && param.type === 'command');
  return isCommand ? showCommand(value).replaceAll('\t', '\\x09').replaceAll('\n', '\\x0a') : value;
}
