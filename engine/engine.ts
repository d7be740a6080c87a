// The face of the engine: everything that clients may ask, over the loops of its clusters and one ledger.
import type { OutsideActions } from './actions/action';
import { attach } from './attach';
import { Attempts } from './attempts';
import { dryRunJob } from './dryRunJob';
import { WatchError } from './errors';
import { Ledger, type Listener } from './ledger';
import type { MetricName, MetricNamesRequest, MetricSeries, SeriesRequest } from './metricSeries';
import { ClusterLoops } from './clusterLoops';
import { createConsentMemory, createConsents } from './consent';
import type { ClusterStatus, Job, JobKey, Metric, Watcher, WatchEvent } from './model';
import { edit, type EditPlace } from './edit';
import { checkSecret } from './notificationSecrets';
import type {
  AgreedPower,
  Clock,
  ClusterDirectory,
  ConsentRecord,
  EventFilter,
  Ids,
  JobFilter,
  JobReport,
  Matcher,
  MetricFilter,
  SecretName,
  Secrets,
  Store,
  WatcherFilter,
  WorkRecord,
} from './ports';
import type {
  AttachRequest,
  DryRunAnswer,
  EditRequest,
  DryRunRequest,
  ClusterJob,
  CountLinesRequest,
  Followed,
  FollowRequest,
  LineCount,
  OutputRequest,
  PendingAction,
  SearchAnswer,
  SearchRequest,
  SubmitRequest,
  Submitted,
  WaitingActions,
} from './protocol';
import { toFollowWish, type TakeNews } from './followOutput';
import { findPending, findWaiting } from './pendingActions';
import { readOutput, type OutputPiece } from './output';
import { countLines, searchOutput } from './scanOutput';
import { describeCaller, prepareSubmission, submit } from './submit';
import { findResumePlaces } from './resume';
import { createWishes, findWatcher, type Wishes } from './wishes';

/** A cluster's clock and ours may differ so much, in milliseconds. */
const clockSkewMs = 600_000;

export interface EngineParts {
  readonly clusters: ClusterDirectory;
  readonly store: Store;
  readonly matcher: Matcher;
  readonly clock: Clock;
  readonly ids: Ids;
  /** A number from 0 to 1. */
  readonly random: () => number;
  /** Where it is kept what the engine works on; nowhere if absent. */
  readonly workRecord?: WorkRecord;
  /** Those that reach outside. */
  readonly actions: OutsideActions;
  /** What was agreed to; for as long as the engine runs if absent. */
  readonly consentRecord?: ConsentRecord;
  /** Names of commands that run without consent; the default list if absent or undefined. */
  readonly allowedCommands?: () => readonly string[] | undefined;
  /** The setting of whom mail is sent to that names nobody; absent: there is none. */
  readonly mailTo?: () => string | null | undefined;
  /** The hosts of webhooks that the settings name beside Slack's own; none if absent, null or undefined. */
  readonly slackHosts?: () => readonly string[] | null | undefined;
  /** Those of notifications; without it scripts are kept as they are. */
  readonly secrets?: Secrets;
}

