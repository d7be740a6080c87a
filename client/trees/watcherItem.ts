// A watcher as an item of the tree.
import { MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { Job, Time, Watcher, WatcherState } from '../../engine/model';
import { canRearm, describeWatcher, toOneLine } from '../words';
import { toWatcherNode } from './nodes';

const states: Readonly<
  Record<WatcherState, { readonly icon: string; readonly color?: string; readonly words: string }>
> = {
  active: { icon: 'eye', color: 'charts.green', words: 'is watching' },
  paused: { icon: 'debug-pause', color: 'list.warningForeground', words: 'is paused' },
  triggered: {
    icon: 'bell-dot',
    color: 'charts.blue',
    words: 'is done: it has triggered as often as it may',
  },
  disabled: { icon: 'error', color: 'list.errorForeground', words: 'is disabled after failures' },
  completed: { icon: 'check', words: 'is done: its job has ended' },
  static: { icon: 'history', words: 'is for use by hand: its job had ended before' },
};

/** Of an array, what each task gets when it starts. */
const template = { icon: 'files', color: undefined, words: 'is for each task of the array' };

export function toWatcherItem(watcher: Watcher, job: Job | undefined, now: Time): TreeItem {
  const { id, definition, progress } = watcher;
  const isTemplate = job?.isArray === true;
  const { icon, color, words } = isTemplate ? template : states[progress.state];
  const description = isTemplate ? 'for each task' : describeWatcher(watcher, now);
  const item = new TreeItem(definition.name, TreeItemCollapsibleState.None);
  item.id = `watcher ${id}`;
  item.description = description;
  item.iconPath = new ThemeIcon(icon, color === undefined ? undefined : new ThemeColor(color));
  item.contextValue = isTemplate
    ? 'watcher.template'
    : `watcher.${progress.state}${canRearm(watcher, job) ? '.rearmable' : ''}`;
  item.accessibilityInformation = {
    label: `Watcher ${definition.name} ${words}${isTemplate ? '' : `, ${description}`}`,
  };
  item.command = {
    command: 'slurmWatchers.revealDirective',
    title: 'Reveal in Script',
    arguments: [toWatcherNode(id)],
  };
  return item;
}

/** Built when somebody looks; what was a while ago then has its time of day, since a tooltip is not drawn again. */
export function toWatcherTooltip({ definition, progress }: Watcher): MarkdownString {
  const { words } = states[progress.state];
  const { pattern, condition, actions } = definition;
  const tooltip = new MarkdownString();
  tooltip.appendMarkdown('**').appendText(definition.name).appendMarkdown('** ').appendText(words);
  if (progress.stateReason !== null) tooltip.appendText(`: ${progress.stateReason}`);
  if (pattern !== null) tooltip.appendCodeblock(pattern, 'regexp');
  if (condition !== null) tooltip.appendMarkdown('if').appendCodeblock(condition, 'python');
  tooltip.appendMarkdown('\n\n→ ').appendText(actions.map(({ type }) => type).join(', '));
  tooltip.appendMarkdown('\n\n| | |\n|---|---|\n');
  const rows: readonly (readonly [string, string | null])[] = [
    ...Object.entries(progress.variables).map(([name, value]) => [name, toOneLine(value, 80)] as const),
    ['Triggers', String(progress.triggerCount)],
    ['Failures', progress.failureCount === 0 ? null : String(progress.failureCount)],
    ['Last match', toMoment(progress.lastMatch)],
    ['Last look', toMoment(progress.lastCheck)],
    ['Next look', toMoment(progress.nextCheck)],
  ];
  for (const [title, value] of rows) {
    if (value === null) continue;
    tooltip
      .appendMarkdown('| ')
      .appendText(title)
      .appendMarkdown(' | ')
      .appendText(value)
      .appendMarkdown(' |\n');
  }
  return tooltip;
}

const toMoment = (time: Time | null): string | null =>
  time === null ? null : new Date(time).toLocaleTimeString();
