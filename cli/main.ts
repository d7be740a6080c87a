#!/usr/bin/env node
// slurm-watchers, the command: what it is given of its surroundings, and the one boundary for errors.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { version } from '../package.json';
import type { Context } from './commands/command';
import { createEngineAccess } from './engineAccess';
import { createOutput, reportError } from './output';
import { createProgram, explainMisuse } from './program';
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
  ...createEngineAccess({ bundleDirectory: __dirname, version }, terminal, output),
  canAsk: terminal.canAsk,
  confirm: (question) => terminal.confirm(question),
  readSecret: (question) => terminal.readSecret(question),
  startLanguageServer: () => {
    // The server reads from its arguments how it is spoken to, as every language server does.
    if (!process.argv.includes('--stdio')) process.argv.push('--stdio');
    // Unlike an import, this does not read the whole file for names that it might export.
    createRequire(__filename)(join(__dirname, 'server.js'));
  },
  exit: (code) => {
    process.exitCode = code;
  },
};

const program = createProgram(context, version);
explainMisuse(program, () => process.argv.includes('--json'));

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
