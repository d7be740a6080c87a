// The subcommands, in the groups in which the help shows them.
import { Command } from 'commander';
import { addAttach } from './commands/attach';
import { addCancel } from './commands/cancel';
import { addClusters } from './commands/clusters';
import { addDelete } from './commands/delete';
import { addConsent } from './commands/consent';
import { addEdit } from './commands/edit';
import { addEngine } from './commands/engine';
import { addEval } from './commands/eval';
import { addEvents } from './commands/events';
import { addExport } from './commands/export';
import { addFormat } from './commands/format';
import { addJobs } from './commands/jobs';
import { addLint } from './commands/lint';
import { addList } from './commands/list';
import { addLsp } from './commands/lsp';
import { addMatch } from './commands/match';
import { addMetrics } from './commands/metrics';
import { addParse } from './commands/parse';
import { addPause } from './commands/pause';
import { addRearm } from './commands/rearm';
import { addResume } from './commands/resume';
import { addRun } from './commands/run';
import { addSecret } from './commands/secret';
import { addSignIn } from './commands/signIn';
import { addSubmit } from './commands/submit';
import { addTest } from './commands/test';
import { addTrigger } from './commands/trigger';
import type { Context } from './commands/command';
import { toMisuseJson, toMisuseText } from './output';

type Add = (program: Command, context: Context) => void;

const groups: readonly (readonly [heading: string, commands: readonly Add[]])[] = [
  ['Jobs and clusters:', [addRun, addSubmit, addJobs, addCancel, addClusters, addSignIn]],
  ['Watchers:', [addAttach, addEdit, addList, addPause, addResume, addTrigger, addRearm, addDelete]],
  ['What happened:', [addEvents, addMetrics, addExport]],
  ['Messages and agreement:', [addSecret, addConsent]],
  ['Scripts, patterns and conditions:', [addLint, addFormat, addParse, addTest, addEval, addMatch]],
  ['The programs themselves:', [addEngine, addLsp]],
];

export function createProgram(context: Context, version: string): Command {
  const program = new Command('slurm-watchers')
    .description('Watches Slurm jobs: what a batch script asks for in its #WATCHER lines.')
    .version(version)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      `
Examples:
  slurm-watchers lint train.sh
  slurm-watchers run train.sh --on big

Exit codes: 0 fine, 1 findings or failed, 2 wrong use, 3 cannot reach.`,
    );
  for (const [heading, commands] of groups) {
    program.commandsGroup(heading);
    for (const add of commands) add(program, context);
  }
  // Among the last group, not in one of its own.
  return program.helpCommand(true);
}

/** Has each command say what to do after a wrong use, as an object where a program asks. */
export function explainMisuse(command: Command, wantsJson: () => boolean): void {
  command.configureOutput({
    outputError: (text, write) => {
      write(wantsJson() ? toMisuseJson(text) : toMisuseText(text));
    },
  });
  for (const child of command.commands) explainMisuse(child, wantsJson);
}
