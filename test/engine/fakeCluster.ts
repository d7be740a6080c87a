// A cluster on a fake clock that understands `echo`, `sleep` and `exit`: the fake of the clusters' conformance suite.
import { WatchError } from '../../engine/errors';
import type {
  Cluster,
  ClusterCommand,
  ClusterDirectory,
  CommandOutcome,
  JobReport,
  Mail,
  ReadAnswer,
  ReadRequest,
  SetUpResult,
  Silence,
} from '../../engine/ports';
import type { Submission } from '../../engine/model';
import { toJobEndState } from '../../language/jobStates';
import { parseArraySpec } from '../../language/sbatch/arraySpec';
import { parseBatchOptions } from '../../engine/slurm/batchOptions';
import { parseTimeLimit } from '../../language/sbatch/timeLimit';
import { defaultOutput, expandOutputPath } from '../../engine/slurm/outputPath';
import { toReport } from '../records';
import type { FakeClock } from './fakeClock';
import { FakeCommands } from './fakeCommands';

interface FakeTask {
  report: JobReport;
  readonly cancels: (() => void)[];
}

export class FakeCluster implements Cluster {
  readonly name = 'fake';
  readonly kind = 'sandbox';
  /** Set by tests. */
  readonly traits = { queryIntervalMs: 1000, minIntervalMs: 100, settleMs: 500 };
  readonly connection = 'connected';
  commands = 0;
  /** Requests for reading so far. */
  reads = 0;
  /** Set by tests: every request fails. */
  unreachable = false;
  /** Set by tests: the scheduler does not answer; files can be read. */
  silent = false;
  /** Set by tests: scripts arrive, and the answer to them does not. */
  losesAnswers = false;
  /** Set by tests: the scheduler refuses what is handed in, with these words. */
  refusal: string | null = null;
  /** What was handed in, in its order. */
  readonly submissions: Submission[] = [];
  /** Set by tests: nobody can tell yet what became of submissions. */
  undecided = false;
  /** Set by tests: reading any file fails with this message. */
  unreadable: string | null = null;
  /** Set by tests: reading this file alone fails. */
  unreadablePath: string | null = null;
  /** Set by tests: of no file more than so many bytes can be read, whatever its size is. */
  readableBytes = Infinity;
  /** Set by tests: of these jobs nothing can be said now, and why. */
  silence: Silence | undefined;
  /** Set by tests: the next queries know nothing of any job. */
  blind = 0;
  /** Set by tests: this path is not a regular file. */
  irregularPath: string | null = null;
  /** Set by tests: jobs append unless they say otherwise. */
  isAppending = false;
  /** Set by tests: jobs wait until they are begun. */
  keepsWaiting = false;
  /** Set by tests: the user's jobs that nobody asks for, in the queue. */
  strangers: readonly JobReport[] = [];
  /** The login set-ups that were run. */
  readonly setUps: string[] = [];
  /** What its mailer was handed. */
  readonly mails: Mail[] = [];
  /** Set by tests: its mailer takes nothing. */
  mailTrouble: WatchError | null = null;
  private readonly files = new Map<string, Buffer>();
  private readonly workdirs = new Map<string, string>();
  /** Of watchers. */
  readonly commandsRun: FakeCommands;
  /** When they were written last. */
  private readonly written = new Map<string, number>();
  private readonly appending = new Set<string>();
  private readonly tasks = new Map<string, FakeTask>();
  private readonly arrays = new Map<string, string>();
  private readonly tokens = new Map<string, string>();
  private lastId = 0;

  constructor(private readonly clock: FakeClock) {
    this.commandsRun = new FakeCommands(clock, (path, text) => {
      this.append(path, text);
    });
  }

  private check(): void {
    if (this.unreachable)
      throw new WatchError('cluster-unreachable', 'The cluster cannot be reached.', 'It is tried again.');
  }

  findPrivateFolder(): Promise<null> {
    return Promise.resolve(null);
  }

  setUp(commands: string, _workdir: string, tell: (text: string) => void): Promise<SetUpResult> {
    this.commands += 1;
    this.check();
    this.setUps.push(commands);
    const output: string[] = [];
    for (const line of commands.split('\n')) {
      const [, word = ''] = /^echo (.*)$/.exec(line) ?? [];
      if (word !== '') {
        output.push(`${word}\n`);
        tell(`${word}\n`);
      }
      const [, code] = /^exit (\d+)$/.exec(line) ?? [];
      if (line === 'false' || code !== undefined)
        return Promise.resolve({ code: Number(code ?? 1), output: output.join('') });
    }
    return Promise.resolve({ code: 0, output: output.join('') });
  }

