// Create Watcher…: the builder for a line of output, a job, the script that is being looked at, or for nothing yet.
import { window } from 'vscode';
import { readBuilderContext, type BuilderContext } from '../../webviews/builder/protocol';
import { nameJob } from '../../engine/words';
import type { App } from '../app';
import { findClusterJob, findJobKey, findSelected } from '../choose';
import type { CommandArguments } from '../commandArguments';
import { isBatchScript } from '../languages';

/** `{ cluster, job, title, stream, text, above }` comes from a line of output, and `{ template, title }` from a template. */
export function createWatcher(app: App, given: CommandArguments): Promise<void> {
  app.builders.open(findGiven(given) ?? findJob(app, given) ?? findScript());
  return Promise.resolve();
}

function findGiven([given]: CommandArguments): BuilderContext | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const kind = 'template' in given ? 'template' : 'text' in given ? 'line' : 'job';
  return readBuilderContext({ above: [], ...given, kind });
}

function findJob(app: App, given: CommandArguments): BuilderContext | undefined {
  const listed = findClusterJob(app, given);
  if (listed) {
    const { cluster, report, key } = listed;
    return { kind: 'job', cluster, job: key ?? report.id, title: `${report.name} · job ${report.id}` };
  }
  const node = findSelected(given);
  const key = node && findJobKey(app, node);
  const job = key === undefined ? undefined : app.engine.mirror.findJob(key);
  return job && { kind: 'job', cluster: job.cluster, job: job.key, title: nameJob(job) };
}

function findScript(): BuilderContext {
  const document = window.activeTextEditor?.document;
  return document && isBatchScript(document)
    ? { kind: 'script', script: document.uri.toString() }
    : { kind: 'new' };
}
