// Cancel Job: asks once, since what a job has not saved is lost.
import { window } from 'vscode';
import type { App } from '../app';
import { chooseJob } from '../choose';
import type { CommandArguments } from '../commands';
import { isOver, nameJob } from '../words';

export async function cancelJob(app: App, given: CommandArguments): Promise<void> {
  const job = await chooseJob(app, given, {
    title: 'Cancel Job',
    suits: (candidate) => !isOver(candidate) && candidate.id !== '',
    none: 'There is no job to cancel.',
  });
  if (!job) return;
  const cancel = 'Cancel Job';
  const detail = 'What it has not saved is lost. Its watchers see it end.';
  const answer = await window.showWarningMessage(`Cancel ${nameJob(job)}?`, { modal: true, detail }, cancel);
  if (answer === cancel) await app.engine.request('engine/cancelJob', { cluster: job.cluster, job: job.id });
}
