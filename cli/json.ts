// The stable JSON shapes that every command prints with --json: snake_case, ISO 8601 times in UTC.
import type { DryRunEntry } from '../engine/dryRunEntry';
import { toPlainNumber } from '../engine/metricSeries';
import type { ClusterStatus, Job, Watcher } from '../engine/model';
import type { AgreedPower, EngineStatus, JobReport, TriggerPlan } from '../engine/protocol';
import { toIso } from '../engine/recordJson';
import type { Power } from '../language/power';
import { toDefinitionJson } from '../language/json/definitionJson';
import type { Problem } from '../language/problem';
import type { Script } from '../language/script';
import { maskAll, maskSecrets } from '../language/show/webhook';
import { createLineIndex } from '../language/text';
import type { WatcherFile } from '../language/watcherFile';

type ListedJob = Pick<
  JobReport,
  'id' | 'name' | 'state' | 'submitted' | 'started' | 'ended' | 'exitCode' | 'outputs'
>;

/** What is to be agreed to, in an error. */
export const toPowerJson = ({ kind, watcher, text, sentence, covered }: Power): object => ({
  ...{ kind, watcher, text: maskSecrets(text), sentence, covered },
});

/** What was agreed to; words, place and time are null if an older version has kept it. */
export const toAgreementJson = ({ key, limit, sentence, place, time }: AgreedPower): object => ({
  ...{ id: key, sentence, place, limit, since: toIso(time) },
});

/** `chain`: its place in a chain of resubmissions, null if it continues no other job. */
export const toJobJson = (job: Job): object => ({ ...toClusterJobJson(job, job.cluster), chain: job.chain });

/** A job of the cluster, watched or not, in the same shape. */
export function toClusterJobJson(job: ListedJob, cluster: string): object {
  return {
    cluster,
    job: job.id,
    name: job.name,
    state: job.state,
    submitted: toIso(job.submitted),
    started: toIso(job.started),
    ended: toIso(job.ended),
    exit_code: job.exitCode,
    stdout: job.outputs.stdout,
    stderr: job.outputs.stderr,
  };
}

/** `job` is the watcher's job: a watcher knows it by its key alone. */
export function toWatcherJson(watcher: Watcher, job: Job | undefined): object {
  const { definition, progress } = watcher;
  return {
    id: watcher.id,
    name: definition.name,
    cluster: job?.cluster ?? null,
    job: job?.id ?? null,
    state: progress.state,
    pattern: definition.pattern,
    captures: definition.captures,
    condition: definition.condition,
    trigger_count: progress.triggerCount,
    failure_count: progress.failureCount,
    variables: progress.variables,
    last_check: toIso(progress.lastCheck),
    last_match: toIso(progress.lastMatch),
    next_check: toIso(progress.nextCheck),
    position: progress.position,
  };
}

/** `status` is absent where no engine runs. */
const none = { running: false, pid: null, version: null, uptime_seconds: 0, active_watchers: 0 };

export function toStatusJson(status: EngineStatus | undefined): object {
  if (!status) return { ...none, clusters: [], waiting: [] };
  return {
    running: true,
    pid: status.pid,
    version: status.version,
    uptime_seconds: status.uptimeSeconds,
    active_watchers: status.activeWatchers,
    clusters: status.clusters.map((cluster) => ({
      name: cluster.name,
      state: cluster.state,
      commands: cluster.commands,
      reads: cluster.reads,
      last_tick_ms: cluster.lastTickMs,
      last_tick_commands: cluster.lastTickCommands,
      last_tick_reads: cluster.lastTickReads,
    })),
    waiting: (status.waiting ?? []).map(({ action, reason, isRetried, count, since }) => ({
      ...{ action, reason, retried: isRetried, count, since: toIso(since) },
    })),
  };
}

export const toClusterJson = ({ name, kind, state, trouble }: ClusterStatus): object => ({
  name,
  kind,
  state,
  trouble,
});

export function toProblemJson(problem: Problem, text: string): object {
  const { code, severity, message, remedy } = problem;
  return { code, severity, message, remedy, range: createLineIndex(text).rangeOf(problem.span) };
}

/** The object of section 11 of the language. */
export function toScriptJson(script: Script, text: string): object {
  return {
    watchers: script.watchers.map((watcher) => toDefinitionJson(watcher.definition, watcher)),
    problems: script.problems.map((problem) => toProblemJson(problem, text)),
    clean_script: script.cleanText,
  };
}

/** The same of a watcher file; it has no clean script. */
export function toWatcherFileJson({ watchers, problems }: WatcherFile, text: string): object {
  return {
    watchers: watchers.map((watcher) => toDefinitionJson(watcher.definition, watcher)),
    problems: problems.map((problem) => toProblemJson(problem, text)),
  };
}

/** One entry of a dry run: the shape of an event, without what only the engine knows. */
export function toDryRunJson(entry: DryRunEntry): object {
  const { line, stream, timeMs, watcher } = entry;
  const place = { line, stream, seconds: timeMs / 1000, watcher };
  switch (entry.kind) {
    case 'match': {
      const { matchedText, captures, condition } = entry;
      return { ...place, kind: 'match', matched_text: matchedText, captures, condition };
    }
    case 'metric': {
      const { name, value, unit } = entry.metric;
      return { ...place, kind: 'metric', name, value: toPlainNumber(value), unit };
    }
    case 'event': {
      const { kind, action, success, matchedText, captures, params, result } = entry.event;
      return { ...place, kind, action, success, matched_text: matchedText, captures, params, result };
    }
  }
}

/** What a watcher would do by hand. */
export function toPlanJson({
  watcher,
  name,
  job,
  matchedText,
  actions,
  leftOut,
  nothing,
}: TriggerPlan): object {
  return {
    ...{ watcher, name, cluster: job.cluster, job: job.id, matched_text: matchedText },
    actions: actions.map(({ type, params, isOutside }) => ({
      ...{ type, params: maskAll(params), reaches_outside: isOutside },
    })),
    ...{ left_out: leftOut, nothing },
  };
}
