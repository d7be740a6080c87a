// config.json as the command line reads it: what reaches clusters needs it, everything else goes on without one that is broken.
import { readConfigFile } from '../engine/link/accessSettings';
import { toWatchError } from '../engine/errors';
import type { AccessSettings } from '../engine/protocol';
import type { Output } from './output';

export interface SettingsReader {
  /** Throws as readConfigFile. */
  read(): Promise<AccessSettings>;
  /** Null if it cannot be read, which is said once. */
  readIfRight(): Promise<AccessSettings | null>;
}

export function createSettingsReader(home: string, output: Pick<Output, 'note'>): SettingsReader {
  let isTold = false;
  return {
    read: () => readConfigFile(home),
    readIfRight: async () => {
      try {
        return await readConfigFile(home);
      } catch (thrown) {
        const { message, remedy } = toWatchError(thrown);
        if (!isTold) output.note(`warning: ${message} ${remedy} Going on without it.`);
        isTold = true;
        return null;
      }
    },
  };
}
