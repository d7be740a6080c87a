// A job as its cluster lists it, as an item of the tree.
import { TreeItemCollapsibleState } from 'vscode';
import type { Time } from '../../engine/model';
import type { ClusterJob } from '../../engine/protocol';
import { count, nameTask, toDuration, toStateWords } from '../../engine/words';
import { toJobEndState } from '../../language/jobStates';
import { inMarkdown, toMarkdown } from '../../language/show/markdown';
import { toVsCodePlain } from '../../language/show/vscode';
import { describeReport } from '../clusterWords';
import { toJobLook } from '../jobLook';
import { Row, Tooltip } from '../show/rows';
import { toFactTable } from './factTable';
import { toJobIcon } from './jobIcon';
import type { ClusterJobNode } from './nodes';

export interface ListedJob {
  readonly job: ClusterJob;
  /** Of an array; 0 of others. */
  readonly tasks: number;
}

export function toClusterJobItem(
  { cluster }: ClusterJobNode,
  { job: { report, watched }, tasks }: ListedJob,
  now: Time,
): Row {
  const { id, name, arrayTask } = report;
  const isTask = arrayTask !== null;
  const item = new Row(
    isTask ? nameTask(arrayTask.task) : name,
    tasks > 0 ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None,
  );
  const hasEnded = toJobEndState(report.state) !== null;
  // What is cut where the view is narrow is what matters least.
  const description =
    (watched ? 'watched · ' : '') +
    (tasks > 0
      ? [id, count(tasks, 'task'), report.partition].filter((part) => part !== '').join(' · ')
      : describeReport(report, now));
  item.id = `clusterJob ${cluster} ${id}`;
  item.description = toVsCodePlain(description);
  item.iconPath = toJobIcon(toJobLook(report));
  item.contextValue = `clusterJob.${hasEnded ? 'ended' : 'live'}${report.isArray ? '.array' : ''}`;
  item.accessibilityInformation = {
    label: toVsCodePlain(
      `${isTask ? `${nameTask(arrayTask.task)} of` : 'Job'} ${name}, ${toStateWords(report.state)}, ${description}`,
    ),
  };
  return item;
}

/** Built when somebody looks. */
export function toClusterJobTooltip({ report, watched }: ClusterJob, cluster: string, now: Time): Tooltip {
  const { id, name, reason, submitted, started, ended, timeLimitSeconds, outputs } = report;
  const words = toMarkdown(`Job ${id} on ${cluster}: ${toStateWords(report.state)}`);
  const facts = toFactTable([
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
    ['Watched', watched ? 'yes' : 'no'],
  ]);
  return new Tooltip(inMarkdown`**${toMarkdown(name)}**  \n${words}${facts}`);
}

const toMoment = (time: Time): string => new Date(time).toLocaleString();
