// The account that owns the jobs of the test bed and that signs in by ssh.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly password: string;
}

const name = 'researcher';
const password = 'slurm-watchers-test';

function findAccount(): Account | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((row) => row.startsWith(`${name}:`));
  const [, , uid, gid, , home] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined || home === undefined) return undefined;
  return { name, uid: Number(uid), gid: Number(gid), home, password };
}

/** Makes the account where it is missing; its home is an ordinary one. */
export function ensureResearcher(): Account {
  if (!findAccount()) must('useradd', ['-m', '-s', '/bin/bash', name]);
  must('chpasswd', [], `${name}:${password}\n`);
  const account = findAccount();
  if (!account) throw new Error(`The account ${name} could not be made.`);
  return account;
}

function must(command: string, words: readonly string[], input = ''): void {
  const { status, stderr } = spawnSync(command, words, { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
}
