// Testing patterns on the output of a job: what its bytes match is found by the engine, and what is shown is no more than that.
import assert from 'node:assert/strict';
import { testOnJob, type TestOutcome } from '../../client/patternTest/jobTest';
import type { EngineLink } from '../../engine/link/greet';
import type { OutputRequest, DryRunRequest } from '../../engine/protocol';
import { toOutputText } from '../../engine/host/outputText';
import { parseScript } from '../../language/script';
import { setStage, type Stage } from '../engine/play';

describe('testing patterns on a job', () => {
  let stage: Stage;
  let id: string;
  beforeEach(async () => {
    stage = await setStage();
    id = await stage.submit('#SBATCH --job-name=x');
    await stage.clock.advanceTo(5000);
  });
  afterEach(() => stage.engine.close());

  const asked: string[] = [];
  const engine = {
    request: async (method: string, params: unknown) => {
      asked.push(method);
      if (method === 'engine/dryRun') return stage.engine.dryRun(params as DryRunRequest);
      return toOutputText(await stage.engine.readOutput(params as OutputRequest));
    },
  } as unknown as Pick<EngineLink, 'request'>;
  const test = (script: string, isCalledOff = () => false): Promise<TestOutcome | undefined> =>
    testOnJob(
      engine,
      {
        job: { cluster: 'fake', job: id },
        watchers: parseScript(script).watchers.map(({ definition }) => ({ definition, lines: null })),
        tickMs: 1000,
      },
      isCalledOff,
    );
  const matched = (outcome: TestOutcome | undefined): string[] =>
    (outcome?.entries ?? []).flatMap((entry) => (entry.kind === 'match' ? [entry.matchedText] : []));

  it('matches its bytes, also those that are no text, wherever they stand', async () => {
    // The stray bytes begin the second piece that is fetched: as text they would be taken for the end of a character.
    const filler = `${'x'.repeat(99)}\n`.repeat(10_485);
    const rest = (1 << 20) - filler.length - 2;
    const line = Buffer.from('a\x80\x80b\n', 'latin1');
    stage.cluster.print(id, Buffer.concat([Buffer.from(filler + 'y'.repeat(rest) + '\n'), line]));
    assert.deepEqual(matched(await test('#WATCHER pattern="^a..b$" action=log_event')), ['a\ufffd\ufffdb']);
  });

  it('shows as much as was gone through, of both outputs, and whether the job goes on', async () => {
    stage.cluster.print(id, 'n=1\nn=2');
    const running = await test('#WATCHER pattern="n=\\d" action=log_event');
    assert.deepEqual([running?.outputs.stdout, running?.endState], ['n=1\nn=2', null]);
    assert.deepEqual(matched(running), ['n=1']);
    stage.cluster.end(id, 'FAILED');
    await stage.clock.advanceTo(120_000);
    const ended = await test('#WATCHER pattern="n=\\d" action=log_event');
    assert.deepEqual([ended?.endState, matched(ended)], ['failed', ['n=1', 'n=2']]);
  });

  it('takes watchers with actions that this version cannot run: nothing is run', async () => {
    stage.cluster.print(id, 'x\n');
    const outcome = await test('#WATCHER pattern="x" action=notify_slack(message="hi")');
    assert.deepEqual(matched(outcome), ['x']);
  });

  it('fetches nothing more once it was called off', async () => {
    stage.cluster.print(id, 'x\n');
    asked.length = 0;
    assert.equal(await test('#WATCHER pattern="x" action=log_event', () => true), undefined);
    assert.deepEqual(asked, ['engine/dryRun']);
  });
});
