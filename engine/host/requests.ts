// What the engine answers to each request of the protocol; those that are about its process are the host's own.
import type { Engine } from '../engine';
import { WatchError } from '../errors';
import { toOutputText } from './outputText';
import type { EngineMethod, EngineRequests } from '../protocol';

type Answered = Exclude<
  EngineMethod,
  'engine/hello' | 'engine/surroundings' | 'engine/status' | 'engine/stop'
>;

const answers: {
  readonly [M in Answered]: (
    engine: Engine,
    params: EngineRequests[M][0],
    by: string,
  ) => Promise<EngineRequests[M][1]>;
} = {
  'engine/submit': (engine, request, by) => engine.submit(request, by),
  'engine/attach': (engine, request) => engine.attach(request),
  'engine/dryRun': (engine, request) => engine.dryRun(request),
  'engine/jobs': (engine, filter) => engine.jobs(filter),
  'engine/watchers': (engine, filter) => engine.watchers(filter),
  'engine/events': (engine, filter) => engine.events(filter),
  'engine/metrics': (engine, filter) => engine.metrics(filter),
  'engine/pause': (engine, { watchers }) => engine.pause(watchers),
  'engine/resume': (engine, { watchers, missed }) => engine.resume(watchers, missed),
  'engine/rearm': (engine, { watchers, missed }) => engine.rearm(watchers, missed),
  'engine/planTrigger': (engine, { watchers }) => engine.planTrigger(watchers),
  'engine/trigger': (engine, { watchers, agreed }) => engine.trigger(watchers, agreed),
  'engine/remove': async (engine, { watchers }) => {
    await engine.remove(watchers);
    return null;
  },
  'engine/cancelJob': async (engine, { cluster, job }, by) => {
    await engine.cancelJob(cluster, job, by);
    return null;
  },
  'engine/clusters': (engine) => engine.listClusters(),
  'engine/signIn': (engine, { cluster }) => engine.signIn(cluster),
  'engine/clusterJobs': (engine, { cluster, background }) => engine.clusterJobs(cluster, background),
  'engine/readOutput': async (engine, request) => toOutputText(await engine.readOutput(request)),
  'engine/findWorkdir': (engine, { cluster, path }) => engine.findWorkdir(cluster, path),
};

/** What a person has done to a cluster, so that its questions are that person's: method -> the cluster. */
const doings: {
  readonly [M in Answered]?: (params: EngineRequests[M][0]) => string | null;
} = {
  'engine/submit': ({ cluster }) => cluster,
  'engine/cancelJob': ({ cluster }) => cluster,
  'engine/signIn': ({ cluster }) => cluster,
  'engine/clusterJobs': ({ cluster, background }) => (background ? null : cluster),
  'engine/readOutput': ({ cluster }) => cluster,
  'engine/findWorkdir': ({ cluster }) => cluster,
};

/** The cluster that a request is about, where somebody waits for its answer. */
export function findCluster(method: string, params: unknown): string | null {
  if (!Object.hasOwn(doings, method)) return null;
  const find = doings[method as Answered] as (params: unknown) => string | null;
  return find(params);
}

/** `by`: who asks, in words. Throws WatchError; `unsupported` for a method that this version does not know. */
export async function answer(engine: Engine, method: string, params: unknown, by: string): Promise<unknown> {
  if (!Object.hasOwn(answers, method)) {
    throw new WatchError('unsupported', `The engine knows no ${method}.`, 'Bring both to the same version.');
  }
  const handle = answers[method as Answered] as (
    engine: Engine,
    params: unknown,
    by: string,
  ) => Promise<unknown>;
  return handle(engine, params, by);
}
