// Which script a new directive is for, if the builder was not opened from one.
import { ThemeIcon, window, workspace, type QuickPickItem, type Uri } from 'vscode';
import { nameOf } from '../../documentName';
import { isBatchScript } from '../../languages';
import { pickOne } from '../../show/inputs';

interface ScriptItem extends QuickPickItem {
  /** Absent if the person wants another one. */
  readonly uri?: Uri;
}

/** Undefined if the person changed their mind. */
export async function chooseScript(): Promise<Uri | undefined> {
  const open = workspace.textDocuments.filter((document) => isBatchScript(document)).map(({ uri }) => uri);
  const items: readonly ScriptItem[] = [
    ...open.map((uri) => ({
      iconPath: new ThemeIcon('file-code'),
      label: nameOf({ uri }),
      description: workspace.asRelativePath(uri),
      uri,
    })),
    { iconPath: new ThemeIcon('folder-opened'), label: 'Choose a File…' },
  ];
  const options = { title: 'Insert into Script', placeHolder: 'The script that gets the directive' };
  const picked = items.length === 1 ? items[0] : await pickOne(items, options);
  return picked && (picked.uri ?? (await askFile()));
}

async function askFile(): Promise<Uri | undefined> {
  const uris = await window.showOpenDialog({
    title: 'Insert into Script',
    openLabel: 'Insert Here',
    filters: { Scripts: ['sh', 'sbatch', 'slurm', 'job', 'bash'], 'All files': ['*'] },
  });
  return uris?.[0];
}
