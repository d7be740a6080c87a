// A sandbox job on disk: what was asked for, and each task's state. The runner writes states, the cluster reads them.
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { JobState } from '../../language/jobStates';

/** job.json: written once, before the runner starts. Times in ms. */
export interface SandboxJob {
  readonly id: number;
  readonly name: string;
  readonly submitted: number;
  readonly workdir: string;
  readonly scriptName: string;
  /** Null: no array. */
  readonly array: { readonly tasks: readonly number[]; readonly limit: number | null } | null;
  readonly output: string | null;
  readonly error: string | null;
  readonly append: boolean;
  /** Null: no limit. */
  readonly timeLimitSeconds: number | null;
  readonly cpus: number;
  /** Jobs and tasks that must have ended before it begins, `7` and `7_2`; absent: none. */
  readonly after?: readonly string[];
  /** It does not begin before this time; absent or null: at once. */
  readonly begin?: number | null;
}

/** A variable of a job on its way to the runner: so none of them means anything to the runner itself. */
const carried = 'SANDBOX_JOB_';

/** Secrets of whoever started the engine are among them: they are handed from process to process, and never written. */
export const carryEnvironment = (environment: Readonly<Record<string, string>>): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).map(([name, value]) => [`${carried}${name}`, value]));

export const readCarried = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      name.startsWith(carried) ? [[name.slice(carried.length), value]] : [],
    ),
  );

/** task-<k>.json, `task-job.json` without an array: replaced whole at each change. */
export interface SandboxTask {
  readonly task: number | null;
  readonly state: JobState;
  readonly started: number | null;
  readonly ended: number | null;
  /** `code:signal`. */
  readonly exitCode: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** runner.json: who runs the job. A process id alone may be another's by now. */
export interface SandboxRunner {
  readonly pid: number;
  readonly startTime: string | null;
}

export const taskFile = (directory: string, task: number | null): string =>
  join(directory, `task-${task ?? 'job'}.json`);
export const cancelFile = (directory: string, task: number | null): string =>
  join(directory, task === null ? 'cancel' : `cancel-${task}`);

/** Undefined where the file is not there (yet). */
function readJson(path: string): unknown {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

export const readJob = (directory: string): SandboxJob | undefined =>
  readJson(join(directory, 'job.json')) as SandboxJob | undefined;
export const readTask = (directory: string, task: number | null): SandboxTask | undefined =>
  readJson(taskFile(directory, task)) as SandboxTask | undefined;
export const readRunner = (directory: string): SandboxRunner | undefined =>
  readJson(join(directory, 'runner.json')) as SandboxRunner | undefined;

/** Whole or not at all. */
export function writeJson(path: string, value: unknown): void {
  renameSync(writeDraft(path, value), path);
}

/** Whole or not at all; false where the file is there already. */
export function createJson(path: string, value: unknown): boolean {
  const draft = writeDraft(path, value);
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(draft);
  }
}

function writeDraft(path: string, value: unknown): string {
  const draft = `${path}.${process.pid}.tmp`;
  const file = openSync(draft, 'w', 0o600);
  writeSync(file, JSON.stringify(value));
  fsyncSync(file);
  closeSync(file);
  return draft;
}

/** Whether a job of the same directory runs no more and never will; so of one that nobody knows. */
function hasEnded(directory: string, id: string): boolean {
  const [jobId = '', task] = id.split('_');
  const folder = join(directory, jobId);
  const job = readJob(folder);
  if (!job) return true;
  const runner = readRunner(folder);
  if (runner && !isAlive(runner)) return true;
  const tasks = task === undefined ? (job.array?.tasks ?? [null]) : [Number(task)];
  return tasks.every((number) => readTask(folder, number)?.ended !== null);
}

/** Why it cannot begin yet, in Slurm's word; undefined if it can. `directory` holds the folders of all jobs. */
export function findHold({ after, begin }: SandboxJob, directory: string, now: number): string | undefined {
  if (after?.some((id) => !hasEnded(directory, id))) return 'Dependency';
  return typeof begin === 'number' && now < begin ? 'BeginTime' : undefined;
}

/** When a process began, in the kernel's ticks; null where the system does not tell. */
export function findStartTime(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null; // No such process, or no /proc: the caller looks at the process id alone.
  }
}

export function isAlive({ pid, startTime }: SandboxRunner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return startTime === null || findStartTime(pid) === startTime;
}
