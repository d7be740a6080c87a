// Where in an output the match of an event was: what a page that shows the output marks.
import assert from 'node:assert/strict';
import type { OutputPlace, WatchEvent } from '../../engine/model';
import { setStage, type Stage } from './play';
import { ownActions } from './ownActions';

describe('the place of a match', () => {
  let stage: Stage;
  let id: string;
  const begin = async (script: string, parts: Parameters<typeof setStage>[0] = {}): Promise<void> => {
    stage = await setStage(parts);
    id = await stage.submit(script);
    await stage.clock.advanceTo(5000);
  };
  afterEach(() => stage.engine.close());
  const print = async (text: string, stream: 'stdout' | 'stderr' = 'stdout'): Promise<void> => {
    stage.cluster.print(id, text, stream);
    await stage.clock.advanceTo(stage.clock.now() + 60_000);
  };
  const placesOf = async (kind: WatchEvent['kind']): Promise<(OutputPlace | null)[]> =>
    (await stage.store.events({ kind })).filter(({ watcher }) => watcher !== null).map(({ place }) => place);

  it('is its line, and the refresh of it, in the output that has it', async () => {
    await begin('#SBATCH --error=err\n#WATCHER pattern="n=\\d" output=both interval=10s action=log_event');
    await print('nothing\nn=1\n');
    await print('10%\rn=2\rn=3\n', 'stderr');
    const expected = [
      { stream: 'stdout', line: 8, segment: 8 },
      { stream: 'stderr', line: 0, segment: 8 },
    ];
    assert.deepEqual(await placesOf('trigger'), expected);
    assert.deepEqual(await placesOf('action'), expected);
  });

  it('is that of the trigger for what waits in the outbox, over a restart', async () => {
    const findObstacle = (): Promise<string> => Promise.resolve('Somebody has to give something.');
    await begin('#WATCHER pattern="n=\\d" interval=10s action=run_command(command="date")', {
      actions: { ...ownActions, run_command: { findObstacle, run: () => assert.fail('it waits') } },
    });
    await print('\nn=1\n');
    await stage.restart();
    const { outbox } = await stage.store.load();
    assert.deepEqual(
      outbox.map(({ place }) => place),
      [{ stream: 'stdout', line: 1, segment: 1 }],
    );
  });

  it('is that of the last match for a trigger by hand, and nothing for a timer and the end of a job', async () => {
    await begin(
      '#WATCHER pattern="n=\\d" interval=10s timer_mode_enabled=true timer_interval_seconds=30s action=log_event',
    );
    await print('n=1\nn=2\n');
    const [watcher] = await stage.engine.watchers({});
    await stage.engine.trigger([watcher?.id ?? '']);
    assert.deepEqual(await placesOf('trigger'), [
      { stream: 'stdout', line: 0, segment: 0 },
      null,
      { stream: 'stdout', line: 4, segment: 4 },
    ]);
  });
});
