// Webhooks for people and for what is kept: whoever has one can post, so none is shown or stored as it is.
import { toSha256 } from '../sha256';
import { toVisible } from './visible';

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
  return `${toVisible(place)}…${digest(webhook)}`;
}

/** The same for those of Slack wherever they stand in a text. */
export const maskWebhooks = (text: string): string =>
  text.includes('hooks.slack.com/')
    ? text.replace(/https:\/\/hooks\.slack\.com\/(?:services|workflows|triggers)\/[\w/-]+/gi, (webhook) =>
        maskWebhook(webhook),
      )
    : text;
