// Mail by a cluster's own mailer: sendmail with a whole message, else mail(1), both with the text on standard input.
import { toHeaderWords, toHexBytes } from '../../language/show/mail';
import { toVisible } from '../../language/show/visible';
import { WatchError } from '../errors';
import type { CommandResult, Machine, Mail } from '../ports';
import { quoteWord } from './shellWords';

const timeLimitMs = 60_000;

/** sendmail is often not on the path of users. */
const findMailer =
  'PATH="$PATH:/usr/sbin:/usr/lib:/sbin"; command -v sendmail || command -v mail || command -v mailx\n';

/** As a cluster's. */
export async function sendMailOver(
  machine: Pick<Machine, 'run'>,
  cluster: string,
  mail: Mail,
): Promise<string> {
  const found = await machine.run({ script: findMailer, timeLimitMs });
  const program = found.stdout.split('\n')[0] ?? '';
  const name = program.split('/').at(-1) ?? '';
  if (!program.startsWith('/'))
    throw new WatchError(
      'service-refused',
      `There is no mailer on ${cluster}, neither sendmail nor mail.`,
      'Set "via" of slurmWatchers.mail to "smtp", with a "host".',
    );
  const isSendmail = name === 'sendmail';
  const to = mail.to.length === 0 ? ['"$(id -un)"'] : mail.to.map(quoteWord);
  const words = isSendmail
    ? ['-i', '--', ...to]
    : ['-s', quoteWord(toHeaderWords(mail.subject).join(' ')), '--', ...to];
  const result = await machine.run({
    script: `${quoteWord(program)} ${words.join(' ')}\n`,
    input: isSendmail ? printMessage(mail) : mail.body,
    timeLimitMs,
  });
  if (result.code !== 0) throw toRefusal(name, cluster, result);
  return name;
}

/** It did not take the mail now, and may do so later. Source: sysexits.h, EX_TEMPFAIL. */
const temporaryFailure = 75;

function toRefusal(mailer: string, cluster: string, { code, stdout, stderr }: CommandResult): WatchError {
  const words = toVisible((stderr.trim() || stdout.trim()).split('\n')[0] ?? '').slice(0, 300);
  const said = words || `it ended with code ${code}`;
  if (code === temporaryFailure)
    return new WatchError(
      'service-unreachable',
      `${mailer} on ${cluster} does not take the mail now: ${said.replace(/\.$/, '')}.`,
      'It is tried again for about an hour.',
    );
  return new WatchError(
    'service-refused',
    `${mailer} on ${cluster} did not take the mail: ${said}`,
    'Try it in a terminal there, or set "via" of slurmWatchers.mail to "smtp".',
  );
}

/** Source: RFC 5322, RFC 2045. */
export function printMessage({ from, to, subject, body, time }: Mail): string {
  const isPlain = /^[\x20-\x7e\n\t]*$/.test(body) && !/[^\n]{900}/.test(body);
  return [
    ...(from === null ? [] : [`From: ${from}`]),
    ...(to.length === 0 ? [] : [`To: ${to.join(', ')}`]),
    `Subject: ${toHeaderWords(subject).join('\n ')}`,
    `Date: ${new Date(time).toUTCString().replace('GMT', '+0000')}`,
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Transfer-Encoding: ${isPlain ? '7bit' : 'quoted-printable'}`,
    '',
    isPlain ? body : toQuotedPrintable(body),
  ].join('\n');
}

/** Source: RFC 2045, section 6.7. */
function toQuotedPrintable(text: string): string {
  const lines: string[] = [];
  for (const line of text.split('\n')) {
    let written = '';
    for (const character of line) {
      const next = /[\x20-\x3c\x3e-\x7e]/.test(character) ? character : toHexBytes(character);
      if (written.length + next.length > 75) {
        lines.push(`${written}=`);
        written = '';
      }
      written += next;
    }
    // A blank at a line's end would be lost on the way, and a dot alone would end the mail for some.
    lines.push(written.replace(/ $/, '=20').replace(/^\.$/, '=2E'));
  }
  return lines.join('\n');
}
