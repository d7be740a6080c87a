// The process that runs one sandbox job: its tasks, their limits and their ends. It needs no engine.
import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, closeSync, existsSync, mkdirSync, openSync, statSync, watch } from 'node:fs';
import { constants, hostname } from 'node:os';
import { dirname, join } from 'node:path';
import {
  cancelFile,
  createJson,
  findHold,
  findStartTime,
  readCarried,
  readJob,
  readTask,
  taskFile,
  writeJson,
  type SandboxJob,
  type SandboxTask,
} from './sandboxJob';

/** After SIGTERM a task has so long before SIGKILL, as Slurm's KillWait. */
const killWaitMs = 2000;

type Ending = 'CANCELLED' | 'TIMEOUT';

class Runner {
  private readonly running = new Map<
    number | null,
    { readonly child: ChildProcess; ending: Ending | undefined }
  >();
  private readonly waiting: (number | null)[];

  constructor(
    private readonly directory: string,
    private readonly job: SandboxJob,
  ) {
    this.waiting = job.array ? [...job.array.tasks] : [null];
  }

  start(): void {
    const self = { pid: process.pid, startTime: findStartTime(process.pid) };
    // Whoever looked for the submission before a runner had begun has started another one.
    if (!createJson(join(this.directory, 'runner.json'), self)) return;
    const watcher = watch(this.directory, () => {
      this.lookForCancels();
    });
    // Some file systems tell nothing: look now and then, too.
    const timer = setInterval(() => {
      this.lookForCancels();
      this.startTasks();
    }, 500);
    process.on('SIGUSR1', () => {
      this.lookForCancels();
    });
    this.onIdle = () => {
      watcher.close();
      clearInterval(timer);
    };
    this.lookForCancels();
    this.startTasks();
  }

  /** By other jobs or its time: once it may begin, it may for good. */
  private isHeld = true;
  private onIdle = (): void => undefined;

  private startTasks(): void {
    if (this.isHeld) this.isHeld = findHold(this.job, dirname(this.directory), Date.now()) !== undefined;
    if (this.isHeld && this.waiting.length > 0) return;
    const limit = this.job.array?.limit ?? Infinity;
    while (this.waiting.length > 0 && this.running.size < limit) this.startTask(this.waiting.shift() ?? null);
    if (this.running.size === 0 && this.waiting.length === 0) this.onIdle();
  }

  private read(task: number | null): SandboxTask {
    const found = readTask(this.directory, task);
    if (!found) throw new Error(`task ${String(task)} has no file`);
    return found;
  }

  private write(task: SandboxTask): void {
    writeJson(taskFile(this.directory, task.task), task);
  }

  private startTask(task: number | null): void {
    const before = this.read(task);
    if (before.ended !== null) return;
    let files: readonly [number, number];
    try {
      files = this.openOutputs(before);
    } catch (error) {
      // Slurm shows a job whose output cannot be opened as failed at once.
      this.write({ ...before, state: 'FAILED', started: Date.now(), ended: Date.now(), exitCode: '1:0' });
      console.error(error);
      return;
    }
    const [stdout, stderr] = files;
    // A process group of its own: what the script starts ends with it.
    const child = spawn(join(this.directory, 'script'), [], {
      cwd: this.job.workdir,
      env: this.environment(task),
      stdio: ['ignore', stdout, stderr],
      detached: true,
    });
    closeSync(stdout);
    if (stderr !== stdout) closeSync(stderr);
    const entry = { child, ending: undefined as Ending | undefined };
    this.running.set(task, entry);
    this.write({ ...before, state: 'RUNNING', started: Date.now() });
    const { timeLimitSeconds } = this.job;
    const limit =
      timeLimitSeconds === null
        ? undefined
        : setTimeout(() => {
            this.end(task, 'TIMEOUT');
          }, timeLimitSeconds * 1000);
    const finish = (state: SandboxTask['state'], exitCode: string): void => {
      clearTimeout(limit);
      if (!this.running.delete(task)) return;
      this.write({
        ...this.read(task),
        state: entry.ending ?? state,
        ended: Date.now(),
        exitCode: entry.ending ? '0:15' : exitCode,
      });
      this.startTasks();
    };
    child.once('error', (error) => {
      appendFileSync(before.stderr, `slurmstepd: error: execve(): ${error.message}\n`);
      finish('FAILED', '2:0');
    });
    child.once('exit', (code, signal) => {
      finish(
        code === 0 ? 'COMPLETED' : 'FAILED',
        signal === null ? `${code ?? 0}:0` : `0:${constants.signals[signal]}`,
      );
    });
  }

