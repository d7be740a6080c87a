// Slack, a mail server and a keeper of secrets for engines of tests: they take down what they get, and answer as they are told.
import { maskWebhook } from '../../language/show/webhook';
import { createActions } from '../../engine/actions/createActions';
import type { OutsideActions } from '../../engine/actions/action';
import type {
  AccessSettings,
  Clock,
  HttpAnswer,
  Mail,
  MailServer,
  SecretName,
  Secrets,
} from '../../engine/ports';

export interface FakeNotifications {
  /** Each with its time. */
  readonly posts: { readonly at: number; readonly url: string; readonly body: SlackBody }[];
  readonly mails: { readonly mail: Mail; readonly server: MailServer }[];
  /** Set by tests. */
  settings: Pick<AccessSettings, 'mail' | 'slack'>;
  /** Set by tests: what comes of the next posts, in their order; later ones are taken. */
  answers: (Partial<HttpAnswer> | Error)[];
  /** Set by tests: what comes of the next mails. */
  mailAnswers: Error[];
  readonly secrets: Secrets & { readonly values: Map<SecretName, string> };
  /** Set by tests: reading any secret fails. */
  secretTrouble: Error | null;
  createActions(clock: Clock): OutsideActions;
}

export interface SlackBody {
  readonly channel?: string;
  readonly attachments: readonly {
    readonly text: string;
    readonly fallback: string;
    readonly footer: string;
    readonly color?: string;
    readonly mrkdwn_in: readonly string[];
  }[];
  readonly link_names: boolean;
  readonly unfurl_links: boolean;
  readonly unfurl_media: boolean;
}

export const sampleWebhook = 'https://hooks.slack.com/services/T000/B000/secretsecret';

export function createFakeNotifications(): FakeNotifications {
  const values = new Map<SecretName, string>();
  const webhooks = new Map<string, string>();
  const fake: FakeNotifications = {
    posts: [],
    mails: [],
    settings: {},
    answers: [],
    mailAnswers: [],
    secretTrouble: null,
    secrets: {
      values,
      find: (name) =>
        fake.secretTrouble ? Promise.reject(fake.secretTrouble) : Promise.resolve(values.get(name) ?? null),
      findMasked: (mask) => Promise.resolve(webhooks.get(mask) ?? null),
      set: (name, value) => {
        if (value === null) values.delete(name);
        else values.set(name, value);
      },
      keepWebhook: (webhook) => {
        webhooks.set(maskWebhook(webhook), webhook);
      },
    },
    createActions: (clock) =>
      createActions({
        clock,
        secrets: fake.secrets,
        settings: () => fake.settings,
        http: {
          post: (url, body) => {
            fake.posts.push({ at: clock.now(), url, body: JSON.parse(body) as SlackBody });
            const answer = fake.answers.shift() ?? {};
            if (answer instanceof Error) return Promise.reject(answer);
            return Promise.resolve({ status: 200, retryAfterMs: null, text: 'ok', ...answer });
          },
        },
        mailer: {
          send: (mail, server) => {
            fake.mails.push({ mail, server });
            const trouble = fake.mailAnswers.shift();
            return trouble ? Promise.reject(trouble) : Promise.resolve();
          },
        },
      }),
  };
  return fake;
}
