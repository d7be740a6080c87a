#!/usr/bin/env node
// slurm-watchers, the command: a list of its subcommands, and the one boundary for errors.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { version } from '../package.json';
import { addClusters } from './commands/clusters';
import { addEngine } from './commands/engine';
import { addEval } from './commands/eval';
import { addEvents } from './commands/events';
import { addFormat } from './commands/format';
import { addJobs } from './commands/jobs';
import { addLint } from './commands/lint';
import { addList } from './commands/list';
import { addLsp } from './commands/lsp';
import { addMatch } from './commands/match';
import { addMetrics } from './commands/metrics';
import { addParse } from './commands/parse';
import { addRun } from './commands/run';
import { addSignIn } from './commands/signIn';
import { addSubmit } from './commands/submit';
import { addAttach } from './commands/attach';
import { addDelete } from './commands/delete';
import { addExport } from './commands/export';
import { addPause } from './commands/pause';
import { addRearm } from './commands/rearm';
import { addResume } from './commands/resume';
import { addTrigger } from './commands/trigger';
import { addTest } from './commands/test';
import type { Context } from './commands/command';
import { createEngineAccess } from './engineAccess';
import { createOutput, reportError, toMisuseJson } from './output';
import { createTerminal } from './terminal';

const output = createOutput(process, process.env);
const terminal = createTerminal({ input: process.stdin, output: process.stderr });

const context: Context = {
  output,
  input: process.stdin,
  environment: process.env,
  cwd: process.cwd(),
  interrupted: new Promise((resolve) =>
    process.once('SIGINT', () => {
      resolve();
    }),
  ),
  ...createEngineAccess({ bundleDirectory: __dirname, version }, terminal),
  startLanguageServer: async () => {
    // The server reads from its arguments how it is spoken to, as every language server does.
    if (!process.argv.includes('--stdio')) process.argv.push('--stdio');
    await import(pathToFileURL(join(__dirname, 'server.js')).href);
  },
  exit: (code) => {
    process.exitCode = code;
  },
};

const program = new Command('slurm-watchers')
  .description('Watches Slurm jobs: what a batch script asks for in its #WATCHER lines.')
  .version(version)
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .showSuggestionAfterError()
  .configureOutput({
    outputError: (text, write) => {
      write(process.argv.includes('--json') ? toMisuseJson(text) : text);
    },
  });

const commands = [
  addRun,
  addSubmit,
  addAttach,
  addList,
  addEvents,
  addMetrics,
  addPause,
  addResume,
  addTrigger,
  addRearm,
  addDelete,
  addExport,
  addJobs,
  addClusters,
  addSignIn,
  addLint,
  addFormat,
  addParse,
  addTest,
  addEval,
  addMatch,
  addLsp,
  addEngine,
];
for (const add of commands) add(program, context);

// A reader that goes away, as `head` does, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

program
  .parseAsync()
  .catch((error: unknown) => {
    process.exitCode = reportError(error, output, process.argv.includes('--json'));
  })
  .finally(() => {
    terminal.close();
  });
