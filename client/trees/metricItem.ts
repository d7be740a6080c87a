// A metric, and a job that has metrics, as items of the tree.
import { ThemeIcon, TreeItemCollapsibleState } from 'vscode';
import type { MetricName, NonFinite } from '../../engine/metricSeries';
import { describeMetric, describeMetricInWords, printWithUnit } from '../../engine/metricWords';
import type { Job, Time } from '../../engine/model';
import { isOver } from '../../engine/rules';
import { count, describeJob, describeState, toOneLine } from '../../engine/words';
import { inMarkdown, toMarkdown } from '../../language/show/markdown';
import { toVsCodePlain } from '../../language/show/vscode';
import { toWatchedJobLook } from '../jobLook';
import { Row, Tooltip } from '../show/rows';
import { toFactTable } from './factTable';
import { toJobIcon } from './jobIcon';
import { toMetricNode } from './nodes';

export function toMetricJobItem(job: Job, metrics: number, now: Time): Row {
  const item = new Row(
    job.name,
    isOver(job) ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.Expanded,
  );
  item.id = `metrics ${job.key}`;
  item.description = toVsCodePlain(describeJob(job, now));
  item.iconPath = toJobIcon(toWatchedJobLook(job));
  item.contextValue = 'metricJob';
  item.accessibilityInformation = {
    label: toVsCodePlain(`Job ${job.id} ${job.name}, ${describeState(job)}, ${count(metrics, 'metric')}`),
  };
  return item;
}

export function toMetricItem(metric: MetricName): Row {
  const { job, name } = metric;
  const item = new Row(toOneLine(name, 80), TreeItemCollapsibleState.None);
  item.id = `metric ${job} ${name}`;
  item.description = toVsCodePlain(describeMetric(metric));
  item.iconPath = new ThemeIcon('graph-line');
  item.contextValue = 'metric';
  item.accessibilityInformation = {
    label: toVsCodePlain(`Metric ${name}, ${describeMetricInWords(metric)}`),
  };
  item.command = {
    command: 'slurmWatchers.showMetrics',
    title: 'Open Chart',
    arguments: [toMetricNode(job, name)],
  };
  return item;
}

const kinds: readonly NonFinite[] = ['nan', 'inf', '-inf'];

/** Built when somebody looks. */
export function toMetricTooltip({ name, summary, unit, watchers, time }: MetricName): Tooltip {
  const { last, min, max, mean } = summary;
  const print = (value: number | null): string | null => (value === null ? null : printWithUnit(value, unit));
  const facts = toFactTable([
    ['Last', last && printWithUnit(last.value, unit)],
    ['Least', print(min)],
    ['Greatest', print(max)],
    ['Mean', print(mean)],
    ['Values', String(summary.count)],
    ...kinds.map(
      (kind) => [kind, summary.notFinite[kind] === 0 ? null : String(summary.notFinite[kind])] as const,
    ),
    ['Stored last', new Date(time).toLocaleString()],
    ['Stored by', watchers.map((watcher) => watcher.name).join(', ')],
  ]);
  return new Tooltip(inMarkdown`**${toMarkdown(name)}**${facts}`);
}
