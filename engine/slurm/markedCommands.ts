// Runs commands of watchers on a machine, each at most once by its token, and finds out what became of those begun before.
import { WatchError } from '../errors';
import type { Cluster, ClusterCommand, CommandOutcome, Machine } from '../ports';
import {
  awaitText,
  closeText,
  parseCommandAnswer,
  runText,
  toCommandInput,
  type CommandAnswer,
  type CommandFolder,
} from './commandTexts';
import { toCommandError } from './slurmShell';

export interface MarkedCommandsParts {
  /** The cluster's name. */
  readonly cluster: string;
  readonly machine: Machine;
  readonly toFolder: (command: ClusterCommand) => Promise<CommandFolder>;
}

export interface MarkedCommands extends Pick<Cluster, 'runCommand' | 'findCommand'> {
  /** Ends all waiting; what was begun goes on. */
  close(): void;
}

/** Tenths of a second that one look at running commands waits: they take turns, so that one channel is held at most. */
const longestLook = 200;
const shortestLook = 20;
/** What a look may take beyond its waiting, ms. */
const lookLimitMs = 45_000;

export function createMarkedCommands({ cluster, machine, toFolder }: MarkedCommandsParts): MarkedCommands {
  let isClosed = false;
  let waiting = 0;
  let turns: Promise<unknown> = Promise.resolve();

  const checkOpen = (): void => {
    if (isClosed) throw interrupted(cluster);
  };
  const ask = async (script: string, patience: number, input?: string): Promise<CommandAnswer> => {
    checkOpen();
    const timeLimitMs = lookLimitMs + patience * 100;
    const result = await machine.run({ script, timeLimitMs, ...(input === undefined ? {} : { input }) });
    checkOpen();
    const answer = parseCommandAnswer(result.stdout);
    if (!answer) throw toCommandError('Running a command', result);
    return answer;
  };

  const takeTurn = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const turn = turns.then(work);
    turns = turn.catch(() => undefined);
    return turn;
  };

  /** Anything but pending. */
  const settle = async (
    first: CommandAnswer,
    command: ClusterCommand,
    folder: CommandFolder,
  ): Promise<CommandAnswer> => {
    let answer = first;
    waiting += 1;
    try {
      while (answer.kind === 'pending') {
        answer = await takeTurn(() => {
          const patience = Math.max(shortestLook, Math.round(longestLook / waiting));
          return ask(awaitText(command, folder, patience), patience);
        });
      }
    } finally {
      waiting -= 1;
    }
    return answer;
  };

  return {
    runCommand: async (command) => {
      const input = toCommandInput(command);
      const folder = await toFolder(command);
      const begun = await ask(runText(command, folder), shortestLook, input);
      const outcome = toOutcome(await settle(begun, command, folder), command, cluster);
      if (outcome) return outcome;
      throw new WatchError(
        'command-failed',
        `The command was given up on ${cluster} before it began.`,
        'It is tried again.',
      );
    },
    findCommand: async (command) => {
      const folder = await toFolder(command);
      const found = await ask(closeText(command, folder), shortestLook);
      return toOutcome(await settle(found, command, folder), command, cluster);
    },
    close: () => {
      isClosed = true;
    },
  };
}

const interrupted = (cluster: string): WatchError =>
  new WatchError(
    'cluster-unreachable',
    `${cluster} was closed.`,
    'What became of the command is found out later.',
  );

/** Null if it never began, and never will. */
function toOutcome(answer: CommandAnswer, command: ClusterCommand, cluster: string): CommandOutcome | null {
  switch (answer.kind) {
    case 'done': {
      const { code, timedOut, leavesProcesses, seconds, output } = answer;
      return {
        ...{ exitCode: code, timedOut, seconds, output },
        ...(leavesProcesses && { leavesProcesses }),
      };
    }
    case 'dead':
      return toUnknown(
        answer.output,
        `it was interrupted on ${answer.host}: somebody ended it there, or the computer was started again`,
      );
    case 'lost':
      return toUnknown(
        answer.output,
        `it was begun on ${answer.host}, and its end was not told in time: the computer may have been started again`,
      );
    case 'closed':
      return null;
    case 'no-workdir':
      throw new WatchError(
        'bad-request',
        `The command was not run: it cannot work in ${command.workdir} on ${cluster}: ${answer.words}`,
        'Make the folder again, or have the job work in one that stays.',
      );
    case 'no-folder':
      throw new WatchError(
        'bad-request',
        `The command was not run: it cannot be kept in your home on ${cluster}: ${answer.words}`,
        'Make room in your home there, or let it be writable for you (ask your site how: quota).',
      );
    case 'unsafe-folder':
      throw new WatchError(
        'bad-request',
        `The command was not run on ${cluster}: ${answer.words}.`,
        'Another user could have you run a command of theirs. Take the right to write away from others (chmod go-w), or move away what is not yours.',
      );
    case 'incomplete':
      throw new WatchError('command-failed', 'The command did not arrive whole.', 'It is tried again.');
    case 'pending':
      throw new WatchError('command-failed', 'The command is still at work.', 'It is asked for again.');
  }
}

const toUnknown = (output: string, unknown: string): CommandOutcome => ({
  exitCode: null,
  timedOut: false,
  seconds: null,
  output,
  unknown,
});
