// Whether the holder of a generation is still there, by every kind of evidence.
import assert from 'node:assert/strict';
import type { GenerationRecord } from '../../../engine/link/generationRecord';
import { judgeHolder, type Circumstances } from '../../../engine/link/holder';

const machine = { id: 'm', name: 'login1', boot: 'b', space: 'pid:[1]' };
const record: GenerationRecord = {
  generation: 1,
  machine,
  pid: 42,
  processStart: '1000',
  version: '1.0.0',
  protocol: 1,
  bundle: '/bundle',
  address: null,
  beat: '',
  ended: null,
};

function judge(its: Partial<GenerationRecord> | null, given: Partial<Circumstances> = {}): string {
  return judgeHolder(its === null ? null : { ...record, ...its }, {
    machine,
    findProcess: () => ({ start: '1000' }),
    age: 5_000,
    leaseMs: 60_000,
    ...given,
  });
}

describe('the holder of a generation', () => {
  it('is here while its process lives', () => {
    assert.equal(judge({}), 'here');
  });

  it('is gone when its process is, or another one has its id', () => {
    assert.equal(judge({}, { findProcess: () => null }), 'gone');
    assert.equal(judge({}, { findProcess: () => ({ start: '2000' }) }), 'gone');
  });

  it('gets the benefit of the doubt where start times are unknown', () => {
    assert.equal(judge({}, { findProcess: () => ({ start: null }) }), 'here');
    assert.equal(judge({ processStart: null }), 'here');
  });

  it('is gone when it said so', () => {
    assert.equal(judge({ ended: { end: 'asked', error: null } }), 'gone');
  });

  it('is gone when the machine was booted since, under the same name', () => {
    assert.equal(judge({ machine: { ...machine, boot: 'former' } }), 'gone');
  });

  it('is elsewhere on another machine, though both come from one image', () => {
    assert.equal(judge({ machine: { ...machine, name: 'login2', boot: 'other' } }), 'elsewhere');
    assert.equal(judge({ machine: { id: 'n', name: 'login2', boot: 'other', space: null } }), 'elsewhere');
  });

  it('is elsewhere in another container, where its process cannot be seen', () => {
    const given = { findProcess: () => null };
    assert.equal(judge({ machine: { ...machine, space: 'pid:[2]' } }, given), 'elsewhere');
  });

  it('is here although the machine changed its name', () => {
    assert.equal(judge({ machine: { ...machine, name: 'laptop.lan' } }), 'here');
  });

  it('is told by machine and name where boots have no id', () => {
    const windows = { id: 'PC', name: 'PC', boot: null, space: null };
    assert.equal(judge({ machine: windows }, { machine: windows }), 'here');
    assert.equal(
      judge({ machine: windows }, { machine: { ...windows, id: 'PC2', name: 'PC2' } }),
      'elsewhere',
    );
  });

  it('is stale without a sign of life for longer than a lease, wherever', () => {
    const given = { age: 60_001 };
    assert.equal(judge({}, given), 'stale');
    assert.equal(judge({ machine: { ...machine, name: 'login2', boot: 'other' } }, given), 'stale');
    assert.equal(judge({}, { age: 60_000 }), 'here');
  });

  it('is judged by its lease alone while its record cannot be read', () => {
    assert.equal(judge(null), 'elsewhere');
    assert.equal(judge(null, { age: 60_001 }), 'stale');
  });
});
