// Runs commands of the command line in this process, with standard input and output that a test gives and sees.
import { Command, CommanderError } from 'commander';
import type { Context } from '../../cli/commands/command';
import { addEval } from '../../cli/commands/eval';
import { addFormat } from '../../cli/commands/format';
import { addLint } from '../../cli/commands/lint';
import { addMatch } from '../../cli/commands/match';
import { addParse } from '../../cli/commands/parse';
import { addTest } from '../../cli/commands/test';
import { createOutput, reportError } from '../../cli/output';

export interface Finished {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

const unreachable = (): never => {
  throw new Error('these commands need no engine');
};

/** `input`: what standard input holds, in the pieces in which it comes; `allowedCommands`: those of config.json. */
export async function runCommand(
  words: readonly string[],
  input: readonly (string | Uint8Array)[] = [],
  { allowedCommands }: { readonly allowedCommands?: readonly string[] } = {},
): Promise<Finished> {
  let [code, stdout, stderr] = [undefined as number | undefined, '', ''];
  const context: Context = {
    output: createOutput(
      { stdout: { write: (text) => (stdout += text) }, stderr: { write: (text) => (stderr += text) } },
      {},
    ),
    input: (async function* () {
      for (const piece of input) yield await Promise.resolve(piece);
    })(),
    environment: {},
    cwd: '/',
    interrupted: new Promise(() => undefined),
    connect: unreachable,
    connectSteadily: unreachable,
    canAsk: false,
    confirm: () => Promise.resolve(null),
    readSecret: () => Promise.resolve(null),
    readAllowedCommands: () => Promise.resolve(allowedCommands),
    startLanguageServer: unreachable,
    exit: (given) => (code = given),
  };
  const program = new Command('slurm-watchers').exitOverride().configureOutput({
    writeOut: (text) => (stdout += text),
    writeErr: (text) => (stderr += text),
  });
  for (const add of [addParse, addLint, addFormat, addEval, addMatch, addTest]) add(program, context);
  try {
    await program.parseAsync(['node', 'slurm-watchers', ...words]);
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) code = 0;
    else code = reportError(error, context.output, words.includes('--json'));
  }
  return { code, stdout, stderr };
}
