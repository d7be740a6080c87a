// The lines of the sample: matches and groups in colour, a current line for the keyboard, and what is selected in them.
import { toPageText } from '../../language/show/page';
import type { Span } from '../../language/text';
import { RowList } from '../kit/rowList';
import { toRawOffset, toStretches } from './sample';
import { toGroupClass } from './view/groupClass';
import type { MatchPlace } from './work/matchWork';

/** What of a line is drawn, characters: rows are one line high. */
const longestShown = 4000;

export interface SampleRowsParts {
  readonly lineAt: (line: number) => string | undefined;
  readonly placesOf: (line: number) => readonly MatchPlace[] | undefined;
  /** Other lines are in sight, or places of those that are have become unknown. */
  readonly onSight: () => void;
  /** Enter on the current line. */
  readonly onUse: () => void;
}

/** A piece of one line; an empty span stands for all of it. */
export interface SampleSelection {
  readonly line: number;
  readonly span: Span;
}

export interface SampleRows {
  readonly element: HTMLElement;
  readonly setCount: (count: number) => void;
  readonly refresh: () => void;
  readonly visible: () => { readonly first: number; readonly end: number };
  /** Brings it into sight, and makes it the current one. */
  readonly show: (line: number) => void;
  readonly selection: () => SampleSelection | undefined;
}

export function createSampleRows({ lineAt, placesOf, onSight, onUse }: SampleRowsParts): SampleRows {
  const element = document.createElement('div');
  element.className = 'sample-rows';
  let current: number | undefined;
  let isTold = false;
  /** Once for all rows that are drawn together. */
  const tellSight = (): void => {
    if (isTold) return;
    isTold = true;
    queueMicrotask(() => {
      isTold = false;
      onSight();
    });
  };
  const rows = new RowList({
    element,
    label: 'Lines of the sample. Arrows choose a line, Enter makes a pattern from it.',
    onScroll: onSight,
    draw: (row, index) => {
      row.dataset['line'] = String(index);
      if (index === current) row.classList.add('current');
      const number = document.createElement('span');
      number.className = 'line-number';
      number.textContent = String(index + 1);
      number.setAttribute('aria-hidden', 'true');
      const places = placesOf(index);
      if (!places) tellSight();
      row.append(number, drawLine(lineAt(index) ?? '', places ?? []));
    },
  });
  const setCurrent = (line: number): void => {
    current = Math.max(0, Math.min(rows.count - 1, line));
    rows.scrollTo(current);
    rows.refresh();
  };
  element.addEventListener(
    'keydown',
    (event) => {
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
      if (step !== 0) setCurrent(current === undefined ? rows.visible.first : current + step);
      else if (event.key === 'Enter') onUse();
      else return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    { capture: true },
  );
  element.addEventListener('click', ({ target }) => {
    const row = (target as HTMLElement).closest<HTMLElement>('.row');
    if (!row || !getSelection()?.isCollapsed) return;
    current = Number(row.dataset['line']);
    for (const other of element.querySelectorAll('.row.current')) other.classList.remove('current');
    row.classList.add('current');
  });
  return {
    element,
    setCount: (count) => {
      current = undefined;
      rows.setCount(count);
    },
    refresh: () => {
      rows.refresh();
    },
    visible: () => rows.visible,
    show: setCurrent,
    selection: () =>
      findSelected(element, lineAt) ??
      (current === undefined ? undefined : { line: current, span: { start: 0, end: 0 } }),
  };
}

function drawLine(whole: string, places: readonly MatchPlace[]): HTMLElement {
  const text = document.createElement('span');
  text.className = 'line';
  const raw = whole.slice(0, longestShown);
  for (const { start, end, group } of toStretches(raw.length, places)) {
    const stretch = document.createElement('span');
    stretch.dataset['start'] = String(start);
    stretch.textContent = toPageText(raw.slice(start, end));
    if (group !== undefined) stretch.className = group === 0 ? 'match' : `match ${toGroupClass(group)}`;
    text.append(stretch);
  }
  if (whole.length > longestShown) text.append('…');
  return text;
}

function findSelected(
  element: HTMLElement,
  lineAt: (line: number) => string | undefined,
): SampleSelection | undefined {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return undefined;
  const range = selection.getRangeAt(0);
  const start = toPlace(element, range.startContainer, range.startOffset);
  const end = toPlace(element, range.endContainer, range.endOffset);
  if (!start) return undefined;
  const line = lineAt(start.line);
  if (line === undefined) return undefined;
  const to = end?.line === start.line ? end.at(line) : line.length;
  return { line: start.line, span: { start: start.at(line), end: to } };
}

interface Place {
  readonly line: number;
  readonly at: (line: string) => number;
}

function toPlace(element: HTMLElement, node: Node, offset: number): Place | undefined {
  const own = node instanceof HTMLElement ? node : node.parentElement;
  const row = own?.closest<HTMLElement>('.row');
  if (!own || !row || !element.contains(row)) return undefined;
  const stretch = own.closest<HTMLElement>('[data-start]');
  const start = Number(stretch?.dataset['start'] ?? 0);
  return {
    line: Number(row.dataset['line']),
    at: (line) =>
      stretch && node instanceof Text
        ? start + toRawOffset(line.slice(start), offset)
        : offset === 0
          ? start
          : line.length,
  };
}
