// What a newcomer reads: each command has its words, an example and a line in the README; wrong use says what to do.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Context } from '../../cli/commands/command';
import { readText, whyUnreadable } from '../../cli/input';
import { toMisuseText } from '../../cli/output';
import { createProgram, explainMisuse } from '../../cli/program';

const never = (): never => {
  throw new Error('only words are asked for');
};
const context: Context = {
  output: { line: never, note: never, json: never, jsonNote: never, raw: never },
  input: (async function* () {
    await Promise.resolve();
    yield '';
  })(),
  environment: {},
  cwd: '/',
  interrupted: new Promise(() => undefined),
  connect: never,
  connectSteadily: never,
  canAsk: false,
  confirm: () => Promise.resolve(null),
  readSecret: () => Promise.resolve(null),
  readAllowedCommands: never,
  startLanguageServer: never,
  exit: never,
};
const program = createProgram(context, '1.2.3');

const list = (command: Command): Command[] => [command, ...command.commands.flatMap(list)];

function helpOf(command: Command): string {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) });
  command.outputHelp();
  return help;
}

describe('the command line', () => {
  for (const command of list(program)) {
    it(`${command.name()} has an example in its help`, () => {
      const help = helpOf(command);
      assert.match(help, /\nExamples?(?: \(.*\))?:\n {2}\S/);
      assert.doesNotMatch(help, /default: \{\}/);
    });
  }

  for (const command of list(program).slice(1)) {
    it(`${command.name()} is described in the voice of the others`, () => {
      assert.match(command.description(), /^[a-z].*[^.]$/);
    });
  }

  it('has all commands in the table of the README', () => {
    const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');
    const table = readme
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .join('\n');
    const missing = program.commands
      .map((command) => command.name())
      .filter((name) => !table.includes(`\`${name}`));
    assert.deepEqual(missing, []);
  });

  it('says what to do after a wrong use', () => {
    assert.equal(
      toMisuseText("error: unknown option '--x'\n"),
      "error: unknown option '--x'\n  See --help of the command.\n",
    );
  });

  it('says it for every command, to programs as an object', async () => {
    const uses = ['lint --nosuch', 'lint', 'eval 1 2', 'engine nosuch', 'engine start --nosuch', 'nosuch'];
    for (const use of uses)
      for (const json of [false, true]) {
        let written = '';
        const misused = createProgram(context, '1.2.3');
        explainMisuse(misused, () => json);
        for (const command of list(misused))
          command.configureOutput({ writeErr: (text) => (written += text) });
        await assert.rejects(misused.parseAsync(['node', 'slurm-watchers', ...use.split(' ')]));
        const said = json
          ? (JSON.parse(written) as { error: { remedy: string } }).error.remedy
          : (written.split('\n').at(-2) ?? '').trim();
        assert.equal(said, 'See --help of the command.', use);
      }
  });

  it('knows the states of Slurm', async () => {
    const jobs = createProgram(context, '1.2.3').configureOutput({ writeErr: () => undefined });
    for (const command of jobs.commands) command.copyInheritedSettings(jobs);
    await assert.rejects(jobs.parseAsync(['node', 'slurm-watchers', 'jobs', '--state', 'walking']), {
      message: /no such state; its states are PENDING, RUNNING/,
    });
  });
});

describe('a file that cannot be read', () => {
  const isRefused = (path: string, message: string): void => {
    it(`says why: ${message}`, async () => {
      await assert.rejects(readText(path, { input: context.input }), { code: 'bad-request', message });
    });
  };
  isRefused('/nowhere/train.sh', 'Cannot read /nowhere/train.sh: there is no such file.');
  isRefused(__dirname, `Cannot read ${__dirname}: it is a directory.`);

  it("keeps the system's words where they are rare", () => {
    assert.equal(whyUnreadable(new Error('EIO: i/o error')), 'EIO: i/o error');
  });
});
