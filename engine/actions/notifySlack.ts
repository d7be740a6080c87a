// notify_slack: posts to a webhook. A burst is one message a second, and what Slack does not take now is tried again for an hour.
import { toSlack } from '../../language/show/slack';
import { toVisible } from '../../language/show/visible';
import { WatchError } from '../errors';
import { explainWebhookHost, howToSet } from '../notificationSecrets';
import { count } from '../words';
import type { AccessSettings, Clock, Http, HttpAnswer, Secrets } from '../ports';
import { textOf, type ActionPlace, type OutsideAction, type Params } from './action';
import { findDelay } from './retries';

export interface SlackPorts {
  readonly http: Http;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly settings: () => Pick<AccessSettings, 'slack'>;
}

/** Source: Slack, "Rate limits": one message a second and webhook. */
const pauseMs = 1000;
const timeLimitMs = 20_000;
/** So many messages go out as one. */
const mostTogether = 20;
/** Characters of a message; Slack cuts longer ones where it likes. */
const longestMessage = 8000;
/** Maximum wait that Slack may ask for, ms. */
const longestPauseMs = 900_000;

/** One of what is posted together. Source: Slack, "Reference: Secondary message attachments". */
interface Attachment {
  readonly text: string;
  readonly fallback: string;
  readonly footer: string;
  readonly color?: string;
  readonly mrkdwn_in: readonly [];
}

interface Message {
  readonly channel: string | undefined;
  readonly attachment: Attachment;
}

export function createNotifySlack({ http, secrets, clock, settings }: SlackPorts): OutsideAction {
  const queues = new Map<string, WebhookQueue>();
  const queueOf = (webhook: string): WebhookQueue => {
    const known = queues.get(webhook) ?? new WebhookQueue(webhook, http, clock);
    queues.set(webhook, known);
    return known;
  };
  const findWebhook = (params: Params): Promise<string | null> => {
    const mask = textOf(params, 'webhook') ?? '';
    return mask === '' ? secrets.find('slack') : secrets.findMasked(mask);
  };
  return {
    findObstacle: async (params) => {
      if ((await findWebhook(params)) !== null) return null;
      const mask = textOf(params, 'webhook') ?? '';
      return mask === ''
        ? `There is no Slack webhook yet. ${howToSet.slack}`
        : `This engine does not have the webhook ${mask}, which is kept in memory only. Set the same one again. ${howToSet.slack}`;
    },
    retryAfter: findDelay,
    run: async (params, place) => {
      const webhook = await findWebhook(params);
      if (webhook === null)
        throw new WatchError('service-unreachable', 'The webhook is gone.', howToSet.slack);
      const refusal = explainWebhookHost(webhook, settings().slack?.hosts);
      if (refusal) return { success: false, result: `${refusal.message} ${refusal.remedy}` };
      const others = await queueOf(webhook).send(toMessage(params, place));
      return {
        success: true,
        result: `posted to Slack${others === 0 ? '' : ` together with ${count(others, 'other message')}`}`,
      };
    },
  };
}

function toMessage(params: Params, { watcher, job, cluster, standsFor }: ActionPlace): Message {
  const written = textOf(params, 'message') ?? '';
  const left = written.length - longestMessage;
  const text = [
    written.trim() === '' ? '(no text)' : written.slice(0, longestMessage),
    ...(left > 0 ? [`… (${left} characters are left out)`] : []),
    ...(standsFor > 1 ? [`(the last of ${standsFor} triggers)`] : []),
  ].join('\n');
  const footer = `${watcher} · ${job.name} ${job.id} on ${cluster.name}`;
  const color = toColor(textOf(params, 'color') ?? '');
  const channel = textOf(params, 'channel') ?? '';
  return {
    channel: channel === '' ? undefined : channel.slice(0, 200),
    attachment: {
      text: toSlack(text),
      fallback: toSlack(text.slice(0, 300)),
      footer: toSlack(footer.slice(0, 300)),
      ...(color !== undefined && { color }),
      mrkdwn_in: [],
    },
  };
}

