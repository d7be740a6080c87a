// What the engine is told of this window's surroundings: clusters, SSH configuration, history and messages of the settings, the ssh agent.
import { parseAccessSettings, pickEnvironment } from '../engine/link/accessSettings';
import type { Surroundings } from '../engine/protocol';
import type { Log } from './log';
import { readSettings } from './settings';
import { showMessage } from './show/messages';

/** A setting that is wrong is told once, with its key; the others count all the same. */
export function createSurroundings(log: Log): () => Surroundings {
  const told = new Set<string>();
  return () => {
    const { clusters, configFile, keepMonths, allowedCommands, mail, slack } = readSettings();
    const { value, problems } = parseAccessSettings({
      clusters,
      ssh: { configFile },
      history: { keepMonths },
      allowedCommands,
      mail,
      slack,
    });
    for (const { message, remedy } of problems) {
      const text = `Settings: slurmWatchers.${message} ${remedy}`;
      if (told.has(text)) continue;
      told.add(text);
      log.warn(text);
      void showMessage('warning', text);
    }
    return { settings: value, environment: pickEnvironment(process.env) };
  };
}
