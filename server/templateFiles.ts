// Templates for completion: the built-in ones, and those that a folder brings in `.vscode/*.watchers.json`.
import { printDefinition } from '../language/print';
import { toSnippetBody } from '../language/snippets';
import { templates, type Template } from '../language/templates';
import { parseWatcherFile } from '../language/watcherFile';

/** A watcher file of a folder. */
export interface TemplateFile {
  readonly name: string;
  readonly text: string;
}

/** What completion needs of a template. */
export interface KnownTemplate extends Pick<Template, 'id' | 'title' | 'description' | 'matches'> {
  readonly pattern: string | null;
  /** As it reads in a script. */
  readonly directive: string;
  /** The same with placeholders. */
  readonly snippet: string;
}

export interface TemplateFiles {
  /** The folders that are open, by their URIs; their files are read anew. */
  open(folders: readonly string[]): Promise<void>;
  /** A watcher file has been written, changed or removed. */
  reread(uri: string): Promise<void>;
  /** Of the script's folder, then the built-in ones; a script that is in no folder has those of all. */
  of(script: string): readonly KnownTemplate[];
  find(id: string): KnownTemplate | undefined;
}

export const templatePattern = '**/.vscode/*.watchers.json';

export function createTemplateFiles(
  read: (folder: string) => Promise<readonly TemplateFile[]>,
): TemplateFiles {
  let open: readonly string[] = [];
  const byFolder = new Map<string, readonly KnownTemplate[]>();
  const load = async (folder: string): Promise<void> => {
    const files = await read(folder);
    if (open.includes(folder))
      byFolder.set(
        folder,
        files.flatMap((file) => toTemplates(folder, file)),
      );
  };
  let printed: readonly KnownTemplate[] | undefined;
  const builtIn = (): readonly KnownTemplate[] => (printed ??= templates.flatMap(toKnown));
  const ofFolder = (folder: string): readonly KnownTemplate[] => byFolder.get(folder) ?? [];
  return {
    open: async (folders) => {
      open = folders.map((folder) => folder.replace(/\/$/, ''));
      for (const folder of byFolder.keys()) if (!open.includes(folder)) byFolder.delete(folder);
      await Promise.all(open.map(load));
    },
    reread: async (uri) => {
      const folder = findFolder(open, uri);
      if (folder !== undefined) await load(folder);
    },
    of: (script) => {
      const folder = findFolder(open, script);
      return [...(folder === undefined ? open.flatMap(ofFolder) : ofFolder(folder)), ...builtIn()];
    },
    find: (id) => [...builtIn(), ...open.flatMap(ofFolder)].find((template) => template.id === id),
  };
}

/** The innermost folder that a file lies in. */
const findFolder = (folders: readonly string[], uri: string): string | undefined =>
  folders.filter((folder) => uri.startsWith(`${folder}/`)).sort((a, b) => b.length - a.length)[0];

const toTemplates = (folder: string, { name, text }: TemplateFile): readonly KnownTemplate[] =>
  parseWatcherFile(text).watchers.flatMap(({ definition, line }) =>
    toKnown({
      id: `${folder}/.vscode/${name}#${line}`,
      title: definition.name,
      description: `From .vscode/${name}`,
      definition,
      matches: [],
    }),
  );

/** Nothing for what only the JSON form can say. */
function toKnown({
  id,
  title,
  description,
  definition,
  matches,
}: Omit<Template, 'tags' | 'misses'>): readonly KnownTemplate[] {
  const directive = printDefinition(definition);
  if (directive === undefined) return [];
  const snippet = toSnippetBody(definition).join('\n');
  return [{ id, title, description, matches, pattern: definition.pattern, directive, snippet }];
}
