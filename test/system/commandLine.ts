// Runs the built command line as a person would, with a home of its own; ends the engine that it caused.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const projectRoot = join(__dirname, '../..');

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Standard output so far. */
  stdout(): string;
}

export interface CommandLine {
  readonly home: string;
  /** Where commands run and sandbox jobs work. */
  readonly workdir: string;
  begin(...words: string[]): Running;
  run(...words: string[]): Promise<Finished>;
  /** Parses what a command with --json prints; throws with its output where it failed. */
  json<Answer>(...words: string[]): Promise<Answer>;
  enginePid(): Promise<number | undefined>;
  close(): Promise<void>;
}

export interface CommandLineOptions {
  /** The cli.js to run: the built one, or that of an unpacked package. */
  readonly entry?: string;
  /** Added to ours. */
  readonly environment?: NodeJS.ProcessEnv;
}

export function createCommandLine({
  entry = join(projectRoot, 'dist/cli.js'),
  environment = {},
}: CommandLineOptions = {}): CommandLine {
  const directory = mkdtempSync(join(tmpdir(), 'slurm-watchers-cli-'));
  const home = join(directory, 'home');
  const begin = (...words: string[]): Running => {
    const child = spawn(process.execPath, [entry, ...words], {
      cwd: directory,
      env: { ...process.env, ...environment, SLURM_WATCHERS_HOME: home },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const finished = new Promise<Finished>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status) => {
        resolve({ status, stdout, stderr });
      });
    });
    return { child, finished, stdout: () => stdout };
  };
  const run = (...words: string[]): Promise<Finished> => begin(...words).finished;
  const json = async <Answer>(...words: string[]): Promise<Answer> => {
    const { stdout, stderr, status } = await run(...words);
    try {
      return JSON.parse(stdout) as Answer;
    } catch {
      throw new Error(
        `"${words.join(' ')}" exited with ${String(status)} and printed no JSON:\n${stdout}\n${stderr}`,
      );
    }
  };
  return {
    home,
    workdir: directory,
    begin,
    run,
    json,
    enginePid: async () =>
      (await json<{ pid: number | null }>('engine', 'status', '--json')).pid ?? undefined,
    close: async () => {
      await run('engine', 'stop');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
