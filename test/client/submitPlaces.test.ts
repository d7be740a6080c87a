// Where scripts were submitted last is remembered for each of them.
import assert from 'node:assert/strict';
import { createSubmitPlaces } from '../../client/submitPlaces';

describe('the places of scripts', () => {
  const memory = new Map<string, unknown>();
  const places = createSubmitPlaces({
    get: (key) => memory.get(key),
    update: (key, value) => Promise.resolve(void memory.set(key, value)),
  });
  beforeEach(() => {
    memory.clear();
  });

  it('are the last cluster, and a folder on each', async () => {
    await places.remember('a.sh', 'big', '/runs');
    await places.remember('a.sh', 'small', '/home/me');
    await places.remember('a.sh', 'sandbox', null);
    assert.equal(places.findCluster('a.sh'), 'sandbox');
    assert.equal(places.findWorkdir('a.sh', 'big'), '/runs');
    assert.equal(places.findWorkdir('a.sh', 'small'), '/home/me');
    assert.equal(places.findWorkdir('a.sh', 'sandbox'), undefined);
    assert.equal(places.findCluster('b.sh'), undefined);
  });

  it('are forgotten when there are many newer ones', async () => {
    await places.remember('old.sh', 'big', '/runs');
    for (let n = 0; n < 199; n++) await places.remember(`${n}.sh`, 'big', '/runs');
    assert.equal(places.findCluster('old.sh'), 'big');
    await places.remember('new.sh', 'big', '/runs');
    assert.equal(places.findCluster('old.sh'), undefined);
    assert.equal(places.findCluster('new.sh'), 'big');
  });
});
