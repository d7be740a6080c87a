// Asks accounting about jobs that the controller has forgotten. When it does not answer, only those wait for it.
import { WatchError } from '../errors';
import type { JobRecord } from './record';
import { parseSacct, sacctCommand } from './sacct';
import { queryLimitMs, type SlurmShell } from './slurmShell';

/** First time limit, ms: a database that hangs must not keep the jobs of the queue waiting. It doubles with each failure. */
const firstLimitMs = 10_000;
/** Number of queries after the first failure that go by without it, and at most: each try holds all jobs of the cluster up. */
const [firstPause, longestPause] = [10, 30];

export interface AccountingAnswer {
  readonly rows: readonly JobRecord[];
  /** Why accounting could not be asked; absent where it answered. */
  readonly trouble?: WatchError;
}

const nothing: AccountingAnswer = { rows: [] };

export class Accounting {
  private trouble: WatchError | undefined;
  private failures = 0;
  /** How many queries go by before it is asked again. */
  private pause = 0;

  constructor(private readonly shell: SlurmShell) {}

  /** `isUrgent`: somebody waits for the answer. */
  async ask(ids: readonly string[], isUrgent: boolean): Promise<AccountingAnswer> {
    const { accounting, version } = await this.shell.capabilities();
    if (!accounting || ids.length === 0) return nothing;
    if (this.trouble && this.pause > 0 && !isUrgent) {
      this.pause -= 1;
      return { rows: [], trouble: this.trouble };
    }
    try {
      const rows = await this.run(ids, version);
      this.failures = 0;
      this.trouble = undefined;
      return { rows };
    } catch (error) {
      if (!(error instanceof WatchError) || !/^(command-failed|timed-out)$/.test(error.code)) throw error;
      this.failures += 1;
      this.pause = Math.min(longestPause, firstPause * 2 ** (this.failures - 1));
      this.trouble = toTrouble(error);
      return { rows: [], trouble: this.trouble };
    }
  }

  private async run(ids: readonly string[], version: string): Promise<readonly JobRecord[]> {
    const limitMs = Math.min(queryLimitMs, firstLimitMs * 2 ** this.failures);
    const { code, stdout, stderr } = await this.shell.ask('sacct', () => sacctCommand(ids, version), {
      isFine: (result) => isAbsent(result.code, result.stderr),
      limitMs,
    });
    if (code !== 0) return [];
    // Some versions, and wrappers of sites, end well when they have failed.
    if (stdout.trim() === '' && /\berror\b/i.test(stderr) && !isAbsent(code, stderr))
      throw new WatchError('command-failed', `sacct failed: ${stderr.trim()}`, 'It is asked again.');
    return parseSacct(stdout);
  }
}

/** There is no accounting after all. */
const isAbsent = (code: number, stderr: string): boolean =>
  code === 127 || /accounting storage is (?:disabled|not)/i.test(stderr);

function toTrouble(error: WatchError): WatchError {
  const cause =
    error.code === 'timed-out' ? 'sacct was given up' : error.message.replace(/^sacct failed: /, '');
  return new WatchError(
    'command-failed',
    `Accounting (slurmdbd) does not answer: ${cause}`,
    'It is asked again; only jobs that the controller has forgotten wait for it.',
    error,
  );
}
