// Tells once that messages of watchers wait for the webhook or the password, and takes it.
import { commands, type Disposable } from 'vscode';
import { findWait } from '../engine/words';
import type { Engine } from './engine';
import { showMessage } from './show/messages';

/** Who gives what an action waits for: the tail of a command's id, and what a button says. */
const ways: Readonly<Record<string, readonly [command: string, words: string]>> = {
  notify_slack: ['setSlackWebhook', 'Set Slack Webhook…'],
  notify_email: ['setMailPassword', 'Set Mail Password…'],
};

export function createSecretNotices(engine: Engine): Disposable {
  const told = new Set<string>();
  return engine.onDidChange(({ events }) => {
    for (const event of events) {
      const reason = findWait(event);
      if (reason === undefined || told.has(reason)) continue;
      told.add(reason);
      tell(event.action ?? '', reason);
    }
  });
}

function tell(action: string, reason: string): void {
  const [command, words] = ways[action] ?? [];
  const text = `Messages of your watchers are waiting. ${reason}`;
  void showMessage('warning', text, ...(words === undefined ? [] : [words])).then(
    (chosen) => chosen !== undefined && commands.executeCommand(`slurmWatchers.${command ?? ''}`),
  );
}
