// The sandbox: a cluster without Slurm. Bash on this machine, shown as Slurm would show it; its jobs need no engine.
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { cpus, hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { toJobEndState } from '../../language/jobStates';
import { findWorst } from '../arrayEnd';
import { WatchError } from '../errors';
import { isJobId } from '../jobId';
import type { Submission } from '../model';
import type { Clock, Cluster, JobReport, Machine } from '../ports';
import { parseArraySpec } from '../../language/sbatch/arraySpec';
import { parseBatchOptions, type BatchOptions } from '../slurm/batchOptions';
import { runLoginSetup } from '../slurm/loginSetup';
import { toOwnPlace } from '../slurm/commandTexts';
import { createMarkedCommands } from '../slurm/markedCommands';
import { defaultOutput, expandOutputPath } from '../slurm/outputPath';
import { sendMailOver } from '../slurm/clusterMail';
import { parseTimeLimit } from '../../language/sbatch/timeLimit';
import { findAccount } from '../link/account';
import {
  cancelFile,
  carryEnvironment,
  findHold,
  isAlive,
  readJob,
  readTask,
  readRunner,
  taskFile,
  writeJson,
  type SandboxJob,
  type SandboxTask,
} from './sandboxJob';

export interface SandboxOptions {
  readonly name: string;
  /** Holds a folder for each job. */
  readonly directory: string;
  /** The bundle of sandboxRunner, and the node that runs it. */
  readonly runnerPath: string;
  readonly nodePath: string;
  readonly clock: Clock;
  /** This one: reads outputs, runs login set-ups and commands of watchers. Closed with the cluster. */
  readonly machine: Machine;
}

/** A runner must have said who it is within this time. */
const startupMs = 15_000;

export function createSandboxCluster({
  name,
  directory,
  runnerPath,
  nodePath,
  clock,
  machine,
}: SandboxOptions): Cluster {
  const folderOf = (id: string): string => join(directory, id);
  const tokenFile = (token: string): string => join(directory, 'tokens', token);
  const findId = (token: string): string | undefined => {
    const file = tokenFile(token);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  };
  let commands = 0;
  let reads = 0;
  /** By folder: since when its runner is missed, on the steady clock. */
  const missed = new Map<string, number>();
  const isLate = (folder: string): boolean => {
    const now = clock.steady();
    const since = missed.get(folder) ?? now;
    missed.set(folder, since);
    return now - since > startupMs;
  };
  const report = (id: string): readonly JobReport[] => reportJob(folderOf(id), clock.now(), isLate);

  const start = (folder: string, { cleanScript, options }: Submission): void => {
    const environment = readEnvironment(parseBatchOptions(cleanScript, options));
    const child = spawn(nodePath, [runnerPath, folder], {
      cwd: directory,
      env: { ...pickOwn(process.env), ...carryEnvironment(environment) },
      detached: true,
      stdio: 'ignore',
    });
    // Without a runner the job has lost its node, and is told so.
    child.once('error', () => undefined);
    child.unref();
  };
  removeSecrets(directory, clock.now());
  const marked = createMarkedCommands({
    cluster: name,
    machine,
    toFolder: () => Promise.resolve(toOwnPlace(join(directory, 'commands'))),
  });

  const submit = (submission: Submission): { readonly id: string } => {
    commands += 1;
    const known = findId(submission.token);
    if (known !== undefined) return { id: known };
    mkdirSync(join(directory, 'tokens'), { recursive: true, mode: 0o700 });
    sweepJobs(directory, clock.now());
    const prepare = prepareJob(submission, clock.now());
    const { id, folder } = allocate(directory);
    writeJob(folder, prepare(id), submission.cleanScript);
    // From here on the submission is known: the token's file appears whole.
    const draft = join(folder, 'token');
    writeFileSync(draft, String(id));
    linkSync(draft, tokenFile(submission.token));
    start(folder, submission);
    return { id: String(id) };
  };

  return {
    name,
    kind: 'sandbox',
    traits: { queryIntervalMs: 500, minIntervalMs: 250, settleMs: 300 },
    connection: 'connected',
    get commands() {
      return commands;
    },
    get reads() {
      return reads;
    },
    findPrivateFolder: () => Promise.resolve(null),
    setUp: (text, workdir, tell) => {
      commands += 1;
      return runLoginSetup(machine, { commands: text, workdir, tell });
    },
    submit: (submission) => Promise.resolve().then(() => submit(submission)),
    findSubmission: (submission) => {
      const id = findId(submission.token);
      if (id === undefined) return Promise.resolve(null);
      // Interrupted between the token and the runner: the job is started now.
      const folder = folderOf(id);
      if (!existsSync(join(folder, 'runner.json'))) start(folder, submission);
      return Promise.resolve({ id });
    },
    query: (ids) => {
      commands += 1;
      return Promise.resolve(
        [...new Set(ids.filter(isJobId).map((id) => id.split('_')[0] ?? id))].flatMap(report),
      );
    },
    // All of its jobs come from here.
    others: [],
    appendsByDefault: () => Promise.resolve(false),
    findOpenMode: (id) =>
      Promise.resolve(readJob(folderOf(id.split('_')[0] ?? id))?.append === true ? 'append' : 'truncate'),
    listJobs: () => {
      commands += 1;
      return Promise.resolve(
        listIds(directory).flatMap((id) => report(String(id)).filter((job) => isRecent(job, clock.now()))),
      );
    },
    read: (requests) => {
      reads += 1;
      return machine.read(requests);
    },
    sendMail: (mail) => sendMailOver(machine, 'this computer', mail),
    cancel: (id) => {
      commands += 1;
      const [jobId = '', task] = id.split('_');
      const folder = folderOf(jobId);
      const job = isJobId(id) ? readJob(folder) : undefined;
      const number = task === undefined ? null : Number(task);
      if (!job || (number !== null && !job.array?.tasks.includes(number)))
        return Promise.reject(
          new WatchError('not-found', `The sandbox has no job ${id}.`, 'List the jobs to see their ids.'),
        );
      writeFileSync(cancelFile(folder, number), '');
      return Promise.resolve();
    },
    findJobWorkdir: (id) =>
      Promise.resolve((isJobId(id) && readJob(folderOf(id.split('_')[0] ?? id))?.workdir) || null),
    runCommand: (command) => {
      commands += 1;
      if (process.platform === 'win32') return Promise.reject(withoutBash());
      return marked.runCommand(command);
    },
    findCommand: (command) => {
      commands += 1;
      return marked.findCommand(command);
    },
    close: () => {
      marked.close();
      return machine.close();
    },
  };
}

const listIds = (directory: string): number[] =>
  readdirSync(directory)
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number);

