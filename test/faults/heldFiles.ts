// Before the store's own code is read: Node's file system with points around it, and snapshots after little journal.
import fs from 'node:fs';
import { basename } from 'node:path';
import { workerData } from 'node:worker_threads';
import type { StoreWorkerData } from '../../engine/io/storeProtocol';
import { hold, holdThread } from './hold';

/** Small enough for a campaign to see many of them. */
const snapshotBytes = 128 * 1024;
Object.assign(workerData as StoreWorkerData, { snapshotBytes });

const { fdatasyncSync } = fs;
const { open, rename } = fs.promises;

Object.assign(fs, {
  fdatasyncSync: (handle: number): void => {
    holdThread('written');
    fdatasyncSync(handle);
    holdThread('synced');
  },
});

Object.assign(fs.promises, {
  open: async (...given: Parameters<typeof open>) => {
    const file = await open(...given);
    await hold('snapshotBegun');
    return file;
  },
  rename: async (from: string, to: string): Promise<void> => {
    const isSnapshot = basename(to).startsWith('snapshot-');
    if (isSnapshot) await hold('snapshotWritten');
    await rename(from, to);
    if (isSnapshot) await hold('snapshotNamed');
  },
});
