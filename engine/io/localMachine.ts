// This computer as a machine: commands in /bin/sh, ended with all their children at the time limit, and its files.
import { spawn } from 'node:child_process';
import { WatchError } from '../errors';
import type { Command, CommandResult, Machine } from '../ports';
import { decodePieces } from './decoder';
import type { FileReader } from './fileReader';

export interface LocalMachineOptions {
  /** What commands see of the environment: all of it. */
  readonly environment: NodeJS.ProcessEnv;
  /** Closed with the machine. */
  readonly files: FileReader;
  /** What runs the text behind it. */
  readonly shell?: readonly [string, ...string[]];
}

/** More output than this is no answer to any of our questions. */
const maxOutput = 64 << 20;

export function createLocalMachine({
  environment,
  files,
  shell = ['/bin/sh', '-c'],
}: LocalMachineOptions): Machine {
  const counts = { commands: 0, reads: 0 };
  const running = new Set<() => void>();
  return {
    connection: 'connected',
    counts,
    run: async (command) => {
      counts.commands += 1;
      const { result, kill } = start(command, shell, environment);
      running.add(kill);
      try {
        return await result;
      } finally {
        running.delete(kill);
      }
    },
    read: (requests) => {
      counts.reads += 1;
      return files.read(requests);
    },
    close: () => {
      for (const kill of running) kill();
      files.close();
      return Promise.resolve();
    },
  };
}

interface Running {
  readonly result: Promise<CommandResult>;
  readonly kill: () => void;
}

function start(
  { script, input, timeLimitMs, onErrorText }: Command,
  [program, ...words]: readonly [string, ...string[]],
  environment: NodeJS.ProcessEnv,
): Running {
  // A process group of its own, which is ended as a whole.
  const child = spawn(program, [...words, script], { env: environment, detached: true, cwd: '/' });
  const kill = (): void => {
    if (child.pid === undefined || child.exitCode !== null) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  const result = new Promise<CommandResult>((resolve, reject) => {
    const limit = setTimeout(() => {
      kill();
      fail(
        new WatchError(
          'timed-out',
          `A command was given up after ${Math.round(timeLimitMs / 1000)} s.`,
          'It is tried again.',
        ),
      );
    }, timeLimitMs);
    const fail = (error: Error): void => {
      clearTimeout(limit);
      reject(error);
    };
    const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    let size = 0;
    const collect =
      (to: Buffer[]) =>
      (bytes: Buffer): void => {
        size += bytes.length;
        if (size <= maxOutput) to.push(bytes);
        else {
          kill();
          fail(
            new WatchError(
              'command-failed',
              `A command printed more than ${maxOutput >> 20} MiB.`,
              'Please report it.',
            ),
          );
        }
      };
    child.stdout.on('data', collect(output.stdout));
    child.stderr.on('data', collect(output.stderr));
    if (onErrorText) child.stderr.on('data', decodePieces(onErrorText));
    child.on('error', (error) => {
      fail(
        new WatchError(
          'command-failed',
          `${program} cannot be run: ${error.message}`,
          'Look at the log.',
          error,
        ),
      );
    });
    child.on('close', (code) => {
      clearTimeout(limit);
      const [stdout = '', stderr = ''] = [output.stdout, output.stderr].map((parts) =>
        Buffer.concat(parts).toString('utf8'),
      );
      // Ended by a signal: as a shell would say it.
      resolve({ code: code ?? 128, stdout, stderr });
    });
    // A command that does not read all of its input has its reasons.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });
  return { result, kill };
}
