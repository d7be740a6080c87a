// Output at which engines ended without a word: what the next one makes of the record, and what watchers are told.
import assert from 'node:assert/strict';
import { Attempts } from '../../engine/attempts';
import type { WorkRecord } from '../../engine/ports';
import { setStage } from './play';

/** A file that engines have after one another. */
function createRecord(): WorkRecord & { kept: string | null } {
  const record: WorkRecord & { kept: string | null } = {
    kept: null,
    read: () => record.kept,
    write: (text) => (record.kept = text),
  };
  return record;
}

const file = { job: 'job', path: '/out' };

describe('what an engine works on', () => {
  it('is nothing to its successor if it was done', () => {
    const record = createRecord();
    new Attempts(record).begin([{ ...file, from: 0, to: 100 }])();
    assert.equal(new Attempts(record).isSuspect(file), false);
  });

  it('is tried alone after one death, and skipped after two', () => {
    const record = createRecord();
    new Attempts(record).begin([{ ...file, from: 100, to: 200 }]);
    const second = new Attempts(record);
    assert.equal(second.isSuspect(file), true);
    assert.equal(second.isDeadly(file, 100), false);
    second.begin([{ ...file, from: 100, to: 150 }]);
    const third = new Attempts(record);
    assert.equal(third.isDeadly(file, 100), true);
    assert.equal(third.isDeadly(file, 150), false);
    assert.equal(third.findEnd(file, 0), 100);
    assert.equal(third.isSuspect({ ...file, path: '/other' }), false);
  });

  it('is no suspect any more where the second try went well', () => {
    const record = createRecord();
    new Attempts(record).begin([{ ...file, from: 100, to: 200 }]);
    const second = new Attempts(record);
    second.begin([{ ...file, from: 100, to: 150 }])();
    assert.equal(second.isSuspect(file), true);
    second.begin([{ ...file, from: 150, to: 400 }])();
    assert.equal(second.isSuspect(file), false);
    assert.equal(new Attempts(record).isSuspect(file), false);
  });

  it('stays a suspect while other engines come and go', () => {
    const record = createRecord();
    new Attempts(record).begin([{ ...file, from: 100, to: 200 }]);
    new Attempts(record);
    new Attempts(record).begin([{ ...file, from: 100, to: 200 }]);
    assert.equal(new Attempts(record).isDeadly(file, 100), true);
  });

  it('is nothing where the record cannot be read', () => {
    for (const kept of ['', '{', 'null', '[]', '{"running":[1,{"job":2}],"suspects":{}}']) {
      const record = { ...createRecord(), read: () => kept };
      assert.equal(new Attempts(record).isSuspect(file), false, kept);
    }
  });
});

describe('output at which two engines ended', () => {
  it('is skipped with a gap, and what follows is matched', async () => {
    const record = createRecord();
    const stage = await setStage({ workRecord: record });
    const id = await stage.submit(
      '#WATCHER pattern="loss: (\\S+)" interval=1s action=log_event(message="$1")',
    );
    await stage.clock.advanceTo(1000);
    const [job] = await stage.engine.jobs({});
    assert.ok(job?.outputs.stdout);
    const { key, outputs } = job;
    const running = [{ job: key, path: outputs.stdout, from: 0, to: 8 }];
    record.kept = JSON.stringify({ suspects: running.map((work) => ({ ...work, deaths: 1 })), running });
    await stage.restart();
    stage.cluster.print(id, 'loss: 1\n');
    await stage.clock.advanceTo(5000);
    stage.cluster.print(id, 'loss: 2\n');
    await stage.clock.advanceTo(10_000);
    assert.deepEqual(await stage.lines(), [
      'gap stdout: bytes 0 to 8 were not matched: the engine ended or hung twice while it worked on it; later output is matched again',
      'log_event 2',
    ]);
  });

  it('is skipped with the whole line in which it begins', async () => {
    const record = createRecord();
    const stage = await setStage({ workRecord: record });
    const id = await stage.submit(
      '#WATCHER pattern="loss: (\\S+)" interval=1s action=log_event(message="$1")',
    );
    await stage.clock.advanceTo(1000);
    const [job] = await stage.engine.jobs({});
    assert.ok(job?.outputs.stdout);
    // A read ended in the second line, and engines died at what followed.
    const deadly = { job: job.key, path: job.outputs.stdout, from: 10, to: 16, deaths: 2 };
    record.kept = JSON.stringify({ suspects: [deadly], running: [] });
    await stage.restart();
    stage.cluster.print(id, 'loss: 1\nloss: 2\n');
    await stage.clock.advanceTo(5000);
    stage.cluster.print(id, 'loss: 3\n');
    await stage.clock.advanceTo(10_000);
    assert.deepEqual(await stage.lines(), [
      'log_event 1',
      'gap stdout: bytes 8 to 16 were not matched: the engine ended or hung twice while it worked on it; later output is matched again',
      'log_event 3',
    ]);
  });
});
