// Where watchers are described: batch scripts and watcher files, chosen and read. Loaded with the parser, when it is wanted.
import { ThemeIcon, window, workspace, type QuickPickItem, type TextDocument, type Uri } from 'vscode';
import type { Definition } from '../language/definition';
import { hasDirective } from '../language/directive/markers';
import type { Problem } from '../language/problem';
import { parseScript } from '../language/script';
import { parseWatcherFile } from '../language/watcherFile';
import { isBatchScript } from './languages';
import { pickOne } from './show/inputs';
import { nameOf } from './documentName';

export interface DescribedWatcher {
  readonly definition: Definition;
  /** First and last line, from 1. */
  readonly lines: { readonly first: number; readonly last: number };
}

export interface Description {
  readonly watchers: readonly DescribedWatcher[];
  readonly problems: readonly Problem[];
  /** A script's, which belongs to a submission alone. */
  readonly hasLoginSetup: boolean;
}

export function readDescription(document: TextDocument): Description {
  const text = document.getText();
  const read = isWatcherFile(document) ? parseWatcherFile(text) : parseScript(text);
  const { watchers, problems } = read;
  return {
    hasLoginSetup: 'loginSetups' in read && read.loginSetups.length > 0,
    watchers: watchers.map(({ definition, line, endLine }) => ({
      definition,
      lines: { first: line, last: endLine },
    })),
    problems,
  };
}

const isWatcherFile = ({ uri }: TextDocument): boolean => uri.path.endsWith('.json');

/** Whether the document is one that watchers are written in, and has some. */
const describesWatchers = (document: TextDocument): boolean =>
  document.uri.path.endsWith('.watchers.json') ||
  (isBatchScript(document) && hasDirective(document.getText()));

/** Whether watchers may stand in it: it is no output then. */
export const isScript = (document: TextDocument): boolean =>
  isWatcherFile(document) || isBatchScript(document);

interface FileItem extends QuickPickItem {
  /** Absent where the person wants another one. */
  readonly uri?: Uri;
}

const listed = 50;

/** A script or watcher file that is open, a watcher file of the folder, or any other. Undefined where they changed their mind. */
export async function chooseDescription(title: string): Promise<TextDocument | undefined> {
  const open = workspace.textDocuments.filter(describesWatchers).map(({ uri }) => uri);
  const files = await workspace.findFiles('**/*.watchers.json', '**/node_modules/**', listed);
  const others = files.filter((file) => !open.some((uri) => uri.toString() === file.toString()));
  const toItem = (uri: Uri, icon: string): FileItem => ({
    iconPath: new ThemeIcon(icon),
    label: nameOf({ uri }),
    description: workspace.asRelativePath(uri),
    uri,
  });
  const items: FileItem[] = [
    ...open.map((uri) => toItem(uri, 'file-code')),
    ...others.map((uri) => toItem(uri, 'json')),
    {
      iconPath: new ThemeIcon('folder-opened'),
      label: 'Choose a File…',
      description: 'a batch script or a watcher file (*.json)',
    },
  ];
  const placeHolder = 'The script or watcher file that has the watchers';
  const picked = items.length === 1 ? items[0] : await pickOne(items, { title, placeHolder });
  const uri = picked && (picked.uri ?? (await askFile(title)));
  return uri && workspace.openTextDocument(uri);
}

async function askFile(title: string): Promise<Uri | undefined> {
  const uris = await window.showOpenDialog({
    title,
    openLabel: 'Take Watchers',
    filters: {
      'Scripts and watcher files': ['sh', 'sbatch', 'slurm', 'job', 'bash', 'json'],
      'All files': ['*'],
    },
  });
  return uris?.[0];
}
