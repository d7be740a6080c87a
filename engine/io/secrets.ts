// The port Secrets: handed over, of the engine's environment, of a private file, or of a client's safe; kept in memory alone.
import { open } from 'node:fs/promises';
import { maskWebhook } from '../../language/show/webhook';
import { WatchError } from '../errors';
import { checkSecret, environmentNameOf } from '../notificationSecrets';
import { safeKeyOf } from '../secretNames';
import type { AccessSettings, Prompter, SecretName, Secrets } from '../ports';
import { findUserHome } from '../link/account';

export interface SecretsParts {
  /** As they are now. */
  readonly settings: () => Pick<AccessSettings, 'mail' | 'slack'>;
  readonly environment: () => Readonly<Record<string, string | undefined>>;
  readonly prompter: Prompter;
}

const longestFile = 8192;
const othersReach = 0o077;
/** A safe gets so long to answer, ms. */
const safeMs = 10_000;

export function createSecrets(parts: SecretsParts): Secrets {
  const given = new Map<SecretName, string>();
  const webhooks = new Map<string, string>();
  const find = async (name: SecretName): Promise<string | null> => {
    const found =
      given.get(name) ?? findInEnvironment(name, parts) ?? (await findInFile(name, parts)) ?? null;
    if (found !== null) return found;
    const kept = await findInSafe(name, parts);
    // The window that keeps it may be gone for the next message.
    if (kept !== null) given.set(name, kept);
    return kept;
  };
  return {
    find,
    findMasked: async (mask) => {
      const known = webhooks.get(mask);
      if (known !== undefined) return known;
      const usual = await find('slack');
      return usual !== null && maskWebhook(usual) === mask ? usual : null;
    },
    set: (name, value) => {
      if (value === null) given.delete(name);
      else given.set(name, value);
      if (value !== null && name === 'slack') webhooks.set(maskWebhook(value), value);
    },
    keepWebhook: (webhook) => {
      webhooks.set(maskWebhook(webhook), webhook);
    },
  };
}

/** What notifications alone need: nothing that the engine starts gets it. */
export const withoutSecrets = (
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> => {
  const own = new Set([environmentNameOf('slack'), environmentNameOf('mail')]);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !own.has(name)));
};

function findInEnvironment(name: SecretName, { environment }: SecretsParts): string | undefined {
  const variable = environmentNameOf(name);
  const value = environment()[variable];
  return value === undefined || value === '' ? undefined : checked(name, value, `The variable ${variable}`);
}

async function findInFile(name: SecretName, { settings }: SecretsParts): Promise<string | undefined> {
  const { mail, slack } = settings();
  const named = name === 'mail' ? mail?.passwordFile : slack?.webhookFile;
  if (named === undefined || named === null) return undefined;
  const path = named.replace(/^~(?=\/)/, findUserHome());
  return checked(name, await readPrivate(path), path);
}

/** Throws bad-request, with the path alone. */
async function readPrivate(path: string): Promise<string> {
  const refuse = (why: string, remedy: string): WatchError =>
    new WatchError('bad-request', `${path} is not read: ${why}.`, remedy);
  const file = await open(path, 'r').catch((error: unknown) => {
    throw refuse(
      error instanceof Error ? error.message : String(error),
      'Look at the setting that names it.',
    );
  });
  try {
    const found = await file.stat();
    if (!found.isFile()) throw refuse('it is not a file', 'Name a plain file.');
    const isOwn = process.getuid === undefined || found.uid === process.getuid();
    const isPrivate = process.platform === 'win32' || (found.mode & othersReach) === 0;
    if (!isOwn || !isPrivate)
      throw refuse('others may read or write it', `It must be yours alone: chmod 600 ${path}`);
    const bytes = Buffer.alloc(longestFile);
    const { bytesRead } = await file.read(bytes, 0, longestFile, 0);
    return bytes.subarray(0, bytesRead).toString('utf8').trim();
  } finally {
    await file.close();
  }
}

function checked(name: SecretName, value: string, place: string): string {
  try {
    checkSecret(name, value);
    return value;
  } catch (error) {
    if (!(error instanceof WatchError)) throw error;
    throw new WatchError('bad-request', `${place} cannot be used: ${error.message}`, error.remedy);
  }
}

const prompts: Readonly<Record<SecretName, string>> = {
  slack: 'Slack webhook',
  mail: 'Password of the mail server',
};

/** Nobody is asked: no cluster has this name, and a safe answers by itself. */
async function findInSafe(name: SecretName, { prompter }: SecretsParts): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, safeMs, null);
  });
  const asked = prompter.ask('', {
    ...{ kind: 'secret', host: name, method: 'password', safeKey: safeKeyOf(name), instructions: '' },
    prompts: [{ text: prompts[name], echo: false }],
    again: false,
  });
  const answer = await Promise.race([asked, late]);
  clearTimeout(timer);
  const value = answer?.[0] ?? '';
  return value === '' ? null : checked(name, value, "The secret of VS Code's secret storage");
}
