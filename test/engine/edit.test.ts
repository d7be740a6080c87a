// Editing watchers of jobs that go on: what holds from now on, what stays, what is told, and what is refused.
import assert from 'node:assert/strict';
import { ConsentNeeded, WatchError } from '../../engine/errors';
import type { Watcher } from '../../engine/model';
import { toDefinitionJson } from '../../language/json/definitionJson';
import { setStage, type Stage } from './play';

const logging = (pattern: string, extra = ''): string =>
  `#WATCHER name=seen pattern="${pattern}" interval=10s action=log_event(message="$0") ${extra}`;

describe('editing a watcher', () => {
  let stage: Stage;
  let id: string;
  const begin = async (script: string): Promise<void> => {
    stage = await setStage();
    id = await stage.submit(script);
    await stage.clock.advanceTo(5000);
  };
  afterEach(() => stage.engine.close());

  const pass = (ms: number): Promise<void> => stage.clock.advanceTo(stage.clock.now() + ms);
  const print = async (text: string, stream: 'stdout' | 'stderr' = 'stdout'): Promise<void> => {
    stage.cluster.print(id, text, stream);
    await pass(60_000);
  };
  const current = async (): Promise<Watcher> => {
    const [watcher] = await stage.engine.watchers({});
    assert.ok(watcher);
    return watcher;
  };
  const edit = async (changes: Record<string, unknown>, agreed?: string): Promise<Watcher> => {
    const watcher = await current();
    const known = toDefinitionJson(watcher.definition, { line: 1, endLine: 1 });
    const definition = JSON.stringify([{ ...known, ...changes }]);
    return stage.engine.edit({
      watcher: watcher.id,
      definition,
      ...(agreed === undefined ? {} : { agreed }),
    });
  };
  const log = { type: 'log_event', params: { message: 'now $0' } };
  const isRefused = (code: string, message: RegExp) => (error: unknown) =>
    error instanceof WatchError && error.code === code && message.test(error.message);

  it('holds from now on, and keeps position, counts and variables', async () => {
    await begin(logging('n=(\\d+)', 'captures=[n]'));
    await print('n=1\nm=1\n');
    const edited = await edit({ pattern: 'm=(\\d+)', captures: ['m'], actions: [log], cooldown: 5 });
    assert.equal(edited.progress.triggerCount, 1);
    assert.equal(edited.progress.position.stdout, 8);
    await print('n=2\nm=2\n');
    const { definition, progress } = await current();
    assert.deepEqual([definition.pattern, definition.cooldownSeconds], ['m=(\\d+)', 5]);
    assert.deepEqual([progress.triggerCount, progress.variables], [2, { n: '1', m: '2' }]);
    assert.deepEqual(await stage.lines(), [
      'log_event n=1',
      'state edited: pattern "n=(\\\\d+)" to "m=(\\\\d+)"; captures ["n"] to ["m"]; cooldown 0 to 5; ' +
        'actions log_event(message=$0) to log_event(message="now $0")',
      'log_event now m=2',
    ]);
    const [event] = await stage.store.events({ kind: 'state', watcher: edited.id });
    assert.deepEqual(event?.cause, { kind: 'wish', move: 'edit' });
  });

  it('is kept by an engine that comes later', async () => {
    await begin(logging('n=\\d+'));
    await edit({ pattern: 'm=\\d+' });
    await stage.restart();
    await print('n=1\nm=1\n');
    assert.equal((await stage.lines()).at(-1), 'log_event m=1');
  });

  it('tells and changes nothing if nothing is different', async () => {
    await begin(logging('n=\\d+'));
    const before = await current();
    assert.deepEqual(await edit({}), before);
    assert.deepEqual(await stage.lines(), []);
  });

  it('keeps the name if none is given', async () => {
    await begin(logging('n=\\d+'));
    const edited = await edit({ name: undefined, cooldown: 5 });
    assert.equal(edited.definition.name, 'seen');
  });

  it('reads an output that it did not read before from its end', async () => {
    await begin(`#SBATCH --error=err\n${logging('n=\\d+', 'output=stdout')}`);
    stage.cluster.print(id, 'n=1\n', 'stderr');
    await print('n=2\n');
    await edit({ output: 'both' });
    await print('n=3\n', 'stderr');
    assert.deepEqual(await stage.lines(), [
      'log_event n=2',
      'state edited: output_type "stdout" to "both"',
      'gap stderr: bytes 0 to 4 were not matched: the watcher reads it only since it was edited',
      'log_event n=3',
    ]);
  });

  it('goes on where it was if the same file has another name', async () => {
    await begin(logging('n=\\d+', 'output=stdout'));
    await print('n=1\n');
    await edit({ output: 'stderr' });
    await print('n=2\n');
    assert.deepEqual(
      (await stage.lines()).filter((line) => !line.startsWith('state')),
      ['log_event n=1', 'log_event n=2'],
    );
  });

  it('plans a timer by its new interval, and ends one that is no more', async () => {
    await begin(logging('n=\\d+', 'timer_mode_enabled=true timer_interval_seconds=1h'));
    await print('n=1\n');
    await edit({ timer_interval_seconds: 30 });
    await pass(31_000);
    assert.equal((await stage.lines()).filter((line) => line.startsWith('log_event')).length, 2);
    await edit({ timer_mode_enabled: false });
    await pass(600_000);
    assert.equal((await stage.lines()).filter((line) => line.startsWith('log_event')).length, 2);
  });

  it('ends a watcher that has triggered as often as it may now', async () => {
    await begin(logging('n=\\d+'));
    await print('n=1\nn=2\nn=3\n');
    const edited = await edit({ max_triggers: 2 });
    assert.equal(edited.progress.state, 'triggered');
    assert.equal((await stage.lines()).at(-1), 'state active to triggered: max_triggers (2) reached');
  });

  it('asks for what nobody has agreed to, and not for what somebody has', async () => {
    await begin(
      '#WATCHER name=seen pattern="n=\\d+" interval=10s action=run_command(command="make a; make b")',
    );
    const command = (text: string) => ({ actions: [{ type: 'run_command', params: { command: text } }] });
    await edit({ pattern: 'm=\\d+' });
    const asked = await edit(command('make c; make d')).catch((error: unknown) => error);
    assert.ok(asked instanceof ConsentNeeded);
    assert.match(asked.consent.powers[0]?.text ?? '', /make c; make d/);
    assert.equal((await current()).definition.actions[0]?.params['command'], 'make a; make b');
    await edit(command('make c; make d'), asked.consent.hash);
    await edit({ cooldown: 60 });
    assert.equal((await current()).definition.actions[0]?.params['command'], 'make c; make d');
  });

  it('is refused for what cannot work, and changes nothing', async () => {
    await begin(logging('n=\\d+'));
    await assert.rejects(edit({ pattern: '(' }), isRefused('bad-request', /missing \)/));
    const { id: watcher } = await current();
    await assert.rejects(
      stage.engine.edit({ watcher, definition: '[{"pattern":"a"},{"pattern":"b"}]' }),
      isRefused('bad-request', /One watcher has one definition/),
    );
    await assert.rejects(
      stage.engine.edit({ watcher: 'nobody', definition: '[{"pattern":"a"}]' }),
      isRefused('not-found', /No live job has a watcher nobody/),
    );
    assert.deepEqual(await stage.lines(), []);
  });

  it('is refused once the job has ended', async () => {
    await begin(logging('n=\\d+'));
    stage.cluster.end(id, 'COMPLETED');
    await pass(1100);
    assert.equal((await stage.engine.jobs({}))[0]?.phase, 'draining');
    await assert.rejects(edit({ cooldown: 5 }), isRefused('bad-request', /The job of "seen" has ended/));
    await pass(60_000);
    await assert.rejects(edit({ cooldown: 5 }), isRefused('not-found', /No live job/));
  });
});
