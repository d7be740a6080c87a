// The thread of a dry run: a long output or a heavy pattern never holds up the extension host.
import { parentPort, workerData } from 'node:worker_threads';
import type { DryRun } from '../engine/dryRun';
import { dryRunHere } from '../engine/link/dryRunHere';

void dryRunHere(workerData as DryRun).then((entries) => parentPort?.postMessage(entries));
