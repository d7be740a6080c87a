// A dry run in the caller's own process, over an output that is there: no engine is asked.
import { isAscii } from 'node:buffer';
import { dryRun, type DryRun } from '../dryRun';
import type { DryRunEntry } from '../dryRunEntry';
import { createPlainMatcher } from '../plainMatcher';

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const decoder = {
  isAscii: (bytes: Uint8Array) => isAscii(bytes),
  decode: (bytes: Uint8Array) => utf8.decode(bytes),
};

/** Takes the caller's thread for as long as it takes. */
export const dryRunHere = (run: DryRun): Promise<readonly DryRunEntry[]> =>
  dryRun(run, createPlainMatcher(decoder));
