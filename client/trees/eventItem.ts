// An event as an item of the tree.
import { ThemeColor, ThemeIcon } from 'vscode';
import type { WatchEvent } from '../../engine/model';
import { toLevel, toOneLine, type Level } from '../../engine/words';
import { inMarkdown, toMarkdown, toMarkdownBlock, type Markdown } from '../../language/show/markdown';
import { toVsCodePlain } from '../../language/show/vscode';
import { Row, Tooltip } from '../show/rows';
import { toFactTable } from './factTable';
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

export function toEventItem(event: WatchEvent): Row {
  const level = toLevel(event);
  const item = new Row(toOneLine(event.result));
  const time = new Date(event.time).toLocaleTimeString();
  const who = [...(event.watcher === null ? [] : [event.watcher]), `job ${event.jobId}`].join(' · ');
  item.id = `event ${event.id}`;
  item.description = toVsCodePlain(`${who} · ${time}`);
  item.iconPath = toIcon(event, level);
  item.contextValue = 'event';
  item.tooltip = toTooltip(event);
  item.accessibilityInformation = {
    label: toVsCodePlain(
      `${event.action ?? event.kind}${level === 'info' ? '' : `, ${level}`}: ${toOneLine(event.result)}, ${who}, ${time}`,
    ),
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

/** Lines of a command's output that a tooltip has at most. */
const shownLines = 30;

function toPrinted(lines: readonly string[]): Markdown {
  const head =
    lines.length > shownLines ? `Printed, the last ${shownLines} of ${lines.length} lines` : 'Printed';
  const block = toMarkdownBlock(lines.slice(-shownLines).join('\n').slice(-8000));
  return inMarkdown`\n\n${toMarkdown(head)}\n${block}\n`;
}

function toTooltip(event: WatchEvent): Tooltip {
  const { action, kind, time, result, matchedText, captures, params, output } = event;
  const what = toMarkdown(action ?? kind);
  const when = toMarkdown(new Date(time).toLocaleString());
  const matched =
    matchedText === null
      ? inMarkdown``
      : inMarkdown`\n\nMatched\n${toMarkdownBlock(toOneLine(matchedText))}\n`;
  const facts = toFactTable(
    [...Object.entries(captures), ...Object.entries(params)].map(
      ([name, value]) =>
        [name, toOneLine(typeof value === 'string' ? value : JSON.stringify(value))] as const,
    ),
  );
  const printed = output === null ? inMarkdown`` : toPrinted(output.trimEnd().split('\n'));
  return new Tooltip(inMarkdown`**${what}** ${when}\n\n${toMarkdown(result)}${matched}${printed}${facts}`);
}
