// The token of a home: who can read it is the home's user, and may speak to its engine. Nothing else is listened to before.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from './fileErrors';

export const tokenPath = (home: string): string => join(home, 'token');

/** Null if there is none, or if somebody else could have read or written it. */
export async function readToken(home: string): Promise<string | null> {
  // Windows knows only the first: the others count as 0 there.
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const file = await open(tokenPath(home), O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch((error: unknown) => {
    if (isMissing(error) || (error as NodeJS.ErrnoException).code === 'ELOOP') return null;
    throw error;
  });
  if (file === null) return null;
  try {
    const found = await file.stat();
    const user = process.getuid?.();
    const isOpen = user !== undefined && (found.uid !== user || (found.mode & 0o077) !== 0);
    if (!found.isFile() || isOpen || found.size > 1000) return null;
    return /^[0-9a-f]{64}\n$/.exec(await file.readFile('latin1'))?.[0].trim() ?? null;
  } finally {
    await file.close();
  }
}

/** For the engine that holds the home. Whatever else is in the token's place is replaced. */
export async function ensureToken(home: string): Promise<string> {
  const known = await readToken(home);
  if (known !== null) return known;
  const token = randomBytes(32).toString('hex');
  const draft = join(home, `.draft-${process.pid}-${randomBytes(6).toString('hex')}`);
  try {
    await writeFile(draft, `${token}\n`, { flag: 'wx', mode: 0o600 });
    await rename(draft, tokenPath(home)).catch(async () => {
      await rm(tokenPath(home), { recursive: true, force: true });
      await rename(draft, tokenPath(home));
    });
  } finally {
    await rm(draft, { force: true });
  }
  return token;
}

/** Takes the same time whatever is given. */
export function isToken(given: unknown, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(typeof given === 'string' ? given : ''), digest(token));
}
