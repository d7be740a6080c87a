// The settings as typed data; each property is the last word of a setting's key.
import { workspace } from 'vscode';
import type { KeepRunning } from './keepRunning';

export interface Settings {
  /** Where the engine runs: in a process of its own where there can be one, or inside the extension host. */
  readonly location: 'auto' | 'extensionHost';
  /** The Node that runs the engine; empty: VS Code's own runtime. */
  readonly nodePath: string;
  readonly keepRunning: KeepRunning;
  /** The least level of log_event that is told in a notification. */
  readonly notifications: 'warning' | 'error' | 'off';
  /** Clusters beyond the hosts of the SSH configuration, as the person wrote them. */
  readonly clusters: unknown;
  /** Another SSH configuration than the user's own; empty: that one. */
  readonly configFile: string;
  /** For how many months history is kept, as the person wrote it. */
  readonly keepMonths: unknown;
  /** Names of commands that watchers run without asking, as the person wrote them; null: the default list. */
  readonly allowedCommands: unknown;
  /** How mail is sent, as the person wrote it. */
  readonly mail: unknown;
  /** Where messages may be posted, as the person wrote it. */
  readonly slack: unknown;
}

export function readSettings(): Settings {
  const engine = workspace.getConfiguration('slurmWatchers.engine');
  const all = workspace.getConfiguration('slurmWatchers');
  return {
    location: engine.get('location', 'auto'),
    nodePath: engine.get('nodePath', ''),
    keepRunning: engine.get('keepRunning', 'auto'),
    notifications: all.get('notifications', 'warning'),
    clusters: all.get<unknown>('clusters'),
    configFile: workspace.getConfiguration('slurmWatchers.ssh').get('configFile', ''),
    keepMonths: workspace.getConfiguration('slurmWatchers.history').get<unknown>('keepMonths'),
    allowedCommands: all.get<unknown>('allowedCommands'),
    mail: all.get<unknown>('mail'),
    slack: all.get<unknown>('slack'),
  };
}
