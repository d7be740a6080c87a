// Watchers from the words of a command, from a script, or from a file, as the JSON text that the engine attaches.
import { WatchError } from '../engine/errors';
import type { ActionDefinition, Definition } from '../language/definition';
import { markers } from '../language/directive/markers';
import { toDefinitionJson } from '../language/json/definitionJson';
import { fieldTable, findField, toJsonKey } from '../language/schema';
import { parseScript } from '../language/script';
import { isError } from '../language/problem';

/** A field as an option: its long name, and the key of the JSON form. */
export interface FieldOption {
  readonly flags: string;
  readonly property: string;
  readonly key: string;
  readonly summary: string;
}

/** Every field but the actions, which have an option of their own. */
export const fieldOptions: readonly FieldOption[] = Object.entries(fieldTable)
  .filter(([, { type }]) => type !== 'actions')
  .map(([name, row]) => {
    const long = `--${name.replaceAll('_', '-')}`;
    return {
      flags: row.type === 'boolean' ? long : `${long} <${row.type}>`,
      property: name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      key: 'jsonKey' in row ? row.jsonKey : name,
      summary: `${row.summary} Default: ${row.defaultText}.`,
    };
  });

/** A watcher with what was written of its fields and actions in the place of what it has; cleared fields have their defaults. */
export function toEditedText(
  definition: Definition,
  options: Readonly<Record<string, unknown>>,
  { actions, cleared }: { readonly actions: readonly string[]; readonly cleared: readonly string[] },
): string {
  const [written] = JSON.parse(toWatcherText(options, actions)) as [Readonly<Record<string, unknown>>];
  const before = Object.entries(toDefinitionJson(definition, { line: 1, endLine: 1 }));
  const isKept = ([key]: readonly [string, unknown]): boolean => !cleared.map(toKey).includes(key);
  return JSON.stringify([{ ...Object.fromEntries(before.filter(isKept)), ...written }]);
}

/** The key of a field as it is named at the terminal or in a directive. */
function toKey(name: string): string {
  const field = findField(name.replaceAll('-', '_'));
  if (field !== undefined) return toJsonKey(field);
  throw new WatchError(
    'bad-request',
    `There is no field called "${name}".`,
    'See "slurm-watchers edit --help".',
  );
}

/** One watcher, from what was written of its fields and actions. */
export function toWatcherText(
  options: Readonly<Record<string, unknown>>,
  actions: readonly string[],
): string {
  const fields = fieldOptions.flatMap(({ key, property }) =>
    options[property] === undefined ? [] : [[key, options[property]] as const],
  );
  const written = actions.length === 0 ? {} : { actions: actions.map(toAction) };
  return JSON.stringify([{ ...Object.fromEntries(fields), ...written }]);
}

/** `log_event(message="low $loss") if float(loss) < 1`, as in a directive. */
function toAction(text: string): ActionDefinition {
  const { watchers, problems } = parseScript(
    `${markers.begin}\n# pattern: "x"\n# actions:\n#   - ${text}\n${markers.end}\n`,
  );
  // Names are judged later, with the watcher's own captures.
  const refused = ['unknown-action', 'unknown-parameter'];
  const problem = problems.find(
    (found) => found.code !== 'unknown-name' && (isError(found) || refused.includes(found.code)),
  );
  if (problem) throw new WatchError('bad-request', `--action ${text}: ${problem.message}`, problem.remedy);
  const [action] = watchers[0]?.definition.actions ?? [];
  if (!action || text.includes('\n'))
    throw new WatchError(
      'bad-request',
      `--action ${text}: this is not an action.`,
      'Give one action for each --action.',
    );
  return action;
}

export interface ScriptWatchers {
  /** As the JSON text that the engine attaches. */
  readonly text: string;
  /** The script has a login set-up, which belongs to a submission alone. */
  readonly hasLoginSetup: boolean;
}

/** The watchers of a script; throws bad-request where it has an error or none. */
export function toScriptWatchers(script: string, path: string): ScriptWatchers {
  const { watchers, problems, loginSetups } = parseScript(script);
  const error = problems.find(isError);
  if (error) throw new WatchError('bad-request', `${path}: ${error.message}`, error.remedy);
  return {
    text: JSON.stringify(watchers.map((watcher) => toDefinitionJson(watcher.definition, watcher))),
    hasLoginSetup: loginSetups.length > 0,
  };
}
