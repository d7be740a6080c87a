// A job as an item of the tree.
import { TreeItemCollapsibleState } from 'vscode';
import type { Job, JobKey, Time, Watcher } from '../../engine/model';
import { isOver } from '../../engine/rules';
import {
  count,
  describeChain,
  describeJob,
  describeTask,
  nameTask,
  describeState,
  toTaskNumber,
} from '../../engine/words';
import { inMarkdown, toMarkdown } from '../../language/show/markdown';
import { toVsCodePlain } from '../../language/show/vscode';
import { toWatchedJobLook } from '../jobLook';
import { Row, Tooltip } from '../show/rows';
import { toFactTable } from './factTable';
import { toJobIcon } from './jobIcon';

export interface BelowJob {
  readonly watchers: number;
  /** Of an array; 0 of others. */
  readonly tasks: number;
}

export function toJobItem(job: Job, { watchers, tasks }: BelowJob, now: Time): Row {
  const isEmpty = watchers + tasks === 0;
  const item = createItem(job, job.name, isEmpty ? None : isOver(job) ? Collapsed : Expanded);
  const below = tasks > 0 ? count(tasks, 'task') : count(watchers, 'watcher');
  item.description = toVsCodePlain([describeJob(job, now), ...(tasks > 0 ? [below] : [])].join(' · '));
  item.accessibilityInformation = {
    label: toVsCodePlain(
      `${job.isArray ? 'Array' : 'Job'} ${job.id} ${job.name}, ${describeState(job)}, ${below}`,
    ),
  };
  return item;
}

/** A task under its array. An array may have a thousand: none is open by itself. */
export function toTaskItem(task: Job, watchers: readonly Watcher[], now: Time): Row {
  const name = nameTask(toTaskNumber(task));
  const item = createItem(task, name, watchers.length === 0 ? None : Collapsed);
  item.description = toVsCodePlain(describeTask(task, watchers, now));
  item.accessibilityInformation = { label: toVsCodePlain(`${name} of ${task.name}, ${item.description}`) };
  return item;
}

const { None, Collapsed, Expanded } = TreeItemCollapsibleState;

function createItem(job: Job, label: string, open: TreeItemCollapsibleState): Row {
  const item = new Row(label, open);
  item.id = `job ${job.key}`;
  const look = toWatchedJobLook(job);
  item.iconPath = toJobIcon(look);
  // There is nothing to cancel any more where the last output is still read.
  const isEnding = !isOver(job) && (look === 'completed' || look === 'cancelled' || look === 'failed');
  item.contextValue = `job.${isOver(job) ? 'ended' : isEnding ? 'ending' : 'live'}${job.isArray ? '.array' : ''}`;
  return item;
}

/** `find`: other jobs, by their keys. */
export function toJobTooltip(job: Job, find: (key: JobKey) => Job | undefined): Tooltip {
  const { id, name, cluster, reason, submitted, started, ended, exitCode, restarts, outputs } = job;
  const why = reason === '' ? '' : ` (${reason})`;
  const words = toMarkdown(`Job ${id} on ${cluster}: ${describeState(job)}${why}`);
  const facts = toFactTable([
    ['Submitted', toMoment(submitted)],
    ['Started', started === null ? null : toMoment(started)],
    ['Ended', ended === null ? null : toMoment(ended)],
    ['Exit code', exitCode],
    ['Chain', describeChain(job, find) ?? null],
    ['Restarts', restarts === 0 ? null : String(restarts)],
    ['Output', outputs.stdout],
    ['Errors', outputs.stderr === outputs.stdout ? null : outputs.stderr],
  ]);
  return new Tooltip(inMarkdown`**${toMarkdown(name)}**  \n${words}${facts}`);
}

const toMoment = (time: Time): string => new Date(time).toLocaleString();
