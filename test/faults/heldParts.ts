// The ports of an engine, each of which can be held before its work and after its answer.
import { rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { OutsideActions } from '../../engine/actions/action';
import type { EngineParts } from '../../engine/engine';
import type {
  Cluster,
  ClusterCommand,
  ClusterDirectory,
  CommandOutcome,
  Matcher,
  Store,
} from '../../engine/ports';
import { hold } from './hold';
import { commandFile, type Point } from './points';

export const holdParts = (parts: EngineParts): EngineParts => ({
  ...parts,
  actions: holdActions(parts.actions),
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

function holdActions(actions: OutsideActions): OutsideActions {
  const { notify_slack: slack } = actions;
  if (!slack) return actions;
  const run: typeof slack.run = (params, place) =>
    between('posting', () => slack.run(params, place), 'posted');
  return { ...actions, notify_slack: { ...slack, run } };
}

const holdStore = (store: Store): Store => ({
  ...store,
  load: async () => {
    const state = await store.load();
    await hold('loaded');
    return state;
  },
  commit: async (changes) => {
    const begins = changes.some((change) => change.kind === 'outbox' && change.entry.started);
    if (begins) await hold('marking');
    await between('committing', () => store.commit(changes), 'committed');
    if (begins) await hold('marked');
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
  setUp: (commands, workdir, tell) => cluster.setUp(commands, workdir, tell),
  submit: (submission) =>
    submission.watchers === undefined
      ? between('submitting', () => cluster.submit(submission), 'submitted')
      : between('resubmitting', () => cluster.submit(submission), 'resubmitted'),
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
  runCommand: (command) => runCommand(cluster, command),
  findCommand: (command) => between('seeking', () => cluster.findCommand(command), 'found'),
  sendMail: (mail) => between('mailing', () => cluster.sendMail(mail), 'mailed'),
  close: () => cluster.close(),
});

/** Within this time a command is likely to have begun, ms; it takes longer than that. */
const beginningMs = 300;

async function runCommand(cluster: Cluster, command: ClusterCommand): Promise<CommandOutcome> {
  await hold('commanding');
  const running = cluster.runCommand(command);
  const ended = running.then(
    () => true,
    () => true,
  );
  if ((await Promise.race([ended, delay(beginningMs)])) !== true) {
    writeFileSync(commandFile, '');
    await hold('claimed');
  }
  try {
    return await running;
  } finally {
    rmSync(commandFile, { force: true });
    await hold('commanded');
  }
}
