// The port Http: one POST over Node's own client, which follows no redirect and knows no proxy.
import { request as requestPlain, type IncomingMessage } from 'node:http';
import { request as requestSecure } from 'node:https';
import { WatchError } from '../errors';
import type { Http, HttpAnswer } from '../ports';

/** So much of an answer is read, bytes. */
const longestAnswer = 1024;

const local = new Set(['localhost', '127.0.0.1']);

/** `ca`: certificates of authorities beside those that Node knows. */
export const createHttp = (ca?: string): Http => ({
  post: (address, body, timeLimitMs) =>
    new Promise((resolve, reject) => {
      const url = new URL(address);
      const isPlain = url.protocol === 'http:' && local.has(url.hostname);
      if (!isPlain && url.protocol !== 'https:') {
        reject(unreachable(url, 'only https is used'));
        return;
      }
      const bytes = Buffer.from(body);
      const sent = (isPlain ? requestPlain : requestSecure)(url, {
        method: 'POST',
        agent: false,
        headers: { 'content-type': 'application/json; charset=utf-8', 'content-length': bytes.length },
        ...(ca !== undefined && { ca }),
      });
      let isSent = false;
      const end = (settle: () => void): void => {
        clearTimeout(late);
        settle();
        sent.destroy();
      };
      const fail = (reason: string): void => {
        end(() => {
          reject(isSent ? unknown(url, reason) : unreachable(url, reason));
        });
      };
      const late = setTimeout(() => {
        fail(`it did not answer within ${timeLimitMs / 1000} s`);
      }, timeLimitMs);
      sent.on('finish', () => (isSent = true));
      sent.on('error', (error) => {
        fail(error.message);
      });
      sent.on('response', (response) => {
        clearTimeout(late);
        // Its first line has said what became of it: the rest is words.
        void readStart(response, timeLimitMs).then((text) => {
          end(() => {
            resolve(toAnswer(response, text));
          });
        });
      });
      sent.end(bytes);
    }),
});

/** Of the address only its host is named: the rest is the secret. */
const unreachable = ({ hostname }: URL, reason: string): WatchError =>
  new WatchError(
    'service-unreachable',
    `${hostname} cannot be reached: ${reason}.`,
    'It is tried again for about an hour. Where a proxy looks into TLS, name its certificate in NODE_EXTRA_CA_CERTS.',
  );

/** The server may have taken it. */
const unknown = ({ hostname }: URL, reason: string): WatchError =>
  new WatchError(
    'timed-out',
    `Whether ${hostname} took it is not known: ${reason}.`,
    'It is not sent again.',
  );

/** What comes within the time limit. */
function readStart(response: IncomingMessage, timeLimitMs: number): Promise<string> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let length = 0;
    const finish = (): void => {
      clearTimeout(late);
      resolve(Buffer.concat(pieces).subarray(0, longestAnswer).toString('utf8'));
    };
    const late = setTimeout(finish, timeLimitMs);
    response.on('data', (piece: Buffer) => {
      pieces.push(piece);
      length += piece.length;
      if (length >= longestAnswer) finish();
    });
    response.on('end', finish);
    response.on('error', finish);
    response.on('aborted', finish);
  });
}

function toAnswer({ statusCode = 0, headers }: IncomingMessage, text: string): HttpAnswer {
  return { status: statusCode, retryAfterMs: toMilliseconds(headers['retry-after']), text };
}

/** Seconds or a date. Source: RFC 9110, section 10.2.3. */
function toMilliseconds(given: string | undefined): number | null {
  if (given === undefined) return null;
  const milliseconds = /^\d{1,9}$/.test(given) ? Number(given) * 1000 : Date.parse(given) - Date.now();
  return Number.isFinite(milliseconds) ? Math.max(0, milliseconds) : null;
}
