// A job as an item of the tree.
import { MarkdownString, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { Job, Time } from '../../engine/model';
import { toWatchedJobLook } from '../jobLook';
import { count, describeJob, isOver, toStateWord } from '../words';
import { toJobIcon } from './jobIcon';

export function toJobItem(job: Job, watchers: number, now: Time): TreeItem {
  const item = new TreeItem(
    job.name,
    watchers === 0
      ? TreeItemCollapsibleState.None
      : isOver(job)
        ? TreeItemCollapsibleState.Collapsed
        : TreeItemCollapsibleState.Expanded,
  );
  item.id = `job ${job.key}`;
  item.description = describeJob(job, now);
  const look = toWatchedJobLook(job);
  item.iconPath = toJobIcon(look);
  // There is nothing to cancel any more where the last output is still read.
  const isEnding = !isOver(job) && (look === 'completed' || look === 'cancelled' || look === 'failed');
  item.contextValue = isOver(job) ? 'job.ended' : isEnding ? 'job.ending' : 'job.live';
  item.accessibilityInformation = {
    label: `Job ${job.id} ${job.name}, ${toStateWord(job)}, ${count(watchers, 'watcher')}`,
  };
  return item;
}

export function toJobTooltip(job: Job): MarkdownString {
  const { id, name, cluster, reason, submitted, started, ended, exitCode, restarts, outputs } = job;
  const tooltip = new MarkdownString();
  tooltip.appendMarkdown('**').appendText(name).appendMarkdown('**  \n');
  tooltip.appendText(`Job ${id} on ${cluster}: ${toStateWord(job)}${reason === '' ? '' : ` (${reason})`}`);
  const rows: readonly (readonly [string, string | null])[] = [
    ['Submitted', toMoment(submitted)],
    ['Started', started === null ? null : toMoment(started)],
    ['Ended', ended === null ? null : toMoment(ended)],
    ['Exit code', exitCode],
    ['Restarts', restarts === 0 ? null : String(restarts)],
    ['Output', outputs.stdout],
    ['Errors', outputs.stderr === outputs.stdout ? null : outputs.stderr],
  ];
  tooltip.appendMarkdown('\n\n| | |\n|---|---|\n');
  for (const [title, value] of rows) {
    if (value !== null) tooltip.appendMarkdown(`| ${title} | `).appendText(value).appendMarkdown(' |\n');
  }
  return tooltip;
}

const toMoment = (time: Time): string => new Date(time).toLocaleString();
