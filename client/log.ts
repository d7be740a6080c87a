// The extension's log, in VS Code's output panel.
import { window, type LogOutputChannel } from 'vscode';

export const createLog = (): LogOutputChannel => window.createOutputChannel('Slurm Watchers', { log: true });
