// Nodes of trees: they keep their identity, and only what changed is drawn again.
import assert from 'node:assert/strict';
import { EventNodes } from '../../client/trees/eventNodes';
import { StableNodes } from '../../client/trees/stableNodes';
import type { WatchEvent } from '../../engine/model';
import { toEvent } from '../records';

interface Thing {
  readonly name: string;
}

function createTree() {
  const state = {
    below: { '': ['a', 'b'], a: ['a1', 'a2'] } as Record<string, string[]>,
    looks: {} as Record<string, string>,
  };
  const nodes: StableNodes<Thing> = new StableNodes<Thing>({
    childrenOf: (node) => (state.below[node?.name ?? ''] ?? []).map((name) => nodes.keep({ name })),
    describe: ({ name }) => state.looks[name] ?? '',
  });
  const changed = (root?: Thing): string[] | string => {
    const found = nodes.findChanged(root, 0);
    return found === 'all' ? found : found.map(({ name }) => name);
  };
  return { state, nodes, changed };
}

describe('nodes of trees', () => {
  it('are all drawn at first, and then none without news', () => {
    const { changed } = createTree();
    assert.equal(changed(), 'all');
    assert.deepEqual(changed(), []);
  });

  it('are drawn alone if they look otherwise', () => {
    const { state, changed } = createTree();
    changed();
    state.looks['a2'] = 'other';
    assert.deepEqual(changed(), ['a2']);
    state.looks['a'] = 'other';
    assert.deepEqual(changed(), ['a']);
  });

  it('are drawn with what stands right above them if they come, go or change places', () => {
    const { state, changed } = createTree();
    changed();
    state.below['a'] = ['a2', 'a1'];
    assert.deepEqual(changed(), ['a']);
    state.below['a'] = ['a2'];
    assert.deepEqual(changed(), ['a']);
    state.below['a'] = ['a2', 'a3'];
    assert.deepEqual(changed(), ['a', 'a3']);
    state.below[''] = ['b', 'a'];
    assert.equal(changed(), 'all');
  });

  it('keep their identity, until they are gone', () => {
    const { state, nodes, changed } = createTree();
    changed();
    const node = nodes.keep({ name: 'a1' });
    assert.equal(nodes.keep({ name: 'a1' }), node);
    state.below['a'] = [];
    changed();
    assert.notEqual(nodes.keep({ name: 'a1' }), node);
  });

  it('of one part are judged by themselves', () => {
    const { state, nodes, changed } = createTree();
    const a = nodes.keep({ name: 'a' });
    assert.equal(changed(a), 'all');
    state.below[''] = ['a'];
    state.looks['a'] = 'other';
    assert.deepEqual(changed(a), []);
    state.looks['a1'] = 'other';
    assert.deepEqual(changed(a), ['a1']);
  });
});

describe('the nodes of the list of events', () => {
  it('are the newest first, stay the same, and are drawn only if there is news', () => {
    let events: readonly WatchEvent[] = [1, 2].map((id) => toEvent({ id }));
    const nodes = new EventNodes(() => events);
    assert.equal(nodes.findChanged(0), 'all');
    const [two, one] = nodes.childrenOf(undefined);
    assert.deepEqual([two?.event, one?.event], [2, 1]);
    assert.deepEqual(nodes.findChanged(60_000), []);
    events = [2, 3].map((id) => toEvent({ id }));
    assert.equal(nodes.findChanged(60_000), 'all');
    assert.equal(nodes.childrenOf(undefined)[1], two);
  });
});
