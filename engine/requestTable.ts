// The table of requests: what each must look like, which clusters it may reach, whether it only reads, and who answers it.
import type { Engine } from './engine';
import * as v from 'valibot';
import type { TimedNews } from './followOutput';
import { actionTypes } from '../language/actionTable';
import { isJobId } from './jobId';
import type { SeriesName } from './metricSeries';
import type { WatcherId } from './model';
import type { OutputPiece } from './output';
import type { AccessSettings } from './ports';
import type { EngineMethod, EngineRequests, OutputText, TriggerPlan } from './protocol';
import {
  listOf,
  number,
  oneOf,
  optional,
  orNull,
  positive,
  recordFor,
  recordOfTexts,
  recordsFor,
  text,
  texts,
  truth,
  whole,
  type Fields,
  said,
} from './shapes';

/** What a request may reach: a cluster by its name, or those of the jobs that watchers are of; null: none. */
export type Reach = { readonly cluster: string } | { readonly watchers: readonly WatcherId[] } | null;

/** Outputs that a client follows, each under a name of its own. */
export interface ClientFollows {
  /** False: the client has not read what it was sent before. */
  readonly take: (follow: string, news: TimedNews) => boolean;
  /** `end` is called when the client ends it or has left. */
  readonly keep: (follow: string, end: () => void) => void;
  readonly end: (follow: string) => void;
}

/** Who asks. */
export interface Caller {
  /** In words. */
  readonly by: string;
  readonly follows: ClientFollows;
  /** Gives it a text for one of its listeners. */
  readonly tell: (listener: number, text: string) => void;
}

/** What an answer needs beside the engine. */
export interface Answering extends Caller {
  readonly toText: (piece: OutputPiece) => OutputText;
}

interface RequestRow<M extends EngineMethod> {
  /** Members that are not named here are let pass: a newer client may say more. */
  readonly fields: Fields<EngineRequests[M][0]>;
  /** Questions of the clusters that it reaches are asked of whoever sent it. */
  readonly reach: (params: EngineRequests[M][0]) => Reach;
  /** Nothing comes of asking twice: it is asked again after a connection broke. */
  readonly reads: boolean;
  /** Absent: the engine's process answers it itself. */
  readonly answer?: (
    engine: Engine,
    params: EngineRequests[M][0],
    answering: Answering,
  ) => Promise<EngineRequests[M][1]>;
}

const jobId = said(v.pipe(v.string(), v.check(isJobId)), "a job's id, such as 4242, 4242_3 or 4242+1");
const jobFilter = { cluster: optional(text), job: optional(text), live: optional(truth) };
const recordFilter = {
  ...{ cluster: optional(text), job: optional(text), watcher: optional(text) },
  ...{ afterId: optional(whole), beforeId: optional(whole) },
  ...{ since: optional(number), limit: optional(whole) },
};
const surroundings = { settings: orNull(recordFor<AccessSettings>()), environment: recordOfTexts };
const goOn = { watchers: texts, missed: oneOf('skip', 'match') };

const ofOutput = { cluster: text, job: text, stream: oneOf('stdout', 'stderr') };
const agreed = { agreed: optional(text) };

const none = (): Reach => null;
const toCluster = ({ cluster }: { readonly cluster: string }): Reach => ({ cluster });
const toWatchers = ({ watchers }: { readonly watchers: readonly WatcherId[] }): Reach => ({ watchers });

