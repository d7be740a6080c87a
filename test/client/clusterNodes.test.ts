// The tree of clusters: groups of jobs, tasks under their array, and what is said in the place of jobs.
import assert from 'node:assert/strict';
import { describeCluster, describeReport } from '../../client/clusterWords';
import { ClusterNodes, type ClustersNode } from '../../client/trees/clusterNodes';
import type { ClusterStatus } from '../../engine/model';
import type { JobReport } from '../../engine/protocol';
import { toClusterStatus, toReport } from '../records';

const toJobReport = (part: Partial<JobReport> = {}): JobReport =>
  toReport({ partition: 'gpu', nodes: 'node1', timeLimitSeconds: 3600, ...part });
const waiting = { state: 'PENDING', started: null, nodes: '', reason: 'Resources' } as const;
const over = { state: 'FAILED', ended: 60_000, exitCode: '1:0' } as const;
const taskOf = (job: string, task: number, part: Partial<JobReport> = {}): JobReport =>
  toJobReport({ id: `${job}_${task}`, arrayTask: { job, task }, ...part });

describe('the nodes of the tree of clusters', () => {
  let nodes: ClusterNodes;
  beforeEach(() => {
    nodes = new ClusterNodes();
    nodes.setStatuses([toClusterStatus({ name: 'sandbox', kind: 'sandbox' }), toClusterStatus()]);
  });
  const list = (...reports: readonly JobReport[]): void => {
    nodes.setContent('big', {
      jobs: reports.map((report) => ({ report, key: null, watched: false })),
      trouble: undefined,
    });
  };
  /** Everything below the cluster, indented. */
  const draw = (node: ClustersNode = nodes.ofCluster('big'), depth = 0): string[] =>
    nodes.childrenOf(node).flatMap((child) => {
      const name =
        child.kind === 'jobGroup'
          ? child.group
          : child.kind === 'note'
            ? child.note
            : child.kind === 'clusterJob'
              ? child.job
              : child.cluster;
      return [`${'  '.repeat(depth)}${name}`, ...draw(child, depth + 1)];
    });

  it('are the clusters at first', () => {
    assert.deepEqual(nodes.childrenOf(undefined), [
      { kind: 'cluster', cluster: 'sandbox' },
      { kind: 'cluster', cluster: 'big' },
    ]);
  });

  it('group jobs by state, the newest first', () => {
    list(
      toJobReport({ id: '9', submitted: 1 }),
      toJobReport({ id: '10', submitted: 1 }),
      toJobReport({ id: '11', ...waiting }),
      toJobReport({ id: '7', ...over }),
      toJobReport({ id: '8', state: 'SUSPENDED' }),
    );
    assert.deepEqual(draw(), ['running', '  10', '  9', '  8', 'pending', '  11', 'ended', '  7']);
  });

  it('put tasks under their array, in their order', () => {
    const array = toJobReport({ id: '5', isArray: true, started: null });
    list(array, taskOf('5', 10), taskOf('5', 2, over), taskOf('5', 1), toJobReport({ id: '4' }));
    assert.deepEqual(draw(), ['running', '  5', '    5_1', '    5_2', '    5_10', '  4']);
  });

  it('show a task by itself where its array is not listed', () => {
    list(taskOf('5', 1));
    assert.deepEqual(draw(), ['running', '  5_1']);
  });

  it('say what there is in the place of jobs', () => {
    assert.deepEqual(draw(), ['asking']);
    list();
    assert.deepEqual(draw(), ['empty']);
    nodes.setContent('big', { jobs: undefined, trouble: 'It is away.' });
    assert.deepEqual(draw(), ['trouble']);
    nodes.update([toClusterStatus({ state: 'needs-sign-in' })]);
    assert.deepEqual(draw(), ['needsSignIn']);
  });

  it('are the same objects for ever, and know their parents', () => {
    list(toJobReport({ id: '5', isArray: true }), taskOf('5', 1));
    const [group] = nodes.childrenOf(nodes.ofCluster('big'));
    const [array] = nodes.childrenOf(group);
    const [task] = nodes.childrenOf(array);
    assert.ok(group && array && task);
    assert.equal(nodes.childrenOf(array)[0], task);
    assert.equal(nodes.parentOf(task), array);
    assert.equal(nodes.parentOf(array), group);
    assert.equal(nodes.parentOf(group), nodes.ofCluster('big'));
  });

  it('are drawn again alone where they look otherwise, and with their cluster where places changed', () => {
    const big = nodes.ofCluster('big');
    list(toJobReport(), toJobReport({ id: '2', ...waiting }));
    assert.deepEqual(nodes.findChanged('big', 0), [big]);
    assert.deepEqual(nodes.findChanged('big', 0), []);
    assert.deepEqual(nodes.findChanged('big', 1000), [{ kind: 'clusterJob', cluster: 'big', job: '1' }]);
    list(toJobReport(), toJobReport({ id: '2', ...waiting, reason: 'Priority' }));
    assert.deepEqual(nodes.findChanged('big', 1000), [{ kind: 'clusterJob', cluster: 'big', job: '2' }]);
    list(toJobReport(), toJobReport({ id: '2' }));
    assert.deepEqual(nodes.findChanged('big', 1000), [big]);
    nodes.setContent('big', { jobs: undefined, trouble: 'It is away.' });
    assert.deepEqual(nodes.findChanged('big', 1000), [big]);
  });

  it('take news of clusters, and keep their places and kinds', () => {
    nodes.update([
      toClusterStatus({ name: 'me@other', state: 'connecting' }),
      toClusterStatus({ name: 'sandbox', kind: 'ssh', commands: 1 }),
    ]);
    assert.deepEqual(
      nodes.statuses.map(({ name, kind }) => `${name} ${kind}`),
      ['sandbox sandbox', 'big ssh', 'me@other ssh'],
    );
    assert.equal(nodes.findStatus('sandbox')?.commands, 1);
  });
});

describe('words for clusters', () => {
  it('say where they are and how they are connected', () => {
    const say = (part: Partial<ClusterStatus>): string => describeCluster(toClusterStatus(part));
    assert.equal(say({ kind: 'sandbox' }), 'without Slurm');
    assert.equal(say({ kind: 'local' }), 'this computer · connected');
    assert.equal(say({ state: 'idle' }), '');
    assert.equal(say({ state: 'needs-sign-in' }), 'sign-in needed');
  });

  it('say of a job what matters in its state', () => {
    assert.equal(describeReport(toJobReport(), 180_000), '1 · 3 min of 1 h · gpu · node1');
    assert.equal(
      describeReport(toJobReport({ timeLimitSeconds: null, partition: '' }), 0),
      '1 · 0 s · node1',
    );
    assert.equal(describeReport(toJobReport(waiting), 0), '1 · Resources · gpu · limit 1 h');
    assert.equal(describeReport(toJobReport(over), 0), '1 · failed · after 1 min · exit code 1:0');
    assert.equal(
      describeReport(toJobReport({ state: 'SUSPENDED' }), 60_000),
      '1 · suspended · 1 min of 1 h · gpu · node1',
    );
  });
});
