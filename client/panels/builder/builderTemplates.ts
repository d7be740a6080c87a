// Templates for the builder: built in, a person's own, and those of the folders that are open.
import { posix } from 'node:path';
import { workspace, type Memento } from 'vscode';
import type { Definition } from '../../../language/definition';
import { printWatcher } from '../../../language/json/definitionJson';
import { templates } from '../../../language/templates';
import { parseWatcherFile } from '../../../language/watcherFile';
import type { OfferedTemplate } from '../../../webviews/builder/protocol';
import type { App } from '../../app';
import { readInput } from '../../show/inputs';

const memoryKey = 'templates';

/** A person's own template, as it is kept. */
interface OwnTemplate {
  readonly id: string;
  readonly title: string;
  /** In the JSON form. */
  readonly watcher: string;
}

/** The person's own first, then those of folders, then the built-in ones. */
export async function listTemplates({ context }: App): Promise<readonly OfferedTemplate[]> {
  return [...readOwn(context.globalState).map(toOffered), ...(await readFolders()), ...builtIn];
}

/** Asks how it is called; one that has this title is replaced. Null if the person changed their mind. */
export async function saveTemplate({ context }: App, definition: Definition): Promise<string | null> {
  const title = await readInput({
    title: 'Save as Template',
    prompt: 'What the template is called',
    value: definition.name,
    findProblem: (value) => (value.trim() === '' ? 'A template needs a name.' : undefined),
  });
  if (title === undefined) return null;
  const saved = { id: `mine/${title}`, title, watcher: printWatcher(definition) };
  const others = readOwn(context.globalState).filter(({ id }) => id !== saved.id);
  await context.globalState.update(memoryKey, [...others, saved]);
  return title;
}

const readOwn = (state: Memento): readonly OwnTemplate[] => state.get<readonly OwnTemplate[]>(memoryKey, []);

const toOffered = ({ id, title, watcher }: OwnTemplate): OfferedTemplate => ({
  ...{ id, title, watcher },
  description: '',
  category: 'My templates',
  tags: ['mine'],
  lines: [],
});

const builtIn: readonly OfferedTemplate[] = templates.map(
  ({ id, title, description, tags, definition, matches, misses }) => ({
    ...{ id, title, description, tags },
    category: toTitle(tags[0] ?? 'other'),
    watcher: printWatcher(definition),
    lines: [...matches, ...misses],
  }),
);

function toTitle(tag: string): string {
  return tag.charAt(0).toUpperCase() + tag.slice(1);
}

async function readFolders(): Promise<readonly OfferedTemplate[]> {
  const files = await workspace.findFiles('**/.vscode/*.watchers.json');
  const read = files.map(async (file): Promise<readonly OfferedTemplate[]> => {
    const text = new TextDecoder().decode(await workspace.fs.readFile(file));
    return parseWatcherFile(text).watchers.map(({ definition, line }) => ({
      id: `${file.toString()}#${line}`,
      title: definition.name,
      description: `From .vscode/${posix.basename(file.path)}`,
      category: 'This workspace',
      tags: ['workspace'],
      watcher: printWatcher(definition),
      lines: [],
    }));
  });
  return (await Promise.all(read)).flat();
}