const colors: Readonly<Record<string, string>> = {
  ...{ good: 'good', warning: 'warning', danger: 'danger' },
  ...{ green: 'good', yellow: 'warning', orange: 'warning', red: 'danger', blue: '#1d6fb8' },
};

/** Undefined for what Slack does not know: the message matters more than its bar. */
function toColor(written: string): string | undefined {
  const name = written.trim().toLowerCase();
  if (/^#[0-9a-f]{6}$/.test(name)) return name;
  return Object.hasOwn(colors, name) ? colors[name] : undefined;
}

/** It is tried again, after what Slack asks for. */
class Later extends WatchError {
  constructor(
    message: string,
    readonly afterMs: number,
  ) {
    super('service-unreachable', message, 'It is tried again for about an hour.');
  }
}

interface Waiting {
  readonly message: Message;
  readonly resolve: (others: number) => void;
  readonly reject: (error: unknown) => void;
}

/** Messages to one webhook, in their order. */
class WebhookQueue {
  private waiting: Waiting[] = [];
  private isSending = false;
  /** On the steady clock: when the next one may go out, and until when Slack wants none. */
  private freeAt = -Infinity;
  private closedUntil = -Infinity;

  constructor(
    private readonly webhook: string,
    private readonly http: Http,
    private readonly clock: Clock,
  ) {}

  /** Resolves when it was posted, with how many others went out with it. */
  send(message: Message): Promise<number> {
    const sent = new Promise<number>((resolve, reject) => {
      this.waiting.push({ message, resolve, reject });
    });
    void this.pump();
    return sent;
  }

  private async pump(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    while (this.waiting.length > 0) {
      await this.pause(this.freeAt - this.clock.steady());
      const batch = this.take();
      try {
        const refusal = this.closedUntil - this.clock.steady();
        if (refusal > 0) throw new Later('Slack takes no messages at the moment.', refusal);
        this.check(await this.http.post(this.webhook, toBody(batch), timeLimitMs));
        for (const { resolve } of batch) resolve(batch.length - 1);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
      this.freeAt = this.clock.steady() + pauseMs;
    }
    this.isSending = false;
  }

  private pause(milliseconds: number): Promise<void> {
    return milliseconds <= 0
      ? Promise.resolve()
      : new Promise((resolve) => {
          this.clock.after(milliseconds, resolve);
        });
  }

  /** Those for the same channel as the first. */
  private take(): readonly Waiting[] {
    const channel = this.waiting[0]?.message.channel;
    const batch = this.waiting.filter(({ message }) => message.channel === channel).slice(0, mostTogether);
    this.waiting = this.waiting.filter((item) => !batch.includes(item));
    return batch;
  }

  /** Throws what is not "it was posted". */
  private check({ status, retryAfterMs, text }: HttpAnswer): void {
    if (status >= 200 && status < 300) return;
    const words = toVisible(text).slice(0, 200).trim();
    const said = `Slack answered ${status}${words === '' ? '' : `: ${words}`}`;
    if (status === 429 || status >= 500) {
      const afterMs = Math.min(longestPauseMs, Math.max(pauseMs, retryAfterMs ?? 0));
      if (status === 429) this.closedUntil = this.clock.steady() + afterMs;
      throw new Later(`${said}.`, afterMs);
    }
    throw new WatchError(
      'service-refused',
      `${said}.`,
      `Look at the webhook in Slack's app, or make a new one. ${howToSet.slack}`,
    );
  }
}

/** Nothing is unfurled, and no name in it calls anybody. */
function toBody(batch: readonly Waiting[]): string {
  const channel = batch[0]?.message.channel;
  return JSON.stringify({
    ...(channel !== undefined && { channel }),
    attachments: batch.map(({ message }) => message.attachment),
    link_names: false,
    parse: 'none',
    unfurl_links: false,
    unfurl_media: false,
  });
}
