// The port Mailer: one mail to an SMTP server over TLS with checked certificates. nodemailer is loaded with the first mail.
import { toHeaderWords } from '../../language/show/mail';
import { WatchError } from '../errors';
import type { Mail, Mailer, MailServer } from '../ports';

const timeLimitMs = 60_000;
const tlsPort = 465;

/** `ca`: certificates of authorities beside those that Node knows. */
export const createMailer = (ca?: string): Mailer => ({
  send: async (mail, server) => {
    const { createTransport } = await import('nodemailer');
    const { host, port, signIn } = server;
    const progress = { hasBegun: false };
    const transport = createTransport({
      ...{ host, port, secure: port === tlsPort, requireTLS: port !== tlsPort },
      ...(signIn && { auth: { user: signIn.user, pass: signIn.password } }),
      tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...(ca !== undefined && { ca }) },
      ...{ connectionTimeout: timeLimitMs, greetingTimeout: timeLimitMs, socketTimeout: timeLimitMs },
      ...{ disableFileAccess: true, disableUrlAccess: true, logger: listenTo(progress) },
      // Commands alone, without what is said to sign in.
      transactionLog: true,
    });
    try {
      await transport.sendMail(toMessage(mail));
    } catch (error) {
      throw toMailError(error, server, progress.hasBegun);
    } finally {
      transport.close();
    }
  },
});

/** Notes when the mail itself is about to be given: nodemailer says of a broken connection no more than that it broke. */
function listenTo(progress: { hasBegun: boolean }) {
  const ignore = (): void => undefined;
  return {
    ...{ level: ignore, trace: ignore, info: ignore, warn: ignore, error: ignore, fatal: ignore },
    debug: (entry: unknown, command: unknown) => {
      const { tnx } = entry as { readonly tnx?: unknown };
      if (tnx === 'client' && command === 'DATA') progress.hasBegun = true;
    },
  };
}

const toMessage = ({ from, to, subject, body, time }: Mail & { readonly from: string }) => ({
  ...{ from, to: [...to], text: body, date: new Date(time) },
  envelope: { from, to: [...to] },
  headers: {
    'Auto-Submitted': 'auto-generated',
    // Nodemailer leaves an encoded word that is in the text as it is.
    Subject: { prepared: true, value: toHeaderWords(subject).join('\r\n ') },
  },
  ...{ disableFileAccess: true, disableUrlAccess: true },
});

/** What nodemailer says of an error. */
interface Failure {
  readonly message: string;
  readonly code?: string;
  readonly responseCode?: number;
}

/** Its cause is left out: it may hold what was sent to sign in. */
function toMailError(thrown: unknown, { host, signIn }: MailServer, hasBegun: boolean): WatchError {
  const { message, code = '', responseCode } = thrown as Failure;
  const words = (signIn === null ? message : message.replaceAll(signIn.password, '…')).slice(0, 300);
  const said = `${host}: ${words.replace(/\.$/, '')}.`;
  if (code === 'EAUTH')
    return new WatchError(
      'service-refused',
      `The mail was not sent: signing in to ${said}`,
      'Run "Slurm Watchers: Set Mail Password…", and look at "user" of slurmWatchers.mail.',
    );
  // It had all of the mail and did not say what became of it.
  if (responseCode === undefined && hasBegun)
    return new WatchError(
      'timed-out',
      `Whether the mail was sent is not known: ${said}`,
      'Look into the mailbox; it is not sent again.',
    );
  if (responseCode !== undefined && responseCode >= 500)
    return new WatchError(
      'service-refused',
      `The mail was not sent: ${said}`,
      'Look at the addresses and the setting slurmWatchers.mail.',
    );
  const isCertificate = code === 'ETLS' || /certificate|self.signed|altnames/i.test(message);
  return new WatchError(
    isCertificate ? 'service-refused' : 'service-unreachable',
    `The mail was not sent: ${said}`,
    isCertificate
      ? 'Mail is sent with TLS alone. Name the certificate of its authority in NODE_EXTRA_CA_CERTS.'
      : 'It is tried again for about an hour.',
  );
}
