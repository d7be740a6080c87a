// How much history stays at hand and how long it is kept: `history` of config.json in the home, read when the engine begins.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyFields, type HistorySettings } from '../settingsShapes';
import { findWanted, fits, record } from '../shapes';
import type { HistoryLimits } from './history';

const dayMs = 86_400_000;

/** What is wrong is told, and counts as not written: history is never a reason not to watch. */
export function readHistorySettings(home: string, tell: (message: string) => void): Partial<HistoryLimits> {
  const given = readGiven(join(home, 'config.json'), tell);
  const read = (name: keyof HistorySettings): number | undefined => {
    const value = given[name] ?? undefined;
    const shape = historyFields[name];
    if (value === undefined || fits(shape, value)) return value;
    tell(
      `config.json: history.${name} is ${JSON.stringify(value)}; it must be ${findWanted(shape, value) ?? ''}.`,
    );
    return undefined;
  };
  const recentDays = read('recentDays');
  const keepMonths = read('keepMonths');
  return {
    ...(recentDays !== undefined && { recentMs: recentDays * dayMs }),
    ...(keepMonths !== undefined && { keepMonths }),
  };
}

function readGiven(path: string, tell: (message: string) => void): Readonly<Record<string, unknown>> {
  try {
    const json = JSON.parse(readFileSync(path, 'utf8')) as { readonly history?: unknown } | null;
    const history = json?.history;
    return fits(record, history) ? history : {};
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isMissing) tell(`${path} cannot be read: ${String(error)}`);
    return {};
  }
}