export interface Engine extends Wishes {
  /** `by`: who asks, in words, for the job's events. `tell`: given what the login set-up prints as it comes. */
  submit(request: SubmitRequest, by?: string, tell?: (text: string) => void): Promise<Submitted>;
  attach(request: AttachRequest): Promise<Submitted>;
  /** Gives the watcher as it is then. */
  edit(request: EditRequest): Promise<Watcher>;
  /** What watchers would do on the output of a job; nothing is done. */
  dryRun(request: DryRunRequest): Promise<DryRunAnswer>;
  jobs(filter: JobFilter): Promise<readonly Job[]>;
  watchers(filter: WatcherFilter): Promise<readonly Watcher[]>;
  events(filter: EventFilter): Promise<readonly WatchEvent[]>;
  metrics(filter: MetricFilter): Promise<readonly Metric[]>;
  metricSeries(request: SeriesRequest): Promise<readonly MetricSeries[]>;
  metricNames(request: MetricNamesRequest): Promise<readonly MetricName[]>;
  /** Any job of the cluster, also one that is not watched. */
  cancelJob(cluster: string, job: string, by?: string): Promise<void>;
  /** Those in use. */
  readonly clusters: readonly ClusterStatus[];
  /** All that there are; connects to none. */
  listClusters(): Promise<readonly ClusterStatus[]>;
  /** Connects, and asks the scheduler something: what works then works. */
  signIn(cluster: string): Promise<ClusterStatus>;
  /** What the scheduler knows of the user's jobs now. `background`: no person has asked for it. */
  clusterJobs(cluster: string, background: boolean): Promise<readonly ClusterJob[]>;
  readOutput(request: OutputRequest): Promise<OutputPiece>;
  /** `take` is told what is new, until `end` is called or the job has ended. */
  follow(
    request: FollowRequest,
    take: TakeNews,
  ): Promise<{ readonly followed: Followed; readonly end: () => void }>;
  searchOutput(request: SearchRequest): Promise<SearchAnswer>;
  countLines(request: CountLinesRequest): Promise<LineCount>;
  /** As an opened cluster's. */
  findWorkdir(cluster: string, path: string | null): Promise<string>;
  /** What clients say of clusters has changed. */
  refresh(): void;
  /** Somebody has come who may know what clusters that wait for a person want to know. */
  retrySignIns(): void;
  /** A person hands over what notifications need; null: it is forgotten. Throws bad-request if it cannot be that. */
  setSecret(name: SecretName, value: string | null): Promise<void>;
  /** What was agreed to, the newest first. */
  agreements(): readonly AgreedPower[];
  /** As `Consents.withdraw`. */
  withdrawConsent(keys: readonly string[] | null): Promise<readonly AgreedPower[]>;
  readonly activeWatchers: number;
  /** Actions outside that run, or are tried again by themselves. */
  readonly pendingActions: number;
  /** What of a job and its tasks is still to be done. */
  pendingOf(job: JobKey): readonly PendingAction[];
  /** Actions that something keeps from being done. */
  readonly waiting: readonly WaitingActions[];
  /** Tells what has been committed; the returned function ends it. */
  onChange(listener: Listener): () => void;
  /** Finishes the running ticks and closes everything; watchers go on with the next engine. */
  close(): Promise<void>;
}

const noRecord: WorkRecord = { read: () => null, write: () => undefined };

