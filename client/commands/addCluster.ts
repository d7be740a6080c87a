// Add Cluster: a login node in the settings, or an entry of the SSH configuration, whose hosts are clusters by themselves.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { commands, ConfigurationTarget, ThemeIcon, Uri, window, workspace } from 'vscode';
import type { App } from '../app';
import { readSettings } from '../settings';
import { pickOne, readInput } from '../show/inputs';

const ways = [
  {
    way: 'enter',
    iconPath: new ThemeIcon('add'),
    label: 'Enter a Login Node…',
    detail: 'user@host, or a host that ssh knows; it is kept in the settings',
  },
  {
    way: 'ssh',
    iconPath: new ThemeIcon('go-to-file'),
    label: 'Edit the SSH Configuration',
    detail: 'Every Host in it is a cluster by its name; ssh uses it too',
  },
  {
    way: 'settings',
    iconPath: new ThemeIcon('gear'),
    label: 'Edit the Settings',
    detail: 'Root directories, intervals, this computer under another name',
  },
] as const;

export async function addCluster(app: App): Promise<void> {
  const picked = await pickOne(ways, { title: 'Add Cluster' });
  switch (picked?.way) {
    case 'enter':
      await enterCluster(app);
      break;
    case 'ssh':
      await openSshConfiguration();
      break;
    case 'settings':
      await commands.executeCommand('workbench.action.openSettings', 'slurmWatchers.clusters');
      break;
    case undefined:
      break;
  }
}

async function enterCluster({ clustersTree }: App): Promise<void> {
  const { parseAccessSettings } = await import('../../engine/link/accessSettings.js');
  const findProblem = (name: string, entry: Readonly<Record<string, unknown>>): string | undefined => {
    const [problem] = parseAccessSettings({ clusters: { [name]: entry } }).problems;
    return problem && `${problem.message} ${problem.remedy}`;
  };
  const title = 'Add Cluster';
  const host = await readInput({
    title,
    prompt: 'The login node, as you would type it after ssh',
    placeHolder: 'me@login1.example.org',
    ignoreFocusOut: true,
    findProblem: (value) => findProblem('x', { host: value }),
  });
  if (host === undefined) return;
  const name = await readInput({
    title,
    prompt: 'What it is called here',
    value: host.replace(/^.*@/, '').replace(/\..*/s, ''),
    ignoreFocusOut: true,
    findProblem: (value) => findProblem(value, {}),
  });
  if (name === undefined) return;
  const rootDirectory = await readInput({
    title,
    prompt: 'Where jobs work there, an absolute path or ~/…; leave it empty for your home',
    placeHolder: '/scratch/me',
    ignoreFocusOut: true,
    findProblem: (value) => (value === '' ? undefined : findProblem('x', { rootDirectory: value })),
  });
  if (rootDirectory === undefined) return;
  const entry = { host, ...(rootDirectory === '' ? {} : { rootDirectory }) };
  const settings = workspace.getConfiguration('slurmWatchers');
  const clusters = { ...settings.get<Readonly<Record<string, unknown>>>('clusters'), [name]: entry };
  await settings.update('clusters', clusters, ConfigurationTarget.Global);
  await clustersTree.refresh();
}

/** As every editor does it: a file that is not there yet is there once it is saved. */
async function openSshConfiguration(): Promise<void> {
  const configured = readSettings().configFile.replace(/^~(?=\/)/, homedir());
  const file = Uri.file(configured === '' ? join(homedir(), '.ssh', 'config') : configured);
  const document = await workspace
    .openTextDocument(file)
    .then(undefined, () => workspace.openTextDocument(file.with({ scheme: 'untitled' })));
  await window.showTextDocument(document);
}