/** What a Node that runs a runner may need of our environment. */
const pickOwn = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(env).filter(([name]) =>
      /^(PATH|HOME|TMPDIR|TZ|LANG|LC_ALL|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|ELECTRON_RUN_AS_NODE)$/.test(name),
    ),
  );

/** A runner that was started so long ago has read its job, ms. */
const surelyReadMs = 60_000;

/** Version 0.1.0 kept the environment of whoever had started the engine in each job.json. */
function removeSecrets(directory: string, now: number): void {
  if (!existsSync(directory)) return;
  for (const id of listIds(directory)) {
    const folder = join(directory, String(id));
    try {
      const { environment, ...job } = readJob(folder) as SandboxJob & { readonly environment?: unknown };
      if (environment === undefined) continue;
      if (readRunner(folder) || now - job.submitted > surelyReadMs) writeJson(join(folder, 'job.json'), job);
    } catch {
      // No job lies there, or none that can be read: it is reported as none.
    }
  }
}

/** What a job leaves stays so long after its end, ms. */
const keptMs = 30 * 24 * 3600_000;

/**
 * Removes the folders of jobs that ended long ago. When jobs are submitted: by then the engine has asked for those that it
 * watches. The newest stays, so that no number comes again.
 */
function sweepJobs(directory: string, now: number): void {
  const ids = listIds(directory).sort((one, other) => one - other);
  const removed = new Set<string>();
  for (const id of ids.slice(0, -1)) {
    const folder = join(directory, String(id));
    if (now - statSync(folder).mtimeMs < keptMs) continue;
    const jobs = reportJob(folder, now, () => true);
    if (jobs.some(({ state, ended }) => toJobEndState(state) === null || now - (ended ?? 0) < keptMs))
      continue;
    rmSync(folder, { recursive: true, force: true });
    removed.add(String(id));
  }
  if (removed.size === 0) return;
  for (const token of readdirSync(join(directory, 'tokens'))) {
    const path = join(directory, 'tokens', token);
    if (removed.has(readFileSync(path, 'utf8'))) rmSync(path, { force: true });
  }
}

/** What ended stays in the queue for a while, as Slurm's MinJobAge has it. */
const isRecent = ({ state, ended }: JobReport, now: number): boolean =>
  toJobEndState(state) === null || (ended !== null && now - ended < 300_000);

