// Webhooks and passwords for people, and for what is kept: whoever has one can use it, so none is shown.
import { toSha256 } from '../sha256';

/** Twelve digits that tell webhooks apart and give nothing of them away. */
const digest = (text: string): string => toSha256(text).slice(0, 12);

const masked = /^(?:https?:\/\/[^/\s]+\/)?(?:services\/)?…[0-9a-f]{12}$/;

/** Whether a text stands for a webhook. */
export const isMasked = (text: string): boolean => masked.test(text);

/**
 * `https://hooks.slack.com/services/…1f2e3d4c5b6a` stands for a webhook: the same for the same one. Empty stays empty, and what is
 * masked stays as it is.
 */
export function maskWebhook(webhook: string): string {
  if (webhook === '' || isMasked(webhook)) return webhook;
  const place = /^https?:\/\/[\w.-]+(?::\d+)?\/(?:services\/)?/i.exec(webhook)?.[0] ?? '';
  return `${place}…${digest(webhook)}`;
}

const slackWebhook =
  /(https?:\/\/)?\bhooks\.slack(?:-gov)?\.com(?::443)?\/(?:services|workflows|triggers)\/[\w/-]+/gi;
/** `https://me:password@host`; bounded, as a text may have many beginnings of one. */
const passwordInAddress = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/?#@"'`]{0,100}:)([^\s/?#@"'`]{1,200})(?=@)/gi;

/** False if there certainly is none in it, as in most texts. */
export const mayHaveSecret = (text: string): boolean => text.includes('://') || /hooks\.slack/i.test(text);

/** Webhooks of Slack and passwords in addresses, wherever they stand in a text: the same text without them. */
export function maskSecrets(text: string): string {
  if (!mayHaveSecret(text)) return text;
  return text
    .replace(slackWebhook, (webhook, scheme?: string) =>
      scheme === undefined
        ? maskWebhook(`https://${webhook}`).slice('https://'.length)
        : maskWebhook(webhook),
    )
    .replace(passwordInAddress, '$1…');
}

/** The same for all texts in a value. */
export const maskAll = <Value>(value: Value): Value => maskValue(value) as Value;

function maskValue(value: unknown): unknown {
  if (typeof value === 'string') return maskSecrets(value);
  if (Array.isArray(value)) return value.map(maskValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, maskValue(item)]));
}