  private openOutputs({ stdout, stderr }: SandboxTask): readonly [number, number] {
    const open = (path: string): number => {
      mkdirSync(dirname(path), { recursive: true });
      // Opening a FIFO would hold up all tasks, and their cancellation, until somebody reads it.
      const there = statSync(path, { throwIfNoEntry: false });
      if (there && !there.isFile() && !there.isCharacterDevice())
        throw new Error(`${path} is not a file that can be written to`);
      return openSync(path, this.job.append ? 'a' : 'w', 0o644);
    };
    const first = open(stdout);
    return [first, stderr === stdout ? first : open(stderr)];
  }

  private environment(task: number | null): NodeJS.ProcessEnv {
    const { id, name, workdir, array, cpus } = this.job;
    const tasks = array?.tasks ?? [];
    const taskVariables =
      task === null
        ? {}
        : {
            SLURM_ARRAY_JOB_ID: String(id),
            SLURM_ARRAY_TASK_ID: String(task),
            SLURM_ARRAY_TASK_COUNT: String(tasks.length),
            SLURM_ARRAY_TASK_MIN: String(tasks[0] ?? task),
            SLURM_ARRAY_TASK_MAX: String(tasks.at(-1) ?? task),
            SLURM_ARRAY_TASK_STEP: String((tasks[1] ?? 0) - (tasks[0] ?? 0) || 1),
          };
    return {
      ...readCarried(process.env),
      SLURM_JOB_ID: String(id),
      SLURM_JOBID: String(id),
      SLURM_JOB_NAME: name,
      SLURM_SUBMIT_DIR: workdir,
      SLURM_SUBMIT_HOST: hostname(),
      SLURM_CLUSTER_NAME: 'sandbox',
      SLURM_JOB_PARTITION: 'sandbox',
      SLURM_JOB_NODELIST: hostname(),
      SLURM_NODELIST: hostname(),
      SLURMD_NODENAME: hostname(),
      SLURM_JOB_NUM_NODES: '1',
      SLURM_NNODES: '1',
      SLURM_NTASKS: '1',
      SLURM_PROCID: '0',
      SLURM_LOCALID: '0',
      SLURM_NODEID: '0',
      SLURM_CPUS_ON_NODE: String(cpus),
      SLURM_JOB_CPUS_PER_NODE: String(cpus),
      ...taskVariables,
    };
  }

  private lookForCancels(): void {
    const all = existsSync(cancelFile(this.directory, null));
    for (const task of [...this.running.keys(), ...this.waiting]) {
      if (all || (task !== null && existsSync(cancelFile(this.directory, task)))) this.end(task, 'CANCELLED');
    }
  }

  private end(task: number | null, ending: Ending): void {
    const entry = this.running.get(task);
    if (!entry) {
      const index = this.waiting.indexOf(task);
      if (index === -1) return;
      this.waiting.splice(index, 1);
      this.write({ ...this.read(task), state: 'CANCELLED', ended: Date.now(), exitCode: '0:0' });
      this.startTasks();
      return;
    }
    if (entry.ending) return;
    entry.ending = ending;
    const { id } = this.job;
    const name = task === null ? String(id) : `${id}_${task}`;
    const why = ending === 'TIMEOUT' ? ' DUE TO TIME LIMIT' : '';
    const when = new Date().toISOString().slice(0, 19);
    appendFileSync(
      this.read(task).stderr,
      `slurmstepd: error: *** JOB ${name} ON ${hostname()} CANCELLED AT ${when}${why} ***\n`,
    );
    this.signal(entry.child, 'SIGTERM');
    const kill = setTimeout(() => {
      this.signal(entry.child, 'SIGKILL');
    }, killWaitMs);
    entry.child.once('exit', () => {
      clearTimeout(kill);
      // What ignores SIGTERM behind the script's back ends all the same.
      this.signal(entry.child, 'SIGKILL');
    });
  }

  private signal({ pid }: ChildProcess, signal: NodeJS.Signals): void {
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

const directory = process.argv[2] ?? '';
const job = readJob(directory);
if (!job) throw new Error(`There is no job in ${directory}.`);
new Runner(directory, job).start();