/** Loads what an engine before left, and goes on with it. */
export async function startEngine(parts: EngineParts): Promise<Engine> {
  const { store, matcher, clock, ids, actions, secrets } = parts;
  const ledger = await Ledger.open(store, { clock, ids });
  const consents = createConsents({
    record: parts.consentRecord ?? createConsentMemory(),
    allowedCommands: parts.allowedCommands ?? (() => undefined),
    mailTo: parts.mailTo ?? (() => undefined),
    now: () => clock.now(),
  });
  const loops = new ClusterLoops({
    ...parts,
    ledger,
    consents,
    attempts: new Attempts(parts.workRecord ?? noRecord),
    onStatus: (status) => {
      ledger.tellStatus(status);
    },
  });
  await ledger.reportTrouble();
  loops.resume();
  // Whoever starts an engine wants something watched.
  matcher.prepare();

  return {
    submit: async (request, by, tell) => {
      const loop = await loops.find(request.cluster);
      const place = { ledger, ids, now: () => clock.now() };
      const prepared = await loop.ask((opened) =>
        prepareSubmission(request, { ...opened, ids, actions, consents, secrets, by, tell }),
      );
      const pause = (milliseconds: number): Promise<boolean> => loop.pause(milliseconds);
      try {
        return await loop.exclusively(() =>
          loop.ask(({ cluster }) => submit(prepared, { ...place, pause, cluster })),
        );
      } finally {
        // Also after an interruption: what became of it is looked for.
        if (ledger.jobsOf(request.cluster).length > 0) loop.wake();
      }
    },
    attach: async (request) => {
      const loop = await loops.find(request.cluster);
      const place = { ledger, store, ids, actions, consents, secrets, now: () => clock.now() };
      const attached = await loop.exclusively(() =>
        loop.ask(({ cluster }) => attach(request, { ...place, cluster })),
      );
      loop.wake();
      return attached;
    },
    edit: async (request) => {
      const loop = await loops.find(findWatcher(request.watcher, ledger).job.cluster);
      const findEnds: EditPlace['findEnds'] = (job, watcher, reason) =>
        loop.ask((opened) => findResumePlaces(job, watcher, { cluster: opened.cluster, reason }));
      const place = { ledger, actions, consents, secrets, findEnds, now: () => clock.now() };
      const edited = await loop.exclusively(() => edit(request, place));
      loop.wake();
      return edited;
    },
    dryRun: async (request) => {
      const loop = await loops.find(request.cluster);
      const place = { ledger, store, matcher, allowedCommands: parts.allowedCommands?.() };
      return loop.ask(({ cluster }) => dryRunJob(request, { ...place, cluster }));
    },
    jobs: (filter) => store.jobs(filter),
    watchers: (filter) => store.watchers(filter),
    events: (filter) => store.events(filter),
    metrics: (filter) => store.metrics(filter),
    metricSeries: (request) => store.metricSeries(request),
    metricNames: (request) => store.metricNames(request),
    ...createWishes({ ledger, loops, store, matcher, clock }),
    cancelJob: async (name, job, by) => {
      const loop = await loops.find(name);
      await loop.ask(({ cluster }) => cluster.cancel(job));
      await tellCancellation(ledger, name, job, by);
      loop.wake();
      // A crash would forget whose wish it was, and a chain could go on.
      if (ledger.storeTrouble !== undefined)
        throw new WatchError(
          'store-unavailable',
          `Job ${job} is being cancelled, but it cannot be stored yet that you cancelled it.`,
          'Make room on the disk of the engine, and cancel it once more.',
        );
    },
    get clusters() {
      return loops.statuses;
    },
    listClusters: () => loops.list(),
    signIn: async (name) => {
      const loop = await loops.find(name);
      // Between ticks: an attempt of the background that nobody can answer is over by then.
      await loop.exclusively(() => loop.ask(({ cluster }) => cluster.listJobs()));
      return loop.status;
    },
    clusterJobs: async (name, background) => {
      const loop = await loops.find(name);
      const reports = await loop.ask(({ cluster }) => cluster.listJobs(), !background);
      const known = await store.jobs({ cluster: name });
      const isWatched = async (key: string): Promise<boolean> => {
        const watchers = ledger.jobs.has(key) ? ledger.watchersOf(key) : (await store.recall(key)).watchers;
        return watchers.length > 0;
      };
      return Promise.all(
        reports.map(async (report) => {
          const key = findOwn(report, known);
          return { report, key, watched: key !== null && (await isWatched(key)) };
        }),
      );
    },
    readOutput: async (request) => {
      const loop = await loops.find(request.cluster);
      return loop.ask(({ cluster }) => readOutput(request, { store, cluster }));
    },
    follow: async (request, take) => {
      const loop = await loops.find(request.cluster);
      const { wish, followed } = await loop.ask(({ cluster }) =>
        toFollowWish(request, { store, cluster, clock }, take),
      );
      return { followed, end: loop.follow(wish) };
    },
    searchOutput: async (request) => {
      const loop = await loops.find(request.cluster);
      return loop.ask(({ cluster }) => searchOutput(request, { store, cluster, matcher }));
    },
    countLines: async (request) => {
      const loop = await loops.find(request.cluster);
      return loop.ask(({ cluster }) => countLines(request, { store, cluster }));
    },
    findWorkdir: async (name, path) => {
      const loop = await loops.find(name);
      return loop.ask((opened) => opened.findWorkdir(path));
    },
    refresh: () => {
      loops.refresh();
    },
    retrySignIns: () => {
      loops.retrySignIns();
    },
    agreements: () => consents.list(),
    withdrawConsent: (keys) => consents.withdraw(keys),
    setSecret: async (name, value) => {
      checkSecret(name, value, parts.slackHosts?.() ?? []);
      secrets?.set(name, value);
      loops.releaseActions();
      return Promise.resolve();
    },
    get activeWatchers() {
      return ledger.activeWatchers;
    },
    get pendingActions() {
      return ledger.pendingActions;
    },
    pendingOf: (job) => findPending(ledger, job),
    get waiting() {
      return findWaiting(ledger.outbox.values());
    },
    onChange: (listener) => ledger.onChange(listener),
    close: async () => {
      await loops.close();
      await matcher.close();
      await store.close();
    },
  };
}

/** Of a job that is known: the task itself, or the array of a task that has not begun. */
async function tellCancellation(ledger: Ledger, cluster: string, id: string, by?: string): Promise<void> {
  const jobs = ledger.jobsOf(cluster);
  const known = jobs.find((job) => job.id === id) ?? jobs.find((job) => job.id === id.replace(/_.*/, ''));
  if (known === undefined) return;
  const result = `${known.id === id ? '' : `${id} `}cancelled by hand${describeCaller(by)}`;
  await ledger.observe((batch) => {
    // A task that has not begun is not its array.
    const job = ledger.jobs.get(known.key) ?? known;
    if (known.id === id) batch.setJob({ ...job, cancelledBy: { watcher: null, reason: null } });
    batch.tell(known, { kind: 'state', result });
  });
}

/** Ids are used again when a cluster begins anew to count: the same job was submitted at the same time. */
function findOwn({ id, submitted, restarts }: JobReport, known: readonly Job[]): string | null {
  const sameId = known.filter((job) => job.id === id);
  const own = sameId.find((job) => restarts > 0 || Math.abs(job.submitted - submitted) < clockSkewMs);
  return own?.key ?? null;
}
