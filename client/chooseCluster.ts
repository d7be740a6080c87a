// Where a script is to run: the cluster that the person picks, and the working directory there.
import { dirname } from 'node:path';
import { QuickPickItemKind, ThemeIcon, type QuickInputButton, type QuickPickItem, type Uri } from 'vscode';
import { toWatchError } from '../engine/errors';
import type { ClusterStatus } from '../engine/model';
import { toVsCodeLabel } from '../language/show/vscode';
import type { App } from './app';
import { describeCluster } from './clusterWords';
import { createInput, createPick } from './show/inputs';
import { isBehindSsh } from '../engine/rules';

export interface SubmitPlace {
  readonly cluster: string;
  readonly workdir: string;
}

interface ClusterItem extends QuickPickItem {
  readonly cluster: ClusterStatus | undefined;
}

const changeFolder: QuickInputButton = {
  iconPath: new ThemeIcon('folder'),
  tooltip: 'Change Working Directory',
};

/** `wanted`: a cluster that a caller names, and nobody is asked then. Undefined where the person changed their mind. */
export async function chooseSubmitPlace(
  app: App,
  script: Uri,
  wanted: string | undefined,
): Promise<SubmitPlace | undefined> {
  const { engine, places } = app;
  const clusters = await engine.request('engine/clusters', {});
  const picked =
    wanted === undefined
      ? await pickCluster(clusters, places.findCluster(script.toString()), (cluster) =>
          places.findWorkdir(script.toString(), cluster),
        )
      : { name: wanted, changesFolder: false };
  if (!picked) return undefined;
  const { name, changesFolder } = picked;
  const isRemote = isBehindSsh(clusters, name);
  const known = places.findWorkdir(script.toString(), name);
  const workdir = !isRemote
    ? dirname(script.fsPath)
    : known !== undefined && !changesFolder
      ? known
      : await askWorkdir(app, name, known);
  if (workdir === undefined) return undefined;
  await places.remember(script.toString(), name, isRemote ? workdir : null);
  return { cluster: name, workdir };
}

interface Picked {
  readonly name: string;
  readonly changesFolder: boolean;
}

/** Where there is no choice nobody is asked. */
function pickCluster(
  clusters: readonly ClusterStatus[],
  last: string | undefined,
  findWorkdir: (cluster: string) => string | undefined,
): Promise<Picked | undefined> {
  const [only, ...others] = clusters;
  if (only && others.length === 0) return Promise.resolve({ name: only.name, changesFolder: false });
  const toItem = (cluster: ClusterStatus): ClusterItem => {
    const workdir = cluster.kind === 'ssh' ? findWorkdir(cluster.name) : undefined;
    return {
      cluster,
      label: cluster.name,
      description: describeCluster(cluster),
      ...(workdir === undefined ? {} : { detail: `in ${workdir}`, buttons: [changeFolder] }),
      iconPath: new ThemeIcon(cluster.kind === 'sandbox' ? 'beaker' : 'server'),
    };
  };
  const separate = (label: string): ClusterItem => ({
    label,
    kind: QuickPickItemKind.Separator,
    cluster: undefined,
  });
  const isLast = ({ name }: ClusterStatus): boolean => name === last;
  const rest = clusters.filter((cluster) => !isLast(cluster)).map(toItem);
  const items = clusters.some(isLast)
    ? [separate('last time'), ...clusters.filter(isLast).map(toItem), separate('others'), ...rest]
    : rest;
  return new Promise((resolve) => {
    const pick = createPick(items, {
      title: 'Submit with Watchers',
      placeHolder: 'The cluster that runs the script',
    });
    pick.matchOnDescription = true;
    const answer = (item: ClusterItem | undefined, changesFolder: boolean): void => {
      if (item?.cluster) resolve({ name: item.cluster.name, changesFolder });
      pick.dispose();
    };
    pick.onDidAccept(() => {
      answer(pick.selectedItems[0]?.item, false);
    });
    pick.onDidTriggerItemButton(({ item: row }) => {
      answer(row.item, true);
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

/** Connects to the cluster: the folder is looked at before it is taken. */
async function askWorkdir(
  { engine }: App,
  cluster: string,
  known: string | undefined,
): Promise<string | undefined> {
  const find = (path: string | null): Promise<string> =>
    engine.request('engine/findWorkdir', { cluster, path });
  const proposed = known ?? (await find(null));
  return new Promise((resolve, reject) => {
    const input = createInput({
      title: `Working Directory on ${cluster}`,
      prompt: 'Where the job runs, and relative output paths begin. Asked once for this script.',
    });
    input.value = proposed;
    input.ignoreFocusOut = true;
    const check = async (): Promise<void> => {
      input.busy = true;
      input.enabled = false;
      try {
        resolve(await find(input.value.trim() === '' ? null : input.value.trim()));
        input.dispose();
      } catch (thrown) {
        const error = toWatchError(thrown);
        if (error.code !== 'bad-request') {
          reject(error);
          input.dispose();
          return;
        }
        input.validationMessage = toVsCodeLabel(error.message);
        input.enabled = true;
        input.busy = false;
      }
    };
    input.onDidChangeValue(() => {
      input.validationMessage = undefined;
    });
    input.onDidAccept(() => void check());
    input.onDidHide(() => {
      resolve(undefined);
      input.dispose();
    });
    input.show();
  });
}