/** The next free number: making its folder is taking it. */
function allocate(directory: string): { readonly id: number; readonly folder: string } {
  for (let id = Math.max(0, ...listIds(directory)) + 1; ; id++) {
    const folder = join(directory, String(id));
    try {
      mkdirSync(folder, { mode: 0o700 });
      return { id, folder };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

const refuse = (message: string, remedy: string): WatchError =>
  new WatchError('submission-refused', message, remedy);

const withoutBash = (): WatchError =>
  new WatchError(
    'unsupported',
    'The sandbox needs bash, which this machine does not have.',
    'Use Remote-SSH or WSL, or a cluster.',
  );

/** Checks as sbatch does, in its words; gives the job for an id. */
function prepareJob(submission: Submission, now: number): (id: number) => SandboxJob {
  const { cleanScript, scriptName, options: words } = submission;
  if (process.platform === 'win32') throw withoutBash();
  if (!cleanScript.startsWith('#!'))
    throw refuse(
      'sbatch: error: This does not look like a batch script.  The first line must start with #! followed by the path to an interpreter.',
      'Begin the script with #!/bin/bash.',
    );
  if (cleanScript.includes('\r\n'))
    throw refuse(
      'sbatch: error: Batch script contains DOS line breaks (\\r\\n) instead of expected UNIX line breaks (\\n).',
      'Save the script with Unix line ends.',
    );
  const options = parseBatchOptions(cleanScript, words);
  const workdir = resolve(submission.workdir, options.get('chdir') ?? '.');
  if (!existsSync(workdir))
    throw refuse(
      `sbatch: error: Unable to open directory ${workdir}`,
      'Choose a working directory that exists.',
    );
  const array = readArray(options);
  const job = {
    name: options.get('job-name') ?? scriptName,
    submitted: now,
    workdir,
    scriptName,
    array,
    output: options.get('output') ?? null,
    error: options.get('error') ?? null,
    append: options.get('open-mode')?.startsWith('a') ?? false,
    timeLimitSeconds: readTimeLimit(options),
    ...readHolds(options, now),
    cpus: Number(options.get('cpus-per-task') ?? 1) || cpus().length,
  };
  return (id) => ({ id, ...job });
}

const beginUnits: readonly (readonly [RegExp, number])[] = [
  [/^(?:s|second)/, 1],
  [/^minute/, 60],
  [/^hour/, 3600],
  [/^day/, 86_400],
  [/^week/, 604_800],
];

/** --begin, and of --dependency the jobs that must have ended; other conditions are not looked at. */
function readHolds(options: BatchOptions, now: number): Pick<SandboxJob, 'after' | 'begin'> {
  const dependencies = (options.get('dependency') ?? '').split(/[,?]/);
  const after = dependencies.flatMap(
    (text) => /^afterany((?::\w+)+)$/.exec(text)?.[1]?.slice(1).split(':') ?? [],
  );
  const begin = options.get('begin') ?? '';
  const [, amount, unit = ''] = /^now\+(\d+)([a-z]*)$/.exec(begin) ?? [];
  const seconds = unit === '' ? 1 : (beginUnits.find(([name]) => name.test(unit))?.[1] ?? 1);
  const time = amount === undefined ? Date.parse(begin) : now + Number(amount) * seconds * 1000;
  return { after, begin: Number.isNaN(time) ? null : time };
}

function readArray(options: BatchOptions): SandboxJob['array'] {
  const text = options.get('array');
  if (text === undefined) return null;
  const spec = parseArraySpec(text);
  if (!spec)
    throw refuse(
      `sbatch: error: Batch job submission failed: Invalid job array specification (${text})`,
      'Write it like 0-15, 1,3,5 or 1-100%20.',
    );
  return { tasks: spec.tasks, limit: Number.isFinite(spec.limit) ? spec.limit : null };
}

function readTimeLimit(options: BatchOptions): number | null {
  const text = options.get('time');
  if (text === undefined) return null;
  const seconds = parseTimeLimit(text);
  if (seconds === undefined)
    throw refuse(
      `sbatch: error: Invalid --time specification: ${text}`,
      'Write it like 30, 1:00:00 or 1-12:00:00.',
    );
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}

/** --export: ALL, NONE, and names with or without values. What belongs to an editor never reaches a job. */
function readEnvironment(options: BatchOptions): Readonly<Record<string, string>> {
  const isForeign = (key: string): boolean =>
    /^(SLURM_|SBATCH_|VSCODE_|ELECTRON_)|^NODE_OPTIONS$|^SLURM_WATCHERS_(HOME|SLACK_WEBHOOK|MAIL_PASSWORD)$/.test(
      key,
    );
  const ours = Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !isForeign(entry[0]),
    ),
  );
  const basic = Object.fromEntries(
    ['HOME', 'PATH', 'USER', 'SHELL', 'LANG'].flatMap((key) =>
      ours[key] === undefined ? [] : [[key, ours[key]]],
    ),
  );
  const wanted = (options.get('export') ?? 'ALL').split(',');
  const environment: Record<string, string> = { ...(wanted.includes('ALL') ? ours : basic) };
  for (const item of wanted) {
    const [key = '', value] = item.split(/=(.*)/s);
    if (value !== undefined) environment[key] = value;
    else if (ours[key] !== undefined) environment[key] = ours[key];
  }
  return environment;
}

function writeJob(folder: string, job: SandboxJob, script: string): void {
  const path = join(folder, 'script');
  writeFileSync(path, script);
  chmodSync(path, 0o700);
  for (const task of job.array?.tasks ?? [null]) writeJson(taskFile(folder, task), toTask(job, task));
  // Last: a folder with job.json is complete.
  writeJson(join(folder, 'job.json'), job);
}

function toTask(job: SandboxJob, task: number | null): SandboxTask {
  const names = {
    jobId: String(job.id),
    arrayJobId: String(job.id),
    arrayTask: task,
    jobName: job.name,
    user: findAccount().name,
    node: hostname(),
    workdir: job.workdir,
  };
  const expand = (pattern: string): string => expandOutputPath(pattern, names);
  const stdout = expand(job.output ?? defaultOutput(task !== null));
  return {
    task,
    state: 'PENDING',
    started: null,
    ended: null,
    exitCode: null,
    stdout,
    stderr: job.error === null ? stdout : expand(job.error),
  };
}

/** The job, or the array and those of its tasks that have begun. */
function reportJob(folder: string, now: number, isLate: (folder: string) => boolean): readonly JobReport[] {
  const job = readJob(folder);
  if (!job) return [];
  const runner = readRunner(folder);
  const isLost = runner ? !isAlive(runner) : isLate(folder);
  const tasks = (job.array?.tasks ?? [null]).flatMap((number) => readTask(folder, number) ?? []);
  const hold = findHold(job, dirname(folder), now);
  const reports = tasks.map((task) => toReport(job, isLost ? toLost(task, folder, now) : task, hold));
  if (!job.array) return reports;
  const waiting = reports.filter(({ state }) => toJobEndState(state) === null);
  const state = reports.some(({ state: each }) => each === 'RUNNING')
    ? 'RUNNING'
    : waiting.length > 0
      ? 'PENDING'
      : findWorst(reports.map((report) => report.state));
  const whole: JobReport = {
    ...toReport(job, {
      task: null,
      state,
      started: null,
      ended: null,
      exitCode: null,
      stdout: '',
      stderr: '',
    }),
    isArray: true,
    outputs: { stdout: null, stderr: null },
  };
  return [whole, ...reports.filter(({ state: each }) => each !== 'PENDING')];
}

/** Its runner is gone: what ran has lost its node, what was to be cancelled is, the rest will never begin. */
function toLost(task: SandboxTask, folder: string, now: number): SandboxTask {
  if (task.ended !== null) return task;
  const asked =
    existsSync(cancelFile(folder, null)) || (task.task !== null && existsSync(cancelFile(folder, task.task)));
  const lost: SandboxTask = {
    ...task,
    state: asked ? 'CANCELLED' : 'NODE_FAIL',
    ended: now,
    exitCode: '0:0',
  };
  writeJson(taskFile(folder, task.task), lost);
  return lost;
}

function toReport(
  job: SandboxJob,
  { task, state, started, ended, exitCode, stdout, stderr }: SandboxTask,
  hold?: string,
): JobReport {
  return {
    id: task === null ? String(job.id) : `${job.id}_${task}`,
    arrayTask: task === null ? null : { job: String(job.id), task },
    isArray: false,
    name: job.name,
    state,
    reason: state === 'PENDING' ? (hold ?? 'Resources') : '',
    submitted: job.submitted,
    started,
    ended,
    exitCode,
    restarts: 0,
    requeueable: false,
    outputs: { stdout, stderr },
    partition: 'sandbox',
    nodes: started === null ? '' : hostname(),
    timeLimitSeconds: job.timeLimitSeconds,
  };
}
