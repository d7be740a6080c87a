// Runs a dry run in a thread of its own, which is ended where the person calls it off.
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CancellationToken } from 'vscode';
import type { DryRun } from '../../engine/dryRun';
import type { DryRunEntry } from '../../engine/dryRunEntry';
import type { App } from '../app';

/** Undefined where it was called off. */
export function rehearse(
  { context }: App,
  run: DryRun,
  token: CancellationToken,
): Promise<readonly DryRunEntry[] | undefined> {
  const worker = new Worker(join(context.extensionPath, 'dist/dryRunWorker.js'), { workerData: run });
  return new Promise<readonly DryRunEntry[] | undefined>((resolve, reject) => {
    worker.once('message', (entries: readonly DryRunEntry[]) => {
      resolve(entries);
    });
    worker.once('error', reject);
    token.onCancellationRequested(() => {
      resolve(undefined);
    });
  }).finally(() => void worker.terminate());
}
