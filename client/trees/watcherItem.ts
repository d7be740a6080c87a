// A watcher as an item of the tree.
import { ThemeColor, ThemeIcon, TreeItemCollapsibleState } from 'vscode';
import type { Job, Time, Watcher, WatcherState } from '../../engine/model';
import { canRearm } from '../../engine/rules';
import { describeWatcher, toOneLine } from '../../engine/words';
import { inMarkdown, toMarkdown, toMarkdownBlock } from '../../language/show/markdown';
import { toVsCodePlain } from '../../language/show/vscode';
import { Row, Tooltip } from '../show/rows';
import { toFactTable } from './factTable';
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
  static: { icon: 'history', words: 'only acts when it is triggered by hand: its job had ended before' },
};

/** Of an array, what each task gets when it starts. */
const template = { icon: 'files', color: undefined, words: 'is for each task of the array' };

export function toWatcherItem(watcher: Watcher, job: Job | undefined, now: Time): Row {
  const { id, definition, progress } = watcher;
  const isTemplate = job?.isArray === true;
  const { icon, color, words } = isTemplate ? template : states[progress.state];
  const description = isTemplate ? 'for each task' : describeWatcher(watcher, now);
  const item = new Row(definition.name, TreeItemCollapsibleState.None);
  item.id = `watcher ${id}`;
  item.description = toVsCodePlain(description);
  item.iconPath = new ThemeIcon(icon, color === undefined ? undefined : new ThemeColor(color));
  item.contextValue = isTemplate
    ? 'watcher.template'
    : `watcher.${progress.state}${canRearm(watcher, job) ? '.rearmable' : ''}`;
  item.accessibilityInformation = {
    label: toVsCodePlain(`Watcher ${definition.name} ${words}${isTemplate ? '' : `, ${description}`}`),
  };
  item.command = {
    command: 'slurmWatchers.revealDirective',
    title: 'Reveal in Script',
    arguments: [toWatcherNode(id)],
  };
  return item;
}

/** Built when somebody looks; what was a while ago then has its time of day, since a tooltip is not drawn again. */
export function toWatcherTooltip({ definition, progress }: Watcher): Tooltip {
  const { words } = states[progress.state];
  const { pattern, condition, actions } = definition;
  const none = inMarkdown``;
  const why = toMarkdown(progress.stateReason === null ? words : `${words}: ${progress.stateReason}`);
  const matching = pattern === null ? none : inMarkdown`\n${toMarkdownBlock(pattern, 'regexp')}\n`;
  const holding = condition === null ? none : inMarkdown`if\n${toMarkdownBlock(condition, 'python')}\n`;
  const deeds = toMarkdown(actions.map(({ type }) => type).join(', '));
  const facts = toFactTable([
    ...Object.entries(progress.variables).map(([name, value]) => [name, toOneLine(value, 80)] as const),
    ['Triggers', String(progress.triggerCount)],
    ['Failures', progress.failureCount === 0 ? null : String(progress.failureCount)],
    ['Last match', toMoment(progress.lastMatch)],
    ['Last look', toMoment(progress.lastCheck)],
    ['Next look', toMoment(progress.nextCheck)],
  ]);
  return new Tooltip(
    inMarkdown`**${toMarkdown(definition.name)}** ${why}${matching}${holding}\n\n→ ${deeds}${facts}`,
  );
}

const toMoment = (time: Time | null): string | null =>
  time === null ? null : new Date(time).toLocaleTimeString();
