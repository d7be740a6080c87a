// Commands of watchers on this computer: hostile values arrive as themselves, and what else may become of a command is told.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { planAction } from '../../engine/commandPlan';
import { textOf } from '../../engine/actions/action';
import { createLocalMachine } from '../../engine/io/localMachine';
import type { ClusterCommand, CommandOutcome } from '../../engine/ports';
import { toOwnPlace } from '../../engine/slurm/commandTexts';
import { createMarkedCommands, type MarkedCommands } from '../../engine/slurm/markedCommands';
import { toCommandEnvironment } from '../../language/shell/commandEnvironment';
import { createOwnFileReader } from '../engine/io/ownFileReader';
import { createRandom } from '../language/seededRandom';
import { evil, places, toOutput } from '../language/shell/hostileValues';
import { waitFor } from '../waitFor';

describe('a command on this computer', function () {
  this.timeout(120_000);
  let base: string;
  let commands: MarkedCommands;
  let count = 0;
  const path = (...names: string[]): string => join(base, ...names);
  before(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'commands-')));
    for (const name of ['home', 'work', 'tools', 'marks']) mkdirSync(path(name));
    commands = createMarkedCommands({
      cluster: 'here',
      machine: createLocalMachine({
        environment: {
          ...process.env,
          HOME: path('home'),
          SHELL: '/bin/bash',
          WATCHER_old: 'x',
          SLURM_OLD: 'x',
        },
        files: createOwnFileReader(),
      }),
      toFolder: () => Promise.resolve(toOwnPlace(path('marks'))),
    });
  });
  after(() => {
    commands.close();
    rmSync(base, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  });

  const toCommand = (command: string, given: Partial<ClusterCommand> = {}): ClusterCommand => ({
    ...{ token: `own${++count}x${process.pid}`, command, workdir: path('work') },
    ...{ environment: {}, timeoutSeconds: 60, folder: null },
    ...given,
  });
  const run = (command: string, given: Partial<ClusterCommand> = {}): Promise<CommandOutcome> =>
    commands.runCommand(toCommand(command, given));
  const isThere = (name: string): Promise<void> =>
    waitFor(name, () => Promise.resolve(existsSync(path('work', name)))).then(() => undefined);
  /** Of processes with this text in their arguments, but this one. */
  const findProcesses = (text: string): readonly number[] =>
    spawnSync('ps', ['-A', '-o', 'pid=,args='])
      .stdout.toString()
      .split('\n')
      .filter((line) => line.includes(text))
      .map((line) => Number.parseInt(line, 10));

  it('is not ended with one whose token is the beginning of its own', async () => {
    const long = commands.runCommand(
      toCommand(': > a; sleep 6; echo whole', { token: 'shortxyz', timeoutSeconds: 60 }),
    );
    const short = commands.runCommand(toCommand(': > b; sleep 60', { token: 'short', timeoutSeconds: 2 }));
    assert.equal((await short).timedOut, true);
    const { output, exitCode } = await long;
    assert.deepEqual([output, exitCode], ['whole\n', 0]);
  });

  it('is not taken for running because one is whose token begins with its own', async () => {
    const long = commands.runCommand(toCommand(': > c; sleep 12', { token: 'gonexyz', timeoutSeconds: 60 }));
    await isThere('c');
    mkdirSync(path('marks', 'gone'));
    symlinkSync(hostname(), path('marks', 'gone', 'go'));
    let isOver = false as boolean;
    void long.finally(() => (isOver = true));
    const found = await commands.findCommand(toCommand('echo never', { token: 'gone', timeoutSeconds: 60 }));
    assert.match(found?.unknown ?? '', /^it was interrupted on /);
    assert.ok(!isOver);
    await long;
  });

  it('gets hostile values as themselves, and runs none of them', async () => {
    const tool = (name: string, body: string): void => {
      writeFileSync(path('tools', name), `#!/bin/sh\n${body}\n`);
      chmodSync(path('tools', name), 0o755);
    };
    tool('probe', 'printf "%s\\0" "$#" "$@"');
    tool('pwn', `: > '${path('pwned')}'`);
    const random = createRandom(1807);
    const all = Object.entries(places);
    const cases = evil.flatMap((x) =>
      [['probe $x', places['probe $x']] as const, all[random(all.length)]].flatMap((entry) => {
        const [place = '', expect] = entry ?? [];
        const values = { groups: ['', x], variables: { x } };
        const { params, refusal } = planAction(
          'run_command',
          { command: place },
          { values, captures: { x } },
        );
        const environment = toCommandEnvironment({ x });
        if (refusal !== undefined || !('variables' in environment) || !expect) return [];
        return [{ x, place, words: expect(x), text: textOf(params, 'command') ?? '', ...environment }];
      }),
    );
    assert.ok(cases.length > 60, `only ${cases.length} are inserted`);
    const waiting = [...cases];
    const work = async (): Promise<void> => {
      for (let next = waiting.pop(); next; next = waiting.pop()) {
        const { x, place, words, text, variables } = next;
        // A place of its own, so that what a value might begin does not reach the second part.
        const script = `export PATH='${path('tools')}':"$PATH"\n( ${text}\n) 2>/dev/null\nprintf '\\036'; probe "$WATCHER_x"`;
        const { output } = await run(script, { environment: variables });
        assert.equal(
          output,
          `${toOutput(words)}\u001e${toOutput([x])}`,
          `${place} with ${JSON.stringify(x)}`,
        );
      }
    };
    await Promise.all([work(), work(), work(), work()]);
    assert.ok(!existsSync(path('pwned')));
  }).timeout(600_000);

  it('has what the terminal has, but not what start-up files print, nor anything to read', async () => {
    const profile = `echo noise; echo noise >&2; cd /\nmodule() { echo "loaded $1"; }\nSITE=here; export SITE\n`;
    writeFileSync(path('home', '.bash_profile'), profile);
    writeFileSync(path('home', '.bash_logout'), 'echo bye\n');
    try {
      const script = `module load; echo "$SITE $PWD $# \${WATCHER_old-} \${SLURM_OLD-} \${D-}"; cat; exit 4`;
      const { output, exitCode } = await run(script);
      assert.deepEqual([output, exitCode], [`loaded load\nhere ${path('work')} 0   \n`, 4]);
    } finally {
      rmSync(path('home', '.bash_profile'));
      rmSync(path('home', '.bash_logout'));
    }
  });

  it('tells its wrong syntax, and the signal that ended it', async () => {
    const wrong = await run('echo "a');
    assert.notEqual(wrong.exitCode, 0);
    assert.match(wrong.output, /unexpected|unterminated/i);
    assert.ok(!wrong.output.includes(base), wrong.output);
    assert.equal((await run('kill -9 $BASHPID')).exitCode, 137);
  });

  it('is ended though it ignores the first signal, and left its session', async () => {
    const script = `trap '' TERM\n(setsid sh -c 'trap "" TERM; while :; do sleep 1; done' &)\nwhile :; do sleep 1; done`;
    const command = toCommand(script, { timeoutSeconds: 2 });
    assert.equal((await commands.runCommand(command)).timedOut, true);
    const left = spawnSync('sh', ['-c', `grep -lF "${command.token}" /proc/[0-9]*/environ 2>/dev/null`]);
    assert.equal(left.stdout.toString(), '');
  });

  it('spares a job that it has submitted', async () => {
    const script = `SLURM_JOB_ID=1 setsid sh -c 'sleep 6; : > spared' &\nsleep 60`;
    assert.equal((await run(script, { timeoutSeconds: 2 })).timedOut, true);
    await isThere('spared');
  });

  it('does not wait for what goes on printing, which is not cut off, and ends it when its time is over', async () => {
    const script = `(while echo line; do sleep 0.1; [ -e stop ] && : > heard; done; : > broken) &\necho begun`;
    const { output, exitCode, seconds } = await run(script, { timeoutSeconds: 20 });
    assert.match(output, /^begun\nline\n|^line\nbegun\n/);
    assert.equal(exitCode, 0);
    assert.ok(seconds !== null && seconds < 15);
    writeFileSync(path('work', 'stop'), '');
    await isThere('heard');
    assert.ok(!existsSync(path('work', 'broken')));
    await waitFor('its end', () => Promise.resolve(findProcesses(path('marks')).length === 0), 60_000);
  });

  it('keeps little of a long output', async () => {
    const command = toCommand('seq 300000; sleep 1');
    const { output } = await commands.runCommand(command);
    assert.ok(output.endsWith('\n300000\n'));
    const folder = path('marks', command.token);
    const sizes = readdirSync(folder).map((name) => lstatSync(join(folder, name)).size);
    const sum = sizes.reduce((all, size) => all + size, 0);
    assert.ok(sum < 400_000, String(sum));
  });

  it('is unknown, with what it had printed, if somebody ends whoever runs it', async () => {
    const command = toCommand('echo half; : > half; sleep 60');
    const outcome = commands.runCommand(command);
    await isThere('half');
    for (const pid of findProcesses(`/${command.token}`)) process.kill(pid, 'SIGKILL');
    const { exitCode, output, unknown } = await outcome;
    assert.deepEqual([exitCode, output], [null, 'half\n']);
    assert.match(unknown ?? '', /^it was interrupted on /);
    assert.match((await commands.findCommand(command))?.unknown ?? '', /^it was interrupted on /);
  });

  it('is unknown if another computer began it, and its end was not told in time', async () => {
    const command = toCommand('echo never');
    const folder = path('marks', command.token);
    mkdirSync(folder, { recursive: true });
    symlinkSync('login9', join(folder, 'go'));
    execFileSync('touch', ['-h', '-d', '3 hours ago', join(folder, 'go')]);
    const found = await commands.findCommand(command);
    assert.match(found?.unknown ?? '', /^it was begun on login9, and its end was not told in time/);
    assert.match((await commands.runCommand(command)).unknown ?? '', /login9/);
  });

  it('leaves nothing for longer than a month', async () => {
    const old = toCommand('exit 0');
    await commands.runCommand(old);
    mkdirSync(path('marks', 'other'));
    const then = new Date(Date.now() - 40 * 24 * 3_600_000);
    for (const name of [old.token, 'other']) utimesSync(path('marks', name), then, then);
    await run('exit 0');
    await waitFor('its end', () => Promise.resolve(!existsSync(path('marks', old.token))));
    assert.ok(readdirSync(path('marks')).includes('other'));
  });

  it('is not visible to others, nor are its values', async () => {
    const command = toCommand('echo "$WATCHER_x"', { environment: { WATCHER_x: 'secret-value' } });
    await commands.runCommand(command);
    const folder = path('marks', command.token);
    assert.equal(execFileSync('stat', ['-c', '%a', folder]).toString().trim(), '700');
    assert.match(readFileSync(join(folder, 'command'), 'utf8'), /WATCHER_x=secret-value/);
  });
});
