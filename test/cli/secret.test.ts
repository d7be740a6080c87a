// Secrets at the terminal: what is said when one is handed over or forgotten, and that none is shown.
import assert from 'node:assert/strict';
import { Command } from 'commander';
import type { Context } from '../../cli/commands/command';
import { addSecret } from '../../cli/commands/secret';
import { createOutput, reportError } from '../../cli/output';
import type { EngineLink } from '../../engine/link/greet';

interface Ran {
  readonly code: number | undefined;
  readonly asked: readonly unknown[];
  readonly text: string;
}

/** `typed`: at the terminal; `isRunning`: whether there is an engine before one is started. */
async function run(
  words: readonly string[],
  { typed = '', isRunning = true }: { readonly typed?: string; readonly isRunning?: boolean } = {},
): Promise<Ran> {
  let [code, text] = [undefined as number | undefined, ''];
  const asked: unknown[] = [];
  const write = (piece: string): unknown => (text += piece);
  const link = {
    request: (method: string, params: unknown) => {
      asked.push([method, params]);
      return Promise.resolve(null);
    },
    close: () => Promise.resolve(),
  } as unknown as EngineLink;
  const context = {
    output: createOutput({ stdout: { write }, stderr: { write } }, {}),
    connect: ({ start }: { readonly start: boolean }) =>
      Promise.resolve(isRunning || start ? link : undefined),
    readSecret: () => Promise.resolve(typed),
    exit: (given: number) => (code = given),
  } as unknown as Context;
  const program = new Command().exitOverride();
  addSecret(program, context);
  await program.parseAsync(['node', 'slurm-watchers', 'secret', ...words]).catch((error: unknown) => {
    code = reportError(error, context.output, false);
  });
  return { code, asked, text };
}

describe('secrets at the terminal', () => {
  it('are handed over, and not shown', async () => {
    const { code, asked, text } = await run(['set', 'slack'], {
      typed: 'https://hooks.slack.com/services/a',
    });
    assert.equal(code, 0);
    assert.deepEqual(asked, [
      ['engine/setSecret', { name: 'slack', value: 'https://hooks.slack.com/services/a' }],
    ]);
    assert.equal(text, 'The engine keeps it in memory until it ends; it is not written to disk.\n');
  });

  it('are not handed over if they are empty', async () => {
    const { code, asked, text } = await run(['set', 'slack']);
    assert.deepEqual([code, asked], [2, []]);
    assert.match(text, /The Slack webhook is empty\.\n {2}Nothing was changed\./);
  });

  it('are forgotten by the engine, which says that others stay', async () => {
    const { asked, text } = await run(['forget', 'mail']);
    assert.deepEqual(asked, [['engine/setSecret', { name: 'mail', value: null }]]);
    assert.match(text, /forgotten the password of the mail server that it was given\. One that VS Code/);
  });

  it('are not forgotten by an engine that would have to be started for it', async () => {
    const { code, asked, text } = await run(['forget', 'slack'], { isRunning: false });
    assert.deepEqual([code, asked], [0, []]);
    assert.match(text, /^No engine is running, so there is nothing to forget\./);
  });
});
