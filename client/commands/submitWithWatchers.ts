// Submit with Watchers: saves and checks the script, submits it, shows its job, and says that it is on its way.
import { posix, win32 } from 'node:path';
import { commands, ProgressLocation, window, type TextDocument } from 'vscode';
import type { Submitted } from '../../engine/protocol';
import type { App } from '../app';
import type { CommandArguments } from '../commands';
import { checkProblems } from '../problemCheck';
import { saveScript } from '../scriptToSubmit';
import { toJobNode } from '../trees/nodes';
import { count } from '../words';

/** Runs batch scripts on this machine as Slurm would show them. */
const cluster = 'sandbox';

export async function submitWithWatchers(app: App, given: CommandArguments): Promise<void> {
  const document = await saveScript(given);
  if (!document || !(await checkProblems(document))) return;
  const { job, watchers } = await window.withProgress(
    { location: ProgressLocation.Window, title: 'Submitting…' },
    () => submit(app, document),
  );
  app.engine.mirror.add({ jobs: [job], watchers });
  app.scripts.remember(job.key, document.uri);
  await app.watchersTree.reveal(job.key);
  const showOutput = 'Show Output';
  const name = posix.basename(document.uri.path);
  const text = `${name} was submitted to ${job.cluster} as job ${job.id}, with ${count(watchers.length, 'watcher')}.`;
  void window
    .showInformationMessage(text, showOutput)
    .then(
      (chosen) =>
        chosen === showOutput && commands.executeCommand('slurmWatchers.showOutput', toJobNode(job.key)),
    );
}

/** The job works in the script's folder. */
function submit({ engine }: App, document: TextDocument): Promise<Submitted> {
  const path = process.platform === 'win32' ? win32 : posix;
  return engine.request('engine/submit', {
    cluster,
    scriptName: path.basename(document.uri.fsPath),
    script: document.getText(),
    workdir: path.dirname(document.uri.fsPath),
    options: [],
  });
}