  submit(submission: Submission): Promise<{ id: string }> {
    this.commands += 1;
    this.check();
    const known = this.tokens.get(submission.token);
    if (known !== undefined) return Promise.resolve({ id: known });
    if (this.refusal !== null)
      return Promise.reject(new WatchError('submission-refused', this.refusal, 'Change the script.'));
    if (!submission.cleanScript.startsWith('#!'))
      return Promise.reject(
        new WatchError(
          'submission-refused',
          'sbatch: error: This does not look like a batch script.',
          'Begin with #!/bin/bash.',
        ),
      );
    const id = String(++this.lastId);
    this.tokens.set(submission.token, id);
    this.submissions.push(submission);
    const options = parseBatchOptions(submission.cleanScript, submission.options);
    this.workdirs.set(id, options.get('chdir') ?? submission.workdir);
    const array = options.get('array');
    if (array === undefined) this.startTask(submission, id, null);
    else {
      this.arrays.set(id, submission.scriptName);
      for (const task of parseArraySpec(array)?.tasks ?? []) this.startTask(submission, id, task);
    }
    if (this.losesAnswers)
      return Promise.reject(
        new WatchError('cluster-unreachable', 'The connection broke.', 'The cluster is asked again.'),
      );
    return Promise.resolve({ id });
  }

  private startTask(submission: Submission, jobId: string, task: number | null): void {
    const id = task === null ? jobId : `${jobId}_${task}`;
    const options = parseBatchOptions(submission.cleanScript, submission.options);
    const name = options.get('job-name') ?? submission.scriptName;
    const names = {
      jobId,
      arrayJobId: jobId,
      arrayTask: task,
      jobName: name,
      user: 'me',
      node: 'fake1',
      workdir: submission.workdir,
    };
    const stdout = expandOutputPath(options.get('output') ?? defaultOutput(task !== null), names);
    const error = options.get('error');
    const stderr = error === undefined ? stdout : expandOutputPath(error, names);
    const now = this.clock.now();
    const entry: FakeTask = {
      cancels: [],
      report: toReport({
        id,
        arrayTask: task === null ? null : { job: jobId, task },
        name,
        submitted: now,
        started: now,
        outputs: { stdout, stderr },
        partition: 'fake',
        nodes: 'fake1',
        timeLimitSeconds: parseTimeLimit(options.get('time') ?? '') ?? null,
      }),
    };
    this.tasks.set(id, entry);
    const mode = options.get('open-mode');
    if (mode === undefined ? this.isAppending : mode.startsWith('a')) this.appending.add(id);
    if (this.keepsWaiting) {
      entry.report = { ...entry.report, state: 'PENDING', started: null };
      return;
    }
    const start = (): void => {
      entry.report = { ...entry.report, state: 'RUNNING', started: this.clock.now(), reason: '' };
      this.openOutputs(id);
      this.runScript(entry, submission.cleanScript.split('\n'), task);
    };
    const delay = /^now\+(\d+)$/.exec(options.get('begin') ?? '')?.[1];
    const after = [...(options.get('dependency') ?? '').matchAll(/afterany:(\w+)/g)].map(([, job]) => job);
    if (delay === undefined && after.length === 0) {
      start();
      return;
    }
    entry.report = { ...entry.report, state: 'PENDING', started: null, reason: 'Dependency' };
    const begun = this.clock.now();
    const look = (): void => {
      if (toJobEndState(entry.report.state) !== null) return;
      const isEarly = this.clock.now() < begun + Number(delay ?? 0) * 1000;
      const states = [...this.tasks].filter(([known]) => after.some((job) => job === known));
      const waits = states.some(([, { report }]) => toJobEndState(report.state) === null);
      if (isEarly || waits) entry.cancels.push(this.clock.after(500, look));
      else start();
    };
    look();
  }

  /** As a job does when it begins. */
  private openOutputs(id: string): void {
    const { stdout, stderr } = this.tasks.get(id)?.report.outputs ?? {};
    for (const path of new Set([stdout ?? '', stderr ?? '']))
      this.write(path, this.appending.has(id) ? (this.files.get(path) ?? Buffer.alloc(0)) : Buffer.alloc(0));
  }

  /** Makes a file what it is, or takes it away. */
  write(path: string, content: string | Uint8Array | null): void {
    if (content === null) this.files.delete(path);
    else this.files.set(path, Buffer.from(content as string));
    this.written.set(path, this.clock.now());
  }

