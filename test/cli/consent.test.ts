// Consent at the terminal: the list is shown and asked about, --yes agrees, and where nobody sits nothing is done.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { addAttach } from '../../cli/commands/attach';
import type { Context } from '../../cli/commands/command';
import { addRun } from '../../cli/commands/run';
import { addSubmit } from '../../cli/commands/submit';
import { createOutput, reportError } from '../../cli/output';
import { ConsentNeeded } from '../../engine/errors';
import type { EngineLink } from '../../engine/link/greet';
import { defaultAllowedCommands } from '../../language/allowedCommands';
import { findPowers, toConsent } from '../../language/consent';
import { findLoginCommands, parseScript } from '../../language/script';
import { toClusterStatus, toJob, toWatcher } from '../records';

const script = `#!/bin/bash
#LOGIN_SETUP_BEGIN
pip install -r requirements.txt
#LOGIN_SETUP_END
#WATCHER name=deploy pattern="done" action=run_command(command="make deploy")
#WATCHER name=note pattern="done" action=run_command(command="echo done")
`;

const list = [
  'Before the job is submitted, these commands run on the login node of big:',
  '    pip install -r requirements.txt',
  '"deploy" runs this command on big:',
  '    make deploy',
  'Commands that are allowed without asking:',
  '"note" runs this command on big:',
  '    echo done',
];

function toNeeded(): ConsentNeeded {
  const parsed = parseScript(script);
  const definitions = parsed.watchers.map(({ definition }) => definition);
  const place = { cluster: 'big', workdir: '/work', allowedCommands: defaultAllowedCommands, job: null };
  const consent = toConsent(findPowers({ definitions, loginSetup: findLoginCommands(parsed) }, place));
  return new ConsentNeeded(
    'train.sh: nobody has agreed to what it may do.',
    'Look at the list, and agree to it.',
    consent ?? assert.fail(),
  );
}

describe('consent at the terminal', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'slurm-watchers-consent-'));
    writeFileSync(join(directory, 'train.sh'), script);
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  interface Ran {
    readonly code: number | undefined;
    readonly lines: readonly string[];
    readonly notes: readonly string[];
    /** The hashes of the requests. */
    readonly agreed: readonly unknown[];
  }

  /** `said`: what the person answers; null: nobody sits there. */
  async function run(said: boolean | null, ...words: readonly string[]): Promise<Ran> {
    const [lines, notes, agreed]: [string[], string[], unknown[]] = [[], [], []];
    const needed = toNeeded();
    const link = {
      request: (method: string, params: { readonly agreed?: string }) => {
        if (method === 'engine/clusters')
          return Promise.resolve([{ ...toClusterStatus(), name: 'big', kind: 'ssh' }]);
        agreed.push(params.agreed);
        if (params.agreed !== needed.consent.hash) return Promise.reject(needed);
        const loginOutput = 'Collecting torch\nDone\n';
        return Promise.resolve({ cluster: 'big', job: toJob(), watchers: [toWatcher({})], loginOutput });
      },
      close: () => Promise.resolve(),
    } as unknown as EngineLink;
    let code: number | undefined;
    const stdout = { write: (text: string) => lines.push(...text.trimEnd().split('\n')) };
    const stderr = { write: (text: string) => notes.push(...text.trimEnd().split('\n')) };
    const output = createOutput({ stdout, stderr }, {});
    const context = {
      ...{ output, environment: {}, cwd: directory, canAsk: said !== null },
      interrupted: new Promise(() => undefined),
      connect: () => Promise.resolve(link),
      connectSteadily: () => Promise.resolve(link),
      confirm: (question: string) => {
        notes.push(question);
        return Promise.resolve(said);
      },
      exit: (given: number) => (code = given),
    } as unknown as Context;
    const program = new Command().exitOverride();
    for (const add of [addAttach, addRun, addSubmit]) add(program, context);
    try {
      await program.parseAsync(['node', 'slurm-watchers', ...words]);
    } catch (error) {
      code = reportError(error, output, words.includes('--json'));
    }
    return { code, lines, notes: notes.filter((note) => !/\[command-not-allowed\]/.test(note)), agreed };
  }

  const submit = (): readonly string[] => ['submit', join(directory, 'train.sh'), '--on', 'big'];

  it('shows the list and asks; yes submits, with what the login set-up has printed', async () => {
    const { code, lines, notes, agreed } = await run(true, ...submit());
    assert.equal(code, 0);
    assert.deepEqual(lines, ['12']);
    assert.deepEqual(agreed, [undefined, toNeeded().consent.hash]);
    const at = notes.indexOf('What it may do:');
    assert.deepEqual(notes.slice(at), [
      'What it may do:',
      ...list.map((line) => `  ${line}`),
      'Submit? [y/N]',
      'The login set-up runs before the job is submitted.',
      '  Collecting torch',
      '  Done',
      'The job works in ~.',
    ]);
  });

  it('does nothing after a no', async () => {
    for (const words of [submit(), ['run', join(directory, 'train.sh'), '--on', 'big']]) {
      const { code, lines, notes, agreed } = await run(false, ...words);
      assert.equal(code, 1);
      assert.deepEqual(lines, []);
      assert.deepEqual(agreed, [undefined]);
      assert.equal(notes.at(-1), 'Nothing was done.');
      assert.ok(!notes.some((note) => /The login set-up runs/.test(note)));
    }
  });

  it('shows the list with --yes, and asks nobody', async () => {
    const { code, notes, agreed } = await run(null, ...submit(), '--yes');
    assert.equal(code, 0);
    assert.equal(agreed.length, 2);
    assert.ok(notes.includes(`  ${list[2] ?? ''}`));
    assert.ok(!notes.some((note) => note.includes('?')));
  });

  it('refuses where nobody sits, with the list and what to do', async () => {
    const { code, lines, notes, agreed } = await run(null, ...submit());
    assert.equal(code, 2);
    assert.deepEqual(lines, []);
    assert.deepEqual(agreed, [undefined]);
    assert.ok(!notes.some((note) => /The login set-up runs/.test(note)));
    assert.deepEqual(notes.slice(notes.indexOf('error: train.sh: nobody has agreed to what it may do.')), [
      'error: train.sh: nobody has agreed to what it may do.',
      ...list.map((line) => `    ${line}`),
      '  Read what it may do, and agree to it with --yes.',
    ]);
  });

  it('refuses programs with the list as data', async () => {
    const { code, notes } = await run(null, ...submit(), '--json');
    assert.equal(code, 2);
    const { error } = JSON.parse(notes.at(-1) ?? '') as {
      readonly error: { readonly code: string; readonly consent: readonly Record<string, unknown>[] };
    };
    assert.equal(error.code, 'needs-consent');
    assert.deepEqual(
      error.consent.map(({ kind, watcher, text, covered }) => [kind, watcher, text, covered]),
      [
        ['loginSetup', null, 'pip install -r requirements.txt', false],
        ['command', 'deploy', 'make deploy', false],
        ['command', 'note', 'echo done', true],
      ],
    );
  });

  it('is the same for attach', async () => {
    const words = ['attach', '42', '--on', 'big', '--from-script', join(directory, 'train.sh')];
    const asked = await run(true, ...words);
    assert.equal(asked.code, 0);
    assert.ok(asked.notes.includes('Attach? [y/N]'));
    const note = `The login set-up of ${join(directory, 'train.sh')} is not run: the job has been submitted already.`;
    assert.ok(asked.notes.includes(note));
    assert.equal((await run(false, ...words)).code, 1);
    assert.equal((await run(null, ...words)).code, 2);
    assert.equal((await run(null, ...words, '--yes')).code, 0);
  });
});
