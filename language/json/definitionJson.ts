// The JSON form of a definition: its fields under their keys, as watcher files and `parse --json` have them.
import type { Definition } from '../definition';
import type { Json } from './value';
import { definitionFields, rowOf, toJsonKey } from '../schema';

/** `line` and `end_line` count from 1. */
export type DefinitionJson = Readonly<Record<string, Json>>;

export function toDefinitionJson(
  definition: Definition,
  lines: { readonly line: number; readonly endLine: number },
): DefinitionJson {
  const fields = definitionFields.map(
    (field) => [toJsonKey(field), definition[rowOf(field).property] as Json] as const,
  );
  return { ...Object.fromEntries(fields), line: lines.line, end_line: lines.endLine };
}

/** One watcher as the text of a watcher file; one without a name of its own has none there. */
export function printWatcher(definition: Definition): string {
  const json = toDefinitionJson(definition, { line: 0, endLine: 0 });
  const name = definition.name === '' ? undefined : definition.name;
  return JSON.stringify({ ...json, name, line: undefined, end_line: undefined }, null, 2);
}