  private runScript(entry: FakeTask, lines: readonly string[], task: number | null): void {
    const { stdout, stderr } = entry.report.outputs;
    for (let index = 0; index < lines.length; index++) {
      const line = (lines[index] ?? '').replaceAll('$SLURM_ARRAY_TASK_ID', String(task ?? ''));
      const echo = /^echo (.*?)( >&2)?$/.exec(line);
      if (echo) this.append((echo[2] ? stderr : stdout) ?? '', `${echo[1] ?? ''}\n`);
      const sleep = /^sleep (\d+(?:\.\d+)?)$/.exec(line);
      if (sleep) {
        entry.cancels.push(
          this.clock.after(Number(sleep[1]) * 1000, () => {
            this.runScript(entry, lines.slice(index + 1), task);
          }),
        );
        return;
      }
      const exit = /^exit (\d+)$/.exec(line);
      if (exit) {
        this.end(entry.report.id, exit[1] === '0' ? 'COMPLETED' : 'FAILED', `${exit[1] ?? 0}:0`);
        return;
      }
    }
    this.end(entry.report.id, 'COMPLETED', '0:0');
  }

  /** Writes to an output, as a job does. */
  append(path: string, text: string | Uint8Array): void {
    this.write(path, Buffer.concat([this.files.get(path) ?? Buffer.alloc(0), Buffer.from(text as string)]));
  }

  print(id: string, text: string | Uint8Array, stream: 'stdout' | 'stderr' = 'stdout'): void {
    this.append(this.tasks.get(id)?.report.outputs[stream] ?? '', text);
  }

  /** Replaces an output by another file. */
  replace(id: string, text: string): void {
    this.write(this.tasks.get(id)?.report.outputs.stdout ?? '', text);
  }

  /** Cuts an output short. */
  truncate(id: string, length: number): void {
    const path = this.tasks.get(id)?.report.outputs.stdout ?? '';
    this.write(path, (this.files.get(path) ?? Buffer.alloc(0)).subarray(0, length));
  }

  /** Takes an output away. */
  unlink(id: string): void {
    this.files.delete(this.tasks.get(id)?.report.outputs.stdout ?? '');
  }

  /** The scheduler has started the job again since anybody asked. */
  restart(id: string): void {
    const entry = this.tasks.get(id);
    if (entry) entry.report = { ...entry.report, restarts: entry.report.restarts + 1 };
  }

  end(id: string, state: JobReport['state'], exitCode = '0:0'): void {
    const entry = this.tasks.get(id);
    if (!entry || toJobEndState(entry.report.state) !== null) return;
    for (const cancel of entry.cancels) cancel();
    entry.report = { ...entry.report, state, exitCode, ended: this.clock.now() };
  }

  /** The job may be queued again by itself. */
  setRequeueable(id: string): void {
    this.change(id, () => ({ requeueable: true }));
  }

  /** The scheduler knows no output of it, as of an interactive job. */
  hideOutputs(id: string): void {
    this.change(id, () => ({ outputs: { stdout: null, stderr: null } }));
  }

  /** The scheduler puts the job back into the queue. */
  requeue(id: string): void {
    this.change(id, ({ restarts }) => ({
      state: 'PENDING',
      submitted: this.clock.now(),
      started: null,
      ended: null,
      exitCode: null,
      restarts: restarts + 1,
    }));
  }

  /** A job that waits begins, and opens its outputs; `prolog`: it does not open them yet. */
  begin(id: string, how: 'open' | 'prolog' = 'open'): void {
    this.change(id, () => ({ state: 'RUNNING', started: this.clock.now() }));
    if (how === 'open') this.openOutputs(id);
  }

  /** A scheduler whose numbers began anew gives the id to another job. */
  reuse(id: string): void {
    this.change(id, () => ({ submitted: this.clock.now(), name: 'other.sh' }));
  }

  /** Anything else that a scheduler may say of a job. */
  change(id: string, toChange: (report: JobReport) => Partial<JobReport>): void {
    const entry = this.tasks.get(id);
    if (entry) entry.report = { ...entry.report, ...toChange(entry.report) };
  }

  /** The scheduler forgets the job. */
  forget(id: string): void {
    this.tasks.delete(id);
  }

  findSubmission({ token }: Submission): Promise<{ id: string } | null> {
    this.check();
    if (this.undecided)
      return Promise.reject(
        new WatchError('command-failed', 'It is not known yet.', 'The cluster is asked again.'),
      );
    const id = this.tokens.get(token);
    return Promise.resolve(id === undefined ? null : { id });
  }

