// What a webhook and a password must look like, and where one comes from, in words: the same wherever they are asked for.
import { findActionRow } from '../language/actionTable';
import type { Definition } from '../language/definition';
import { isMasked } from '../language/show/webhook';
import { WatchError } from './errors';
import type { SecretName, Secrets } from './ports';
import type { Refusal } from './rules';

/** Where it may be posted to; the path has the secret. */
export interface WebhookPlace {
  readonly host: string;
  /** This computer itself, without TLS. */
  readonly isLocal: boolean;
}

/** Undefined if it is none: https with a name of a server and a path, without user, query or fragment. */
export function readWebhook(text: string): WebhookPlace | undefined {
  const [, scheme, host = '', port = '0'] =
    /^(https?):\/\/([A-Za-z0-9.-]+)(?::(\d{1,5}))?\/[\w/%.~-]+$/.exec(text.length > 2000 ? '' : text) ?? [];
  const isLocal = host === 'localhost' || host === '127.0.0.1';
  if (scheme === undefined || (scheme === 'http' && !isLocal) || Number(port) > 65_535) return undefined;
  return { host: host.toLowerCase(), isLocal: scheme === 'http' };
}

const slackHost = 'hooks.slack.com';

/** Why nothing is posted to the webhook; undefined if it is. `hosts`: those that the settings name beside Slack's own. */
export function explainWebhookHost(webhook: string, hosts?: readonly string[] | null): Refusal | undefined {
  const host = readWebhook(webhook)?.host ?? '';
  if ([slackHost, ...(hosts ?? [])].includes(host)) return undefined;
  return {
    message: `Nothing is posted to ${host}: it is not Slack.`,
    remedy:
      'If it is meant, add it to "hosts" of the setting slurmWatchers.slack, or of "slack" in config.json.',
  };
}

const environmentNames: Readonly<Record<SecretName, string>> = {
  slack: 'SLURM_WATCHERS_SLACK_WEBHOOK',
  mail: 'SLURM_WATCHERS_MAIL_PASSWORD',
};

/** Why messages of the watcher could never be posted, without a word of the webhook that it names; undefined if they could. */
export function explainBadWebhook({ name, actions }: Definition): Refusal | undefined {
  const isBad = ({ type, params }: Definition['actions'][number]): boolean =>
    (findActionRow(type)?.params ?? []).some((param) => {
      const value = params[param.name];
      const isWritten = param.isSecret === true && typeof value === 'string' && value !== '';
      return isWritten && !isMasked(value) && !readWebhook(value);
    });
  if (!actions.some(isBad)) return undefined;
  return {
    message: `The webhook that the watcher "${name}" names is not valid.`,
    remedy: `Write the whole address, https://hooks.slack.com/services/…, without variables, or leave it out. ${howToSet.slack}`,
  };
}

/** The variable of the engine's environment that may hold it. */
export const environmentNameOf = (name: SecretName): string => environmentNames[name];

/** What to do, for somebody who has it. */
export const howToSet: Readonly<Record<SecretName, string>> = {
  slack: 'Run "Slurm Watchers: Set Slack Webhook…" in VS Code, or "slurm-watchers secret set slack".',
  mail: 'Run "Slurm Watchers: Set Mail Password…" in VS Code, or "slurm-watchers secret set mail".',
};

/** Throws bad-request, without a word of the secret itself. `hosts`: as of explainWebhookHost. */
export function checkSecret(name: SecretName, value: string | null, hosts?: readonly string[]): void {
  if (value === null) return;
  if (name === 'slack' && !readWebhook(value))
    throw new WatchError(
      'bad-request',
      'This is not a webhook.',
      'Give the whole address, https://hooks.slack.com/services/…, as Slack shows it for the app.',
    );
  const refusal = name === 'slack' && hosts ? explainWebhookHost(value, hosts) : undefined;
  if (refusal) throw new WatchError('bad-request', refusal.message, refusal.remedy);
  if (value === '' || value.length > 4096 || /[\0\r\n]/.test(value))
    throw new WatchError('bad-request', 'This cannot be a password.', 'Give it on one line.');
}

/** Webhooks that a script names are kept from now on, as long as the engine runs. */
export const keepAll = (secrets: Secrets | undefined, webhooks: readonly string[]): void => {
  for (const webhook of webhooks) if (readWebhook(webhook)) secrets?.keepWebhook(webhook);
};
