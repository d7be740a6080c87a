// notify_email: one mail, by the cluster's own mailer or by an SMTP server; at most once.
import { toMailBody, toMailHeader } from '../../language/show/mail';
import { toVisible } from '../../language/show/visible';
import { WatchError } from '../errors';
import { isMailAddress, splitAddresses } from '../mailAddress';
import type { Job } from '../model';
import { howToSet } from '../notificationSecrets';
import { optionsOf } from '../slurm/batchOptions';
import type { AccessSettings, Clock, Mail, Mailer, MailServer, MailSettings, Secrets } from '../ports';
import { textOf, type ActionPlace, type OutsideAction, type Outcome, type Params } from './action';
import { findDelay } from './retries';

export interface MailPorts {
  readonly mailer: Mailer;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly settings: () => Pick<AccessSettings, 'mail'>;
}

const usualPort = 587;
const mostRecipients = 10;
/** Characters of a message. */
const longestMessage = 200_000;

export function createNotifyEmail({ mailer, secrets, clock, settings }: MailPorts): OutsideAction {
  const findServer = (): MailSettings | null => {
    const mail = settings().mail;
    return mail && (mail.via ?? (mail.host === null ? 'cluster' : 'smtp')) === 'smtp' ? mail : null;
  };
  return {
    findObstacle: async (params, job) => {
      const server = findServer();
      // What cannot be sent fails at once, and says what to set.
      if (server && typeof findEnvelope(findRecipients(params, job, server), server) === 'string')
        return null;
      if (!server?.user || (await secrets.find('mail')) !== null) return null;
      return `There is no password yet for ${server.user} on ${server.host ?? 'the SMTP server'}. ${howToSet.mail}`;
    },
    retryAfter: findDelay,
    run: async (params, place) => {
      const chosen = settings().mail;
      const to = findRecipients(params, place.job, chosen);
      if (typeof to === 'string') return failed(to);
      const mail = { ...toMail(params, place, to), from: chosen?.from ?? null, time: clock.now() };
      const server = findServer();
      return server ? sendToServer(mail, server, { mailer, secrets }) : sendByCluster(mail, place);
    },
  };
}

const failed = (result: string): Outcome => ({ success: false, result });

/** Of the parameter, the settings or the script; none: the user on the cluster. Words if they cannot be used. */
function findRecipients(
  params: Params,
  { submission }: Job,
  settings: MailSettings | undefined,
): readonly string[] | string {
  const written = textOf(params, 'to') ?? '';
  const ofScript = submission ? (optionsOf(submission).get('mail-user') ?? '') : '';
  const text = written.trim() === '' ? (settings?.to ?? ofScript) : written;
  const addresses = splitAddresses(text);
  const wrong = addresses.find((address) => !isMailAddress(address));
  if (wrong !== undefined || (text.trim() !== '' && addresses.length === 0))
    return `No mail is sent to "${toVisible(wrong ?? text).slice(0, 200)}": that is not an address such as me@example.org.`;
  if (addresses.length > mostRecipients)
    return `No mail is sent to more than ${mostRecipients} addresses; there are ${addresses.length}. Use a mailing list.`;
  return addresses;
}

function toMail(
  params: Params,
  { watcher, job, cluster, standsFor }: ActionPlace,
  to: readonly string[],
): Pick<Mail, 'to' | 'subject' | 'body'> {
  const message = textOf(params, 'message') ?? '';
  const left = message.length - longestMessage;
  const body = [
    message.slice(0, longestMessage),
    ...(left > 0 ? [`… (${left} characters are left out)`] : []),
    ...(standsFor > 1 ? [`(the last of ${standsFor} triggers)`] : []),
    '',
    '-- ',
    `Watcher "${watcher}" of ${job.name} (job ${job.id}) on ${cluster.name}`,
    '',
  ].join('\n');
  return { to, subject: toMailHeader(textOf(params, 'subject') ?? ''), body: toMailBody(body) };
}

/** From whom to whom a server gets it; words if it cannot get it. */
function findEnvelope(
  to: readonly string[] | string,
  { host, user, from }: MailSettings,
): { readonly host: string; readonly sender: string; readonly to: readonly string[] } | string {
  if (typeof to === 'string') return to;
  const sender = from ?? (user !== null && user.includes('@') && isMailAddress(user) ? user : null);
  if (host === null) return 'No mail is sent: the setting slurmWatchers.mail has no "host".';
  if (sender === null) return 'No mail is sent: the setting slurmWatchers.mail has no "from".';
  if (to.length === 0)
    return 'No mail is sent: nobody is named. Write to="me@example.org", or set "to" of slurmWatchers.mail.';
  const local = to.find((address) => !address.includes('@'));
  if (local !== undefined)
    return `No mail is sent to "${local}": an SMTP server needs a whole address, me@example.org.`;
  return { host, sender, to };
}

async function sendToServer(
  mail: Mail,
  settings: MailSettings,
  { mailer, secrets }: Pick<MailPorts, 'mailer' | 'secrets'>,
): Promise<Outcome> {
  const envelope = findEnvelope(mail.to, settings);
  if (typeof envelope === 'string') return failed(envelope);
  const { user, port } = settings;
  const { host, sender } = envelope;
  const password = user === null ? null : await secrets.find('mail');
  if (user !== null && password === null)
    throw new WatchError('service-unreachable', 'The password is gone.', howToSet.mail);
  const signIn: MailServer['signIn'] = user === null || password === null ? null : { user, password };
  await mailer.send({ ...mail, from: sender }, { host, port: port ?? usualPort, signIn });
  return { success: true, result: `sent to ${mail.to.join(', ')} by ${host}` };
}

async function sendByCluster(mail: Mail, { cluster }: ActionPlace): Promise<Outcome> {
  const whom = mail.to.length === 0 ? 'the user there' : mail.to.join(', ');
  try {
    const mailer = await cluster.sendMail(mail);
    return { success: true, result: `handed to ${mailer} on ${cluster.name} for ${whom}` };
  } catch (error) {
    if (!(error instanceof WatchError) || !['cluster-unreachable', 'timed-out'].includes(error.code))
      throw error;
    return failed(`Whether the mail for ${whom} was sent is not known: ${error.message}`);
  }
}
