// Sign In: connects to a cluster, and asks what it wants to know.
import type { App } from '../app';
import { chooseCluster } from '../choose';
import type { CommandArguments } from '../commandArguments';
import { showInStatusBar } from '../show/progress';

export async function signIn(app: App, given: CommandArguments): Promise<void> {
  const cluster = await chooseCluster(app, given, 'Sign In');
  if (cluster === undefined) return;
  await showInStatusBar(`Signing in to ${cluster}…`, () => app.engine.request('engine/signIn', { cluster }));
  await app.clustersTree.refresh();
}
