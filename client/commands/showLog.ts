// Show Log: the extension's log in the output panel.
import type { App } from '../app';

export function showLog({ log }: App): Promise<void> {
  log.show();
  return Promise.resolve();
}
