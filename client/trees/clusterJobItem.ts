// A job as its cluster lists it, as an item of the tree.
import { MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { Time } from '../../engine/model';
import type { JobReport } from '../../engine/ports';
import type { ClusterJob } from '../../engine/protocol';
import { toJobEndState } from '../../language/jobStates';
import { describeReport, toReportWord } from '../clusterWords';
import { count, toDuration } from '../words';
import { toGroup } from './clusterNodes';
import type { ClusterJobNode } from './nodes';

export interface ListedJob {
  readonly job: ClusterJob;
  /** Of an array; 0 of others. */
  readonly tasks: number;
}

export function toClusterJobItem(
  { cluster }: ClusterJobNode,
  { job: { report, key }, tasks }: ListedJob,
  now: Time,
): TreeItem {
  const { id, name, arrayTask } = report;
  const isTask = arrayTask !== null;
  const item = new TreeItem(
    isTask ? `Task ${arrayTask.task}` : name,
    tasks > 0 ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None,
  );
  const isOver = toJobEndState(report.state) !== null;
  const watched = key === null ? '' : ' · watched';
  const description =
    tasks > 0
      ? [id, count(tasks, 'task'), report.partition].filter((part) => part !== '').join(' · ')
      : describeReport(report, now);
  item.id = `clusterJob ${cluster} ${id}`;
  item.description = `${description}${watched}`;
  item.iconPath = toIcon(report);
  item.contextValue = `clusterJob.${isOver ? 'ended' : 'live'}${report.isArray ? '.array' : ''}`;
  item.accessibilityInformation = {
    label: `${isTask ? `Task ${arrayTask.task} of` : 'Job'} ${name}, ${toReportWord(report)}, ${description}${watched}`,
  };
  return item;
}

function toIcon(report: JobReport): ThemeIcon {
  const icon = (id: string, color: string): ThemeIcon => new ThemeIcon(id, new ThemeColor(color));
  switch (toGroup(report)) {
    case 'running':
      return report.state === 'SUSPENDED'
        ? icon('debug-pause', 'list.warningForeground')
        : icon('play', 'charts.green');
    case 'pending':
      return new ThemeIcon('watch');
    case 'ended':
      if (report.state === 'COMPLETED') return icon('pass', 'charts.green');
      if (report.state === 'CANCELLED') return icon('circle-slash', 'list.warningForeground');
      return icon('error', 'list.errorForeground');
  }
}

/** Built when somebody looks. */
export function toClusterJobTooltip({ report, key }: ClusterJob, cluster: string, now: Time): MarkdownString {
  const { id, name, reason, submitted, started, ended, timeLimitSeconds, outputs } = report;
  const tooltip = new MarkdownString();
  tooltip.appendMarkdown('**').appendText(name).appendMarkdown('**  \n');
  tooltip.appendText(`Job ${id} on ${cluster}: ${toReportWord(report)}`);
  const rows: readonly (readonly [string, string | null])[] = [
    ['Reason', reason],
    ['Partition', report.partition],
    ['Nodes', report.nodes],
    ['Submitted', toMoment(submitted)],
    ['Started', started === null ? null : toMoment(started)],
    ['Ended', ended === null ? null : toMoment(ended)],
    ['Elapsed', started === null ? null : toDuration((ended ?? now) - started)],
    ['Time limit', timeLimitSeconds === null ? null : toDuration(timeLimitSeconds * 1000)],
    ['Exit code', report.exitCode],
    ['Restarts', report.restarts === 0 ? null : String(report.restarts)],
    ['Output', outputs.stdout],
    ['Errors', outputs.stderr === outputs.stdout ? null : outputs.stderr],
    ['Watched', key === null ? 'no' : 'yes'],
  ];
  tooltip.appendMarkdown('\n\n| | |\n|---|---|\n');
  for (const [title, value] of rows)
    if (value !== null && value !== '')
      tooltip.appendMarkdown(`| ${title} | `).appendText(value).appendMarkdown(' |\n');
  return tooltip;
}

const toMoment = (time: Time): string => new Date(time).toLocaleString();
