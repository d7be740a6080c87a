// What the engine is told of this window's surroundings: clusters, SSH configuration and history of the settings, the ssh agent.
import { window, type LogOutputChannel } from 'vscode';
import { parseAccessSettings, pickEnvironment } from '../engine/link/accessSettings';
import type { Surroundings } from '../engine/protocol';
import { readSettings } from './settings';

/** A setting that is wrong is told once, with its key; the others count all the same. */
export function createSurroundings(log: LogOutputChannel): () => Surroundings {
  const told = new Set<string>();
  return () => {
    const { clusters, configFile, keepMonths } = readSettings();
    const { value, problems } = parseAccessSettings({
      clusters,
      ssh: { configFile },
      history: { keepMonths },
    });
    for (const { message, remedy } of problems) {
      const text = `Settings: slurmWatchers.${message} ${remedy}`;
      if (told.has(text)) continue;
      told.add(text);
      log.warn(text);
      void window.showWarningMessage(text);
    }
    return { settings: value, environment: pickEnvironment(process.env) };
  };
}
