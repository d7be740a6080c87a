// Tables as we ask Slurm for them: fields end with a control character that nobody types, the last one is free text.
import { findJobState, type JobState } from '../../language/jobStates';
import { parseTimeLimit } from '../../language/sbatch/timeLimit';
import { WatchError } from '../errors';

export const fieldEnd = '\u001f';
export const recordEnd = '\u001e';

/** The end of a field as a word of a shell whose text may pass through any terminal. */
export const printfFieldEnd = `"$(printf '\\037')"`;
export const printfRecordEnd = `"$(printf '\\036')"`;

/** `1795558287`, as SLURM_TIME_FORMAT=%s has it, in ms; null for N/A and Unknown. */
export function toTime(text: string): number | null {
  return /^\d+$/.test(text) && text !== '0' ? Number(text) * 1000 : null;
}

/** What a newer Slurm may say that we do not know is not the job's end. */
export const toState = (text: string): JobState => findJobState(text) ?? 'RUNNING';

export function toSeconds(text: string): number | null {
  const seconds = parseTimeLimit(text);
  return seconds !== undefined && Number.isFinite(seconds) ? seconds : null;
}

export function unreadable(command: string, record: string): WatchError {
  return new WatchError(
    'command-failed',
    `The answer of ${command} cannot be read: ${JSON.stringify(record.slice(0, 200))}`,
    'Please report it with the version of Slurm (sbatch --version).',
  );
}
