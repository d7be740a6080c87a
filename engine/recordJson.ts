// Events and metrics as JSON: the stable shapes of the command line and of exports, with ISO 8601 times in UTC.
import { toPlainNumber } from './metricSeries';
import type { Metric, Time, WatchEvent } from './model';

export const toIso = (time: Time | null): string | null =>
  time === null ? null : new Date(time).toISOString();

export function toEventJson(event: WatchEvent): object {
  return {
    id: event.id,
    time: toIso(event.time),
    cluster: event.cluster,
    job: event.jobId,
    watcher_id: event.watcherId,
    watcher: event.watcher,
    kind: event.kind,
    action: event.action,
    success: event.success,
    matched_text: event.matchedText,
    place: event.place,
    captures: event.captures,
    params: event.params,
    result: event.result,
    output: event.output,
  };
}

export function toMetricJson(metric: Metric): object {
  return {
    time: toIso(metric.time),
    cluster: metric.cluster,
    job: metric.jobId,
    watcher_id: metric.watcherId,
    watcher: metric.watcher,
    name: metric.name,
    value: toPlainNumber(metric.value),
    unit: metric.unit,
    step: metric.step,
  };
}
