// What was agreed to, in `consent.json` of the home: readable for its user alone, and written before anything of it happens.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import * as v from 'valibot';
import { widenLimit } from '../consent';
import type { AgreedPower, ConsentRecord } from '../ports';
import { toDiskError } from './diskError';

/** The oldest make room: who has agreed to so much is asked again. */
const most = 10_000;

const text = v.optional(v.nullable(v.string()), null);
const shape = v.object({
  agreed: v.record(
    v.string(),
    v.object({
      ...{ limit: v.nullable(v.number()), sentence: text, place: text },
      time: v.optional(v.nullable(v.number()), null),
    }),
  ),
});

type Known = Map<string, Omit<AgreedPower, 'key'>>;

/** What cannot be read is nothing: people are asked again. */
export function createConsentRecord(path: string, log: (line: string) => void): ConsentRecord {
  const known = read(path, log);
  let writing: Promise<void> = Promise.resolve();
  const keep = (): Promise<void> => (writing = writing.catch(() => undefined).then(() => write(path, known)));
  return {
    find: (key) => known.get(key),
    list: () => [...known].map(([key, power]) => ({ key, ...power })),
    add: async (agreed) => {
      for (const { key, ...power } of agreed) {
        const limit = widenLimit(power, known.get(key));
        known.delete(key);
        known.set(key, { ...power, limit });
      }
      for (const key of [...known.keys()].slice(0, Math.max(0, known.size - most))) known.delete(key);
      await keep();
    },
    remove: async (keys) => {
      for (const key of keys) known.delete(key);
      await keep();
    },
  };
}

function read(path: string, log: (line: string) => void): Known {
  try {
    const { agreed } = v.parse(shape, JSON.parse(readFileSync(path, 'utf8')));
    return new Map(Object.entries(agreed));
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isMissing) log(`${path} cannot be read, and people are asked again: ${String(error)}`);
    return new Map();
  }
}

async function write(path: string, known: Known): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify({ agreed: Object.fromEntries(known) }, null, 1)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw toDiskError(error, path);
  }
}
