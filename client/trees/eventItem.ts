// An event as an item of the tree.
import { MarkdownString, ThemeColor, ThemeIcon, TreeItem } from 'vscode';
import type { WatchEvent } from '../../engine/model';
import { toLevel, toOneLine, type Level } from '../words';
import { toEventNode } from './nodes';

const colors: Readonly<Record<Level, string | undefined>> = {
  error: 'list.errorForeground',
  warning: 'list.warningForeground',
  info: undefined,
};

const icons: Readonly<Record<WatchEvent['kind'], string>> = {
  trigger: 'zap',
  action: 'check',
  skip: 'debug-step-over',
  error: 'error',
  state: 'arrow-swap',
  gap: 'discard',
};

export function toEventItem(event: WatchEvent): TreeItem {
  const level = toLevel(event);
  const item = new TreeItem(toOneLine(event.result));
  const time = new Date(event.time).toLocaleTimeString();
  const who = [...(event.watcher === null ? [] : [event.watcher]), `job ${event.jobId}`].join(' · ');
  item.id = `event ${event.id}`;
  item.description = `${who} · ${time}`;
  item.iconPath = toIcon(event, level);
  item.contextValue = 'event';
  item.tooltip = toTooltip(event);
  item.accessibilityInformation = {
    label: `${event.action ?? event.kind}${level === 'info' ? '' : `, ${level}`}: ${toOneLine(event.result)}, ${who}, ${time}`,
  };
  item.command = {
    command: 'slurmWatchers.revealDirective',
    title: 'Reveal in Script',
    arguments: [toEventNode(event.id)],
  };
  return item;
}

function toIcon(event: WatchEvent, level: Level): ThemeIcon {
  const color = colors[level];
  const id = level === 'error' ? 'error' : level === 'warning' ? 'warning' : icons[event.kind];
  return new ThemeIcon(id, color === undefined ? undefined : new ThemeColor(color));
}

function toTooltip({
  action,
  kind,
  time,
  result,
  matchedText,
  captures,
  params,
}: WatchEvent): MarkdownString {
  const tooltip = new MarkdownString();
  tooltip.appendMarkdown(`**${action ?? kind}** `).appendText(new Date(time).toLocaleString());
  tooltip.appendMarkdown('\n\n').appendText(result);
  if (matchedText !== null) tooltip.appendMarkdown('\n\nMatched').appendCodeblock(toOneLine(matchedText));
  const rows = [...Object.entries(captures), ...Object.entries(params)];
  if (rows.length > 0) tooltip.appendMarkdown('\n\n| | |\n|---|---|\n');
  for (const [name, value] of rows) {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    tooltip
      .appendMarkdown('| ')
      .appendText(name)
      .appendMarkdown(' | ')
      .appendText(toOneLine(text))
      .appendMarkdown(' |\n');
  }
  return tooltip;
}