  async query(ids: readonly string[], onSilence?: (silence: Silence) => void): Promise<readonly JobReport[]> {
    this.commands += 1;
    this.check();
    if (this.silent)
      throw new WatchError('command-failed', 'The controller is away.', 'The cluster is asked again.');
    if (this.blind > 0) {
      this.blind -= 1;
      return Promise.resolve([]);
    }
    if (this.silence) onSilence?.(this.silence);
    const wanted = new Set(ids.filter((id) => !this.silence?.ids.includes(id)));
    const tasks = [...this.tasks.values()]
      .map(({ report }) => report)
      .filter(({ id, arrayTask }) => wanted.has(id) || (arrayTask !== null && wanted.has(arrayTask.job)));
    const arrays = [...this.arrays]
      .filter(([id]) => wanted.has(id))
      .map(([id, name]) => this.reportArray(id, name));
    return Promise.resolve([...arrays, ...tasks]);
  }

  get others(): readonly JobReport[] {
    return this.strangers;
  }

  appendsByDefault(): Promise<boolean> {
    return Promise.resolve(this.isAppending);
  }

  findOpenMode(id: string): Promise<'append' | 'truncate'> {
    return Promise.resolve(this.appending.has(id) ? 'append' : 'truncate');
  }

  listJobs(): Promise<readonly JobReport[]> {
    return this.query([...this.arrays.keys(), ...this.tasks.keys()]);
  }

  private reportArray(id: string, name: string): JobReport {
    const tasks = [...this.tasks.values()].filter(({ report }) => report.arrayTask?.job === id);
    const isOver = tasks.every(({ report }) => toJobEndState(report.state) !== null);
    const state = isOver ? 'COMPLETED' : 'RUNNING';
    return toReport({ id, isArray: true, name, state, started: null, partition: 'fake' });
  }

  async read(requests: readonly ReadRequest[]): Promise<readonly ReadAnswer[]> {
    this.reads += 1;
    this.check();
    return Promise.resolve(
      requests.map(({ path, from, maxBytes, before, head }): ReadAnswer => {
        if (this.unreadable !== null) return { kind: 'failed', message: this.unreadable };
        const file = this.files.get(path);
        if (path === this.unreadablePath) return { kind: 'failed', message: 'Input/output error' };
        if (path === this.irregularPath)
          return { kind: 'failed', message: 'it is not a regular file but a FIFO', isLasting: true };
        if (!file) return { kind: 'missing' };
        return {
          kind: 'read',
          size: file.length,
          modified: this.written.get(path) ?? null,
          bytes: file.subarray(from, Math.min(from + maxBytes, this.readableBytes)),
          before: file.subarray(Math.max(0, from - before), from),
          head: file.subarray(0, head),
        };
      }),
    );
  }

  sendMail(mail: Mail): Promise<string> {
    this.check();
    if (this.mailTrouble) return Promise.reject(this.mailTrouble);
    this.mails.push(mail);
    return Promise.resolve('sendmail');
  }

  cancel(id: string): Promise<void> {
    this.commands += 1;
    this.check();
    const tasks = [...this.tasks.values()].filter(
      ({ report }) => report.id === id || report.arrayTask?.job === id,
    );
    if (tasks.length === 0)
      return Promise.reject(new WatchError('not-found', `There is no job ${id}.`, 'List the jobs.'));
    for (const { report } of tasks) this.end(report.id, 'CANCELLED', '0:15');
    return Promise.resolve();
  }

  findJobWorkdir(id: string): Promise<string | null> {
    return Promise.resolve(this.workdirs.get(id.replace(/_.*/, '')) ?? null);
  }

  async runCommand(command: ClusterCommand): Promise<CommandOutcome> {
    this.commands += 1;
    this.check();
    const outcome = this.commandsRun.run(command);
    if (this.losesAnswers)
      throw new WatchError('cluster-unreachable', 'The connection broke.', 'The cluster is asked again.');
    return outcome;
  }

  async findCommand({ token }: ClusterCommand): Promise<CommandOutcome | null> {
    this.commands += 1;
    this.check();
    return this.commandsRun.find(token);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A directory of these clusters, whose folders all exist. */
export function toDirectory(...clusters: readonly Cluster[]): ClusterDirectory {
  return {
    list: () => Promise.resolve(clusters.map(({ name, kind }) => ({ name, kind }))),
    open: (name) => {
      const cluster = clusters.find((known) => known.name === name);
      if (cluster)
        return Promise.resolve({
          cluster,
          findWorkdir: (path) => Promise.resolve(path ?? '/jobs'),
          allowSignIn: () => undefined,
        });
      return Promise.reject(
        new WatchError('not-found', `There is no cluster called "${name}".`, 'List the clusters.'),
      );
    },
  };
}
