// slurm-watchers secret: hands the engine what notifications need and nobody else may know; it is written nowhere.
import { Argument, type Command } from 'commander';
import { WatchError } from '../../engine/errors';
import type { SecretName } from '../../engine/protocol';
import { readLines } from '../input';
import { withEngine, type Context } from './command';

const names: Readonly<Record<SecretName, string>> = {
  slack: 'Slack webhook',
  mail: 'password of the mail server',
};

const prompts: Readonly<Record<SecretName, string>> = {
  slack: 'Slack webhook',
  mail: 'Password of the mail server',
};

const nameArgument = (): Argument =>
  new Argument('<name>', 'slack: the webhook; mail: the password of the SMTP server').choices(
    Object.keys(names),
  );

export function addSecret(program: Command, context: Context): void {
  const secret = program
    .command('secret')
    .description('the webhook and the mail password of messages, which the engine keeps in memory only')
    .addHelpText('after', '\nExample:\n  slurm-watchers secret set slack');
  secret
    .command('set')
    .description('ask for it, without showing it, and hand it to the engine; or read it from standard input')
    .addArgument(nameArgument())
    .addHelpText('after', '\nExample:\n  pass show slack | slurm-watchers secret set slack')
    .action(async (name: SecretName) => {
      const value = (await context.readSecret(prompts[name])) ?? (await readFirstLine(context));
      if (value === '')
        throw new WatchError(
          'bad-request',
          `The ${names[name]} is empty.`,
          'Nothing was changed. Enter it again.',
        );
      await hand(context, name, value);
      context.output.line('The engine keeps it in memory until it ends; it is not written to disk.');
      context.exit(0);
    });
  secret
    .command('forget')
    .description('have the engine forget what it was given')
    .addArgument(nameArgument())
    .addHelpText('after', '\nExample:\n  slurm-watchers secret forget slack')
    .action(async (name: SecretName) => {
      context.output.line(await forget(name, context));
      context.exit(0);
    });
}

const hand = (context: Context, name: SecretName, value: string): Promise<null> =>
  withEngine(context, { start: true }, (link) => link.request('engine/setSecret', { name, value }));

/** Says what became of it: other places may still have one. */
async function forget(name: SecretName, context: Context): Promise<string> {
  const others = 'One that VS Code, a variable or a file provides is not touched.';
  const link = await context.connect({ start: false, settings: 'optional' });
  if (!link) return `No engine is running, so there is nothing to forget. ${others}`;
  try {
    await link.request('engine/setSecret', { name, value: null });
  } finally {
    await link.close();
  }
  return `The engine has forgotten the ${names[name]} that it was given. ${others}`;
}

async function readFirstLine({ input }: Context): Promise<string> {
  for await (const line of readLines(input)) return line.trim();
  return '';
}
