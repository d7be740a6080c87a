// The tree of watchers draws what has changed, and nothing else.
import assert from 'node:assert/strict';
import { Mirror } from '../../engine/link/mirror';
import { Nodes } from '../../client/trees/watchersNodes';
import { toJob, toWatcher } from '../records';

const now = 1_000_000;
const news = { jobs: [], watchers: [], removedWatchers: [], events: [] };

function createTree() {
  const mirror = new Mirror();
  mirror.replace({ jobs: [toJob({ started: now })], watchers: [toWatcher()], events: [] });
  const nodes = new Nodes(mirror);
  return { mirror, nodes };
}

describe('the nodes of the tree of watchers', () => {
  it('are all drawn at first, and then none without news', () => {
    const { nodes } = createTree();
    assert.equal(nodes.findChanged(now), 'all');
    assert.deepEqual(nodes.findChanged(now), []);
  });

  it('are the same objects for ever', () => {
    const { nodes } = createTree();
    const [job] = nodes.childrenOf(undefined);
    assert.ok(job);
    assert.equal(nodes.childrenOf(undefined)[0], job);
    const [watcher] = nodes.childrenOf(job);
    assert.ok(watcher);
    assert.equal(nodes.childrenOf(job)[0], watcher);
    assert.equal(nodes.parentOf(watcher), job);
  });

  it('are drawn alone where they have changed', () => {
    const { mirror, nodes } = createTree();
    nodes.findChanged(now);
    mirror.apply({ ...news, watchers: [toWatcher({}, { triggerCount: 1 })] });
    assert.deepEqual(nodes.findChanged(now), [{ kind: 'watcher', watcher: 'w1' }]);
  });

  it('are drawn as their ages grow', () => {
    const { nodes } = createTree();
    nodes.findChanged(now);
    assert.deepEqual(nodes.findChanged(now + 60_000), [{ kind: 'job', job: 'sandbox 12' }]);
  });

  it('are drawn with their job where watchers come and go', () => {
    const { mirror, nodes } = createTree();
    nodes.findChanged(now);
    mirror.apply({ ...news, removedWatchers: ['w1'] });
    assert.deepEqual(nodes.findChanged(now), [{ kind: 'job', job: 'sandbox 12' }]);
  });

  it('put live jobs first, then those that ended, newest first', () => {
    const { mirror, nodes } = createTree();
    const jobs = [
      toJob({ key: 'old', phase: 'ended', submitted: 1 }),
      toJob({ key: 'new', phase: 'ended', submitted: 2 }),
    ];
    mirror.apply({ ...news, jobs });
    assert.deepEqual(
      nodes.childrenOf(undefined),
      ['sandbox 12', 'new', 'old'].map((job) => ({ kind: 'job', job })),
    );
  });

  describe('of an array', () => {
    const array = toJob({ key: 'array', id: '5', isArray: true });
    const taskOf = (task: number, part: Partial<Parameters<typeof toJob>[0]> = {}) =>
      toJob({ key: `array_${task}`, id: `5_${task}`, parent: 'array', ...part });
    const template = { ...toWatcher(), id: 't', job: 'array' };
    const own = { ...toWatcher(), id: 'w', job: 'array_2' };
    let mirror: Mirror;
    let nodes: Nodes;
    beforeEach(() => {
      mirror = new Mirror();
      mirror.replace({ jobs: [array, taskOf(10), taskOf(2)], watchers: [template, own], events: [] });
      nodes = new Nodes(mirror);
    });

    it('are its tasks in their order, and what each of them gets', () => {
      assert.deepEqual(nodes.childrenOf(undefined), [{ kind: 'job', job: 'array' }]);
      assert.deepEqual(nodes.childrenOf(nodes.ofJob('array')), [
        { kind: 'job', job: 'array_2' },
        { kind: 'job', job: 'array_10' },
        { kind: 'watcher', watcher: 't' },
      ]);
      const task = nodes.ofJob('array_2');
      assert.equal(nodes.parentOf(task), nodes.ofJob('array'));
      assert.deepEqual(nodes.childrenOf(task), [{ kind: 'watcher', watcher: 'w' }]);
    });

    it('stand by themselves where their array is not known', () => {
      mirror.replace({ jobs: [taskOf(1)], watchers: [], events: [] });
      assert.deepEqual(nodes.childrenOf(undefined), [{ kind: 'job', job: 'array_1' }]);
      assert.equal(nodes.parentOf(nodes.ofJob('array_1')), undefined);
    });

    it('are drawn with it where tasks come, and alone where they change', () => {
      nodes.findChanged(now);
      mirror.apply({ ...news, jobs: [taskOf(3)] });
      assert.deepEqual(nodes.findChanged(now), [nodes.ofJob('array'), nodes.ofJob('array_3')]);
      mirror.apply({ ...news, watchers: [{ ...own, progress: { ...own.progress, triggerCount: 1 } }] });
      assert.deepEqual(nodes.findChanged(now), [nodes.ofJob('array_2'), { kind: 'watcher', watcher: 'w' }]);
    });
  });
});
