// Events and metrics as CSV that a spreadsheet can take without harm, and metrics as OpenMetrics text.
import type { Metric, WatchEvent } from './model';
import { toCsvCell } from '../language/show/csv';
import { toVisibleLines } from '../language/show/visible';
import { toEventJson, toMetricJson } from './recordJson';

const eventColumns = [
  ...['id', 'time', 'cluster', 'job', 'watcher_id', 'watcher', 'kind', 'action', 'success'],
  ...['matched_text', 'captures', 'params', 'result'],
];
const metricColumns = [
  ...['time', 'cluster', 'job', 'watcher_id', 'watcher', 'name', 'value', 'unit', 'step'],
];

/** RFC 4180, with a header. */
export const toEventCsv = (events: readonly WatchEvent[]): string =>
  toCsv(eventColumns, events.map(toEventJson));

export const toMetricCsv = (metrics: readonly Metric[]): string =>
  toCsv(metricColumns, metrics.map(toMetricJson));

function toCsv(columns: readonly string[], rows: readonly object[]): string {
  const lines = rows.map((row) => {
    const cells = new Map<string, unknown>(Object.entries(row));
    return columns.map((column) => toCell(cells.get(column))).join(',');
  });
  return [columns.join(','), ...lines].map((line) => `${line}\r\n`).join('');
}

/** Numbers stay numbers, also those for which JSON has none. */
function toCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === 'nan' || value === 'inf' || value === '-inf') return value;
  return toCsvCell(typeof value === 'string' ? value : JSON.stringify(value));
}

/**
 * Each series' values as gauges with their times. Source: the OpenMetrics specification 1.0, "Overall Structure": one
 * block a name, one series after another, times rising within each.
 */
export function toOpenMetrics(metrics: readonly Metric[]): string {
  const families = new Map<string, Map<string, string[]>>();
  for (const metric of [...metrics].sort((a, b) => a.time - b.time)) {
    const name = toMetricName(metric.name);
    const series = families.get(name) ?? new Map<string, string[]>();
    families.set(name, series);
    const labels = toLabels({
      cluster: metric.cluster,
      job: metric.jobId,
      metric: metric.name,
      watcher: metric.watcher,
      ...(metric.unit === null ? {} : { unit: metric.unit }),
    });
    const samples = series.get(labels) ?? [];
    series.set(labels, samples);
    samples.push(`${name}{${labels}} ${toNumber(metric.value)} ${metric.time / 1000}\n`);
  }
  const blocks = [...families].map(
    ([name, series]) => `# TYPE ${name} gauge\n${[...series.values()].flat().join('')}`,
  );
  return `${blocks.join('')}# EOF\n`;
}

const toMetricName = (name: string): string => `slurm_watchers_${name.replace(/[^a-zA-Z0-9_]/g, '_') || '_'}`;

const toLabels = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${escapeLabel(value)}"`)
    .join(',');

const escapeLabel = (value: string): string =>
  toVisibleLines(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

function toNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}