export const requestTable: { readonly [M in EngineMethod]: RequestRow<M> } = {
  'engine/hello': {
    fields: {
      ...surroundings,
      ...{ protocol: number, version: text, token: text, client: oneOf('vscode', 'cli', 'test'), pid: whole },
      ...{ keepRunning: orNull(truth), canAsk: truth, hasSafe: truth },
    },
    reach: none,
    reads: false,
  },
  'engine/surroundings': { fields: surroundings, reach: none, reads: false },
  'engine/status': { fields: {}, reach: none, reads: true },
  'engine/stop': { fields: {}, reach: none, reads: false },
  'engine/submit': {
    fields: {
      cluster: text,
      scriptName: text,
      script: text,
      workdir: orNull(text),
      options: texts,
      ...agreed,
      listener: optional(number),
    },
    reach: toCluster,
    reads: false,
    answer: (engine, request, { by, tell }) => {
      const { listener } = request;
      return engine.submit(
        request,
        by,
        listener === undefined
          ? undefined
          : (text) => {
              tell(listener, text);
            },
      );
    },
  },
  'engine/attach': {
    fields: { cluster: text, job: text, watchers: text, from: oneOf('start', 'end'), ...agreed },
    reach: toCluster,
    reads: false,
    answer: (engine, request) => engine.attach(request),
  },
  'engine/edit': {
    fields: { watcher: text, definition: text, ...agreed },
    reach: ({ watcher }) => ({ watchers: [watcher] }),
    reads: false,
    answer: (engine, request) => engine.edit(request),
  },
  'engine/dryRun': {
    fields: { cluster: text, job: text, watchers: orNull(text), tickMs: positive },
    reach: toCluster,
    reads: true,
    answer: (engine, request) => engine.dryRun(request),
  },
  'engine/jobs': {
    fields: jobFilter,
    reach: none,
    reads: true,
    answer: (engine, filter) => engine.jobs(filter),
  },
  'engine/watchers': {
    fields: { ...jobFilter, watcher: optional(text) },
    reach: none,
    reads: true,
    answer: (engine, filter) => engine.watchers(filter),
  },
  'engine/pendingActions': {
    fields: { job: text },
    reach: none,
    reads: true,
    answer: (engine, { job }) => Promise.resolve(engine.pendingOf(job)),
  },
  'engine/events': {
    fields: {
      ...recordFilter,
      kind: optional(oneOf('trigger', 'action', 'skip', 'error', 'state', 'gap')),
      action: optional(oneOf(...actionTypes)),
    },
    reach: none,
    reads: true,
    answer: (engine, filter) => engine.events(filter),
  },
  'engine/metrics': {
    fields: { ...recordFilter, name: optional(text) },
    reach: none,
    reads: true,
    answer: (engine, filter) => engine.metrics(filter),
  },
  'engine/metricSeries': {
    fields: {
      series: listOf<SeriesName>({ job: text, name: text, watcher: optional(text) }),
      ...{ axis: oneOf('time', 'step'), by: optional(text) },
      ...{ from: orNull(number), to: orNull(number), buckets: positive },
    },
    reach: none,
    reads: true,
    answer: (engine, request) => engine.metricSeries(request),
  },
  'engine/metricNames': {
    fields: { jobs: texts, recent: whole },
    reach: none,
    reads: true,
    answer: (engine, request) => engine.metricNames(request),
  },
  'engine/pause': {
    fields: { watchers: texts },
    reach: toWatchers,
    reads: false,
    answer: (engine, { watchers }) => engine.pause(watchers),
  },
  'engine/resume': {
    fields: goOn,
    reach: toWatchers,
    reads: false,
    answer: (engine, { watchers, missed }) => engine.resume(watchers, missed),
  },
  'engine/rearm': {
    fields: goOn,
    reach: toWatchers,
    reads: false,
    answer: (engine, { watchers, missed }) => engine.rearm(watchers, missed),
  },
  'engine/planTrigger': {
    fields: { watchers: texts },
    reach: toWatchers,
    reads: true,
    answer: (engine, { watchers }) => engine.planTrigger(watchers),
  },
  'engine/trigger': {
    fields: { watchers: texts, agreed: optional(recordsFor<TriggerPlan>()) },
    reach: toWatchers,
    reads: false,
    answer: (engine, { watchers, agreed }) => engine.trigger(watchers, agreed),
  },
  'engine/remove': {
    fields: { watchers: texts },
    reach: toWatchers,
    reads: false,
    answer: async (engine, { watchers }) => {
      await engine.remove(watchers);
      return null;
    },
  },
  'engine/cancelJob': {
    fields: { cluster: text, job: jobId },
    reach: toCluster,
    reads: false,
    answer: async (engine, { cluster, job }, { by }) => {
      await engine.cancelJob(cluster, job, by);
      return null;
    },
  },
  'engine/clusters': {
    fields: {},
    reach: none,
    reads: true,
    answer: (engine) => engine.listClusters(),
  },
  'engine/signIn': {
    fields: { cluster: text },
    reach: toCluster,
    reads: false,
    answer: (engine, { cluster }) => engine.signIn(cluster),
  },
  'engine/clusterJobs': {
    fields: { cluster: text, background: truth },
    reach: ({ cluster, background }) => (background ? null : { cluster }),
    reads: true,
    answer: (engine, { cluster, background }) => engine.clusterJobs(cluster, background),
  },
  'engine/readOutput': {
    fields: { ...ofOutput, from: orNull(whole), maxBytes: whole },
    reach: toCluster,
    reads: true,
    answer: async (engine, request, { toText }) => toText(await engine.readOutput(request)),
  },
  'engine/follow': {
    fields: { ...ofOutput, follow: text, from: orNull(whole), context: whole },
    reach: toCluster,
    reads: true,
    answer: async (engine, request, { follows }) => {
      const { follow } = request;
      follows.end(follow);
      const { end, followed } = await engine.follow(request, (news) => follows.take(follow, news));
      follows.keep(follow, end);
      return followed;
    },
  },
  'engine/unfollow': {
    fields: { follow: text },
    reach: none,
    reads: true,
    answer: (_engine, { follow }, { follows }) => {
      follows.end(follow);
      return Promise.resolve(null);
    },
  },
  'engine/searchOutput': {
    fields: { ...ofOutput, pattern: text, from: whole, limit: positive },
    reach: toCluster,
    reads: true,
    answer: (engine, request) => engine.searchOutput(request),
  },
  'engine/countLines': {
    fields: { ...ofOutput, from: whole, to: orNull(whole), lines: orNull(whole) },
    reach: toCluster,
    reads: true,
    answer: (engine, request) => engine.countLines(request),
  },
  'engine/findWorkdir': {
    fields: { cluster: text, path: orNull(text) },
    reach: toCluster,
    reads: true,
    answer: (engine, { cluster, path }) => engine.findWorkdir(cluster, path),
  },
  'engine/setSecret': {
    fields: { name: oneOf('slack', 'mail'), value: orNull(text) },
    reach: none,
    reads: false,
    answer: async (engine, { name, value }) => {
      await engine.setSecret(name, value);
      return null;
    },
  },
  'engine/agreements': {
    fields: {},
    reach: none,
    reads: true,
    answer: (engine) => Promise.resolve(engine.agreements()),
  },
  'engine/withdrawConsent': {
    fields: { agreements: orNull(texts) },
    reach: none,
    reads: false,
    answer: (engine, { agreements }) => engine.withdrawConsent(agreements),
  },
};

export const isMethod = (name: string): name is EngineMethod => Object.hasOwn(requestTable, name);

/** Whether it may be asked again without anything being done twice. */
export const isReading = (method: EngineMethod): boolean => requestTable[method].reads;
