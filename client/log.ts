// The extension's log, in VS Code's output panel: an entry never looks like two.
import { window, type LogOutputChannel } from 'vscode';
import { toLogEntry } from '../language/show/log';

type Level = 'debug' | 'info' | 'warn' | 'error';

export interface Log extends Readonly<Record<Level, (text: string) => void>> {
  /** For what VS Code and the language client write there by themselves. */
  readonly channel: LogOutputChannel;
  show(): void;
  dispose(): void;
}

export function createLog(): Log {
  const channel = window.createOutputChannel('Slurm Watchers', { log: true });
  const write =
    (level: Level) =>
    (text: string): void => {
      channel[level](toLogEntry(text));
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    channel,
    show: () => {
      channel.show();
    },
    dispose: () => {
      channel.dispose();
    },
  };
}
