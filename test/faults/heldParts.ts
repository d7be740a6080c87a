// The ports of an engine, each of which can be held before its work and after its answer.
import type { EngineParts } from '../../engine/engine';
import type { Cluster, ClusterDirectory, Matcher, Store } from '../../engine/ports';
import { hold } from './hold';
import type { Point } from './points';

export const holdParts = (parts: EngineParts): EngineParts => ({
  ...parts,
  store: holdStore(parts.store),
  matcher: holdMatcher(parts.matcher),
  clusters: holdClusters(parts.clusters),
});

async function between<Answer>(
  before: Point,
  work: () => Promise<Answer>,
  after: Point | null,
): Promise<Answer> {
  await hold(before);
  const answer = await work();
  if (after !== null) await hold(after);
  return answer;
}

const holdStore = (store: Store): Store => ({
  ...store,
  load: async () => {
    const state = await store.load();
    await hold('loaded');
    return state;
  },
  commit: async (changes) => {
    await between('committing', () => store.commit(changes), 'committed');
    if (changes.some(({ kind }) => kind === 'outbox')) await hold('entrusted');
  },
});

const holdMatcher = (matcher: Matcher): Matcher => ({
  ...matcher,
  match: (request) => between('read', () => matcher.match(request), 'matched'),
});

const holdClusters = (clusters: ClusterDirectory): ClusterDirectory => ({
  ...clusters,
  open: async (name) => {
    const opened = await clusters.open(name);
    return { ...opened, cluster: holdCluster(opened.cluster) };
  },
});

const holdCluster = (cluster: Cluster): Cluster => ({
  name: cluster.name,
  kind: cluster.kind,
  traits: cluster.traits,
  get connection() {
    return cluster.connection;
  },
  get commands() {
    return cluster.commands;
  },
  get reads() {
    return cluster.reads;
  },
  findPrivateFolder: () => cluster.findPrivateFolder(),
  setUp: (commands, workdir) => cluster.setUp(commands, workdir),
  submit: (submission) => between('submitting', () => cluster.submit(submission), 'submitted'),
  findSubmission: (submission) => cluster.findSubmission(submission),
  query: (ids, onSilence) => between('asking', () => cluster.query(ids, onSilence), 'asked'),
  get others() {
    return cluster.others;
  },
  appendsByDefault: () => cluster.appendsByDefault(),
  findOpenMode: (id) => cluster.findOpenMode(id),
  listJobs: () => cluster.listJobs(),
  read: (requests) => between('reading', () => cluster.read(requests), null),
  cancel: (id) => between('acting', () => cluster.cancel(id), 'acted'),
  findJobWorkdir: (id) => cluster.findJobWorkdir(id),
  runCommand: (command) => between('acting', () => cluster.runCommand(command), 'acted'),
  findCommand: (command) => cluster.findCommand(command),
  sendMail: (mail) => between('acting', () => cluster.sendMail(mail), 'acted'),
  close: () => cluster.close(),
});
