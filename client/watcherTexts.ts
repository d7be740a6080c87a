// Watchers as text that can be pasted: directives of a script, or a watcher file. Loaded when somebody copies or attaches.
import type { Definition } from '../language/definition';
import { toDefinitionJson } from '../language/json/definitionJson';
import { printDefinition } from '../language/print';

interface Described {
  readonly definition: Definition;
}

/** Undefined where the language has no words for one of them: then only the JSON form can say it. */
export function toDirectives(watchers: readonly Described[]): string | undefined {
  const printed = watchers.map(({ definition }) => printDefinition(definition));
  return printed.every((text) => text !== undefined) ? `${printed.join('\n\n')}\n` : undefined;
}

/** As `*.watchers.json` has them. */
export function toWatcherFile(watchers: readonly Described[]): string {
  // Where they stood says nothing in another file.
  const list = watchers.map(({ definition }) => ({
    ...toDefinitionJson(definition, { line: 0, endLine: 0 }),
    line: undefined,
    end_line: undefined,
  }));
  return `${JSON.stringify(list, null, 2)}\n`;
}
