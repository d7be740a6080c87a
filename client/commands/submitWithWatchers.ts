// Submit with Watchers: saves and checks the script, submits it, shows its job, and says that it is on its way.
import { posix, win32 } from 'node:path';
import { commands, type TextDocument } from 'vscode';
import { createLineFlow } from '../../engine/link/lineFlow';
import type { Submitted } from '../../engine/protocol';
import { count } from '../../engine/words';
import type { App } from '../app';
import { chooseSubmitPlace, type SubmitPlace } from '../chooseCluster';
import type { CommandArguments } from '../commandArguments';
import { requestWithConsent } from '../consent';
import { checkProblems } from '../problemCheck';
import { saveScript } from '../scriptToSubmit';
import { showMessage } from '../show/messages';
import { showInStatusBar } from '../show/progress';
import { toJobNode } from '../trees/nodes';
import { nameOf } from '../documentName';

/** From the palette and from menus; a keybinding or a task may name the cluster: `{ "cluster": "big" }`. */
export async function submitWithWatchers(app: App, given: CommandArguments): Promise<void> {
  const document = await saveScript(given);
  if (!document || !(await checkProblems(document))) return;
  const place = await chooseSubmitPlace(app, document.uri, findWanted(given));
  if (!place) return;
  const submitted = await submit(app, document, place);
  if (!submitted) return;
  const { job, watchers } = submitted;
  app.engine.mirror.add({ jobs: [job], watchers });
  app.scripts.remember(job.key, document.uri);
  void app.clustersTree.refreshJobs(job.cluster);
  await app.watchersTree.reveal(job.key);
  const showOutput = 'Show Output';
  const text = `${nameOf(document)} was submitted to ${job.cluster} as job ${job.id}, ${watchers.length === 0 ? 'without watchers' : `with ${count(watchers.length, 'watcher')}`}.`;
  void showMessage('info', text, showOutput).then(
    (chosen) =>
      chosen === showOutput && commands.executeCommand('slurmWatchers.showOutput', toJobNode(job.key)),
  );
}

/** Undefined if the person does not agree to what it may do. */
function submit(
  { engine, log }: App,
  document: TextDocument,
  place: SubmitPlace,
): Promise<Submitted | undefined> {
  const path = process.platform === 'win32' ? win32 : posix;
  const scriptName = path.basename(document.uri.fsPath);
  const request = { ...place, scriptName, script: document.getText(), options: [] };
  const question = { question: `Submit ${nameOf(document)} to ${place.cluster}?`, button: 'Submit' };
  const name = nameOf(document);
  return requestWithConsent<'engine/submit'>(
    request,
    (given) =>
      showInStatusBar(`Submitting to ${place.cluster}…`, async (report) => {
        const printed = createLineFlow((line) => {
          log.info(`The login set-up of ${name}: ${line}`);
          if (line.trim() !== '') report(line.trim());
        });
        const submitted = await engine.request('engine/submit', given, printed.take).finally(printed.end);
        // An engine of an older version tells it at the end alone.
        if (!printed.hasBegun()) printed.take(submitted.loginOutput ?? '');
        printed.end();
        return submitted;
      }),
    question,
  );
}

function findWanted(given: CommandArguments): string | undefined {
  const named = given.map(
    (argument) => (argument as { readonly cluster?: unknown } | null | undefined)?.cluster,
  );
  return named.find((cluster) => typeof cluster === 'string');
}
