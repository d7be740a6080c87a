// run_command on the fake cluster: what runs, what is refused, what is told, and what becomes of it over crashes and cuts.
import assert from 'node:assert/strict';
import { WatchError } from '../../engine/errors';
import type { WatchEvent } from '../../engine/model';
import { setStage, type Stage } from './play';

describe('run_command', () => {
  let stage: Stage;
  let id: string;
  const begin = async (action: string, fields = 'pattern="n=(.*)" captures=[n]'): Promise<void> => {
    stage = await setStage();
    id = await stage.submit(`#WATCHER name=w ${fields} interval=10s ${action}`);
    await pass(5000);
  };
  afterEach(() => stage.engine.close());

  const pass = (ms: number): Promise<void> => stage.clock.advanceTo(stage.clock.now() + ms);
  /** The engine ends while a command runs: it waits for it a while, but not for ever. */
  const crash = async (): Promise<void> => {
    const restarting = stage.restart();
    await pass(10_000);
    await restarting;
  };
  const print = async (text: string): Promise<void> => {
    stage.cluster.print(id, text);
    await pass(60_000);
  };
  const commands = (): readonly string[] => stage.cluster.commandsRun.begun.map(({ command }) => command);
  const told = async (): Promise<readonly WatchEvent[]> =>
    (await stage.engine.events({})).filter(({ action }) => action === 'run_command');
  const results = async (): Promise<readonly string[]> =>
    (await told()).map(
      ({ kind, success, result }) => `${kind} ${success === true ? 'ok' : 'failed'} ${result}`,
    );

  it('runs with the values as data, in the folder of the job, with its time limit', async () => {
    await begin('action=run_command(command="echo $n by $1", timeout=5m)');
    await print("n=it's $HOME; id\n");
    const [command] = stage.cluster.commandsRun.begun;
    assert.equal(command?.command, `echo 'it'\\''s $HOME; id' by 'it'\\''s $HOME; id'`);
    assert.deepEqual(command.environment, { WATCHER_n: "it's $HOME; id" });
    assert.deepEqual([command.workdir, command.timeoutSeconds, command.folder], ['/jobs', 300, null]);
    assert.match(command.token, /^[a-z0-9]+$/);
  });

  it('runs with a webhook that stands in it, which no event shows', async () => {
    const webhook = 'https://hooks.slack.com/services/T0/B0/abcdef';
    await begin(`action=run_command(command="echo $n ${webhook}")`);
    await stage.restart();
    await print(`n=${webhook}g\n`);
    assert.deepEqual(commands(), [`echo '${webhook}g' ${webhook}`]);
    const events = JSON.stringify(await stage.engine.events({}));
    assert.ok(!events.includes('abcdef'), events);
    assert.match(events, /hooks\.slack\.com\/services\/…[0-9a-f]{12}/);
  });

  it('tells how it ended, and keeps what it printed', async () => {
    stage = await setStage();
    id = await stage.submit(`#WATCHER_BEGIN
# name: w
# pattern: x
# interval: 10
# actions:
#   - run_command(command="seq 900")
#   - run_command(command="exit 3")
#   - run_command(command="sleep 30")
#   - run_command(command="sleep 30", timeout=20)
#WATCHER_END`);
    await print('x\n');
    await pass(60_000);
    const events = await told();
    const [all = '', failed, long, late] = events.map(({ result }) => result);
    assert.equal(all, 'exit code 0: 1 … 899 more lines');
    assert.deepEqual(
      [failed, long, late],
      ['exit code 3', 'exit code 0 after 30 s', 'the command was ended after its time limit of 20 s'],
    );
    assert.deepEqual(
      events.map(({ success }) => success),
      [true, false, true, false],
    );
    assert.deepEqual(
      events.map(({ output }) => output?.length ?? null),
      [Array.from({ length: 900 }, (_, number) => `${number + 1}\n`).join('').length, null, null, null],
    );
  });

  it('fails with the reason if a value cannot be data, and runs nothing', async () => {
    await begin('actions=[run_command(command="ls $n"), log_event(message=after)]');
    await print('n=-la\n');
    assert.deepEqual(commands(), []);
    const [line, after] = (await stage.lines()).slice(-2);
    assert.match(
      line ?? '',
      /^run_command FAILED The command was not run: the value of \$n cannot be put in: .*"-"/,
    );
    assert.equal(after, 'log_event after');
    assert.equal((await told())[0]?.params['command'], 'ls $n');
    await print('n=x\n');
    assert.deepEqual(commands(), ["ls 'x'"]);
  });

  it('shows by hand what would run, or why it would not', async () => {
    await begin('action=run_command(command="ls $n")');
    stage.cluster.print(id, 'n=-la\n');
    const watchers = (await stage.engine.watchers({})).map((watcher) => watcher.id);
    const [refused] = await stage.engine.planTrigger(watchers);
    assert.deepEqual(refused?.actions, []);
    assert.match(refused.leftOut.join(), /^run_command \(The command was not run: the value of \$n/);
    stage.cluster.print(id, 'n=a b\n');
    const [plan] = await stage.engine.planTrigger(watchers);
    assert.deepEqual(
      plan?.actions.map(({ params, isOutside }) => [params['command'], isOutside]),
      [["ls 'a b'", true]],
    );
  });

  it('is found again after a crash, and never runs twice', async () => {
    await begin('action=run_command(command="sleep 90; echo told")', 'pattern=x');
    stage.cluster.print(id, 'x\n');
    await pass(15_000);
    assert.equal(commands().length, 1);
    await crash();
    await pass(120_000);
    assert.equal(commands().length, 1);
    assert.deepEqual(await results(), ['action ok exit code 0 after 1 min: told']);
  });

  it('runs after a crash if it had not begun', async () => {
    await begin('action=run_command(command="echo told")', 'pattern=x');
    const runCommand = stage.cluster.runCommand.bind(stage.cluster);
    // The crash comes between the mark and the cluster.
    stage.cluster.runCommand = () => new Promise(() => undefined);
    stage.cluster.print(id, 'x\n');
    await pass(15_000);
    stage.cluster.runCommand = runCommand;
    await crash();
    await pass(60_000);
    assert.deepEqual(commands(), ['echo told']);
    assert.deepEqual(await results(), ['action ok exit code 0: told']);
  });

  it('is looked for when the connection breaks, and its outcome told once', async () => {
    await begin('action=run_command(command="echo told")', 'pattern=x');
    stage.cluster.losesAnswers = true;
    await print('x\n');
    await pass(60_000);
    assert.deepEqual(commands(), ['echo told']);
    assert.deepEqual(await results(), ['action ok exit code 0: told']);
    assert.ok((await stage.lines()).some((line) => /run_command may have run, and is looked for/.test(line)));
  });

  it('waits for a cluster that cannot be reached, for as long as it takes', async () => {
    await begin('action=run_command(command="echo told")', 'pattern=x');
    stage.cluster.losesAnswers = true;
    const findCommand = stage.cluster.findCommand.bind(stage.cluster);
    stage.cluster.findCommand = () =>
      Promise.reject(new WatchError('cluster-unreachable', 'Cut off.', 'Look.'));
    await print('x\n');
    await pass(3 * 3_600_000);
    assert.deepEqual(await results(), []);
    stage.cluster.findCommand = findCommand;
    await pass(60_000);
    assert.deepEqual(await results(), ['action ok exit code 0: told']);
    assert.deepEqual(commands(), ['echo told']);
  });

  it('is given up as unknown if the cluster can tell nothing of it', async () => {
    await begin('action=run_command(command="echo told")', 'pattern=x');
    stage.cluster.losesAnswers = true;
    stage.cluster.findCommand = () => Promise.reject(new WatchError('command-failed', 'Broken.', 'Look.'));
    await print('x\n');
    await pass(2 * 3_600_000);
    assert.deepEqual(await results(), [
      'action failed It was started, and its outcome cannot be found out: Broken. Look.',
    ]);
    assert.deepEqual(commands(), ['echo told']);
  });

  it('does not begin the next command of a watcher before it is known what became of the one before', async () => {
    await begin('action=run_command(command="echo $n")');
    stage.cluster.losesAnswers = true;
    const findCommand = stage.cluster.findCommand.bind(stage.cluster);
    stage.cluster.findCommand = () =>
      Promise.reject(new WatchError('cluster-unreachable', 'Cut off.', 'Look.'));
    await print('n=1\n');
    stage.cluster.losesAnswers = false;
    await print('n=2\n');
    assert.deepEqual(commands(), ["echo '1'"]);
    stage.cluster.findCommand = findCommand;
    await pass(60_000);
    assert.deepEqual(commands(), ["echo '1'", "echo '2'"]);
  });

  it('is refused for good if its folder is gone', async () => {
    await begin('action=run_command(command="echo told")', 'pattern=x');
    stage.cluster.findJobWorkdir = () => Promise.resolve('/jobs/missing');
    await print('x\n');
    await pass(600_000);
    assert.deepEqual(await results(), ['action failed There is no /jobs/missing. Make the folder again.']);
    assert.deepEqual(commands(), []);
  });

  it('tells of processes that it has left in the background, and when they are ended', async () => {
    await begin('action=run_command(command="echo told", timeout=30)', 'pattern=x');
    stage.cluster.runCommand = () =>
      Promise.resolve({ exitCode: 0, timedOut: false, leavesProcesses: true, seconds: 1, output: 'told\n' });
    await print('x\n');
    assert.deepEqual(await results(), [
      'action ok exit code 0 (it left processes in the background, which are ended at its time limit of 30 s): told',
    ]);
  });

  it('says so if nobody can tell how it ended', async () => {
    await begin('action=run_command(command="echo told")', 'pattern=x');
    stage.cluster.runCommand = () =>
      Promise.resolve({
        ...{ exitCode: null, timedOut: false, seconds: null, output: 'half\0\n' },
        unknown: 'it was interrupted on login1',
      });
    await print('x\n');
    assert.deepEqual(await results(), [
      'action failed how the command ended is not known: it was interrupted on login1: half\ufffd',
    ]);
  });
});
