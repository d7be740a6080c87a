// One line of an output as a row: its mark, its number, what is shown of it, and what unfolds it.
import { count } from '../../engine/words';
import { toPageLines } from '../../language/show/page';
import type { Piece } from './ansi';
import type { Line } from './buffer';
import { countOlderRefreshes, findRefreshes, listOlderRefreshes, showText } from './lineText';
import type { Mark } from './protocol';
import type { Theme } from './theme';

export interface RowParts {
  readonly id: string;
  readonly line: Line;
  /** Characters that are shown at most. */
  readonly characters: number;
  /** Whether refreshes before the last are shown too. */
  readonly showsOlder: boolean;
  readonly marks: readonly Mark[];
  /** `12`, `≈ 1200`; empty if nothing is known. */
  readonly number: string;
  /** When it was printed; empty if nobody knows. */
  readonly arrived: string;
  readonly theme: Theme;
}

/** Of refreshes before the last, as many are shown. */
const mostOlder = 100;
const olderLength = 500;

export function createRow(parts: RowParts): HTMLElement {
  const { id, line, marks, number, arrived } = parts;
  const row = createElement('div', 'line', { role: 'row', id, 'aria-selected': 'false' });
  const mark = createElement('div', 'mark', { role: 'gridcell' });
  if (marks.length > 0) mark.append(createMark(marks));
  const numberCell = createElement('div', 'number', { role: 'gridcell' });
  numberCell.textContent = line.beginsLine ? number : '…';
  if (arrived !== '') numberCell.title = arrived;
  const text = createElement('div', 'text', { role: 'gridcell' });
  fillText(text, parts);
  row.append(mark, numberCell, text);
  return row;
}

function fillText(cell: HTMLElement, { line, characters, showsOlder, theme }: RowParts): void {
  const { last, style, before } = findRefreshes(line.text, line.style);
  if (before > 0) {
    const older = countOlderRefreshes(line.text);
    if (older > 0) cell.append(createOlderButton(older, showsOlder));
    if (showsOlder)
      for (const text of listOlderRefreshes(line.text, mostOlder)) {
        const refresh = createElement('div', 'refresh');
        drawPieces(refresh, showText(text, line.style, olderLength).pieces, theme);
        cell.append(refresh);
      }
  }
  const shown = createElement('span', 'shown');
  const { pieces, folded } = showText(last, style, characters);
  drawPieces(shown, pieces, theme);
  cell.append(shown);
  if (folded > 0)
    cell.append(createButton('fold', `${toSize(folded)} more`, `Show more of this line: ${toSize(folded)}`));
}

function drawPieces(place: HTMLElement, pieces: readonly Piece[], theme: Theme): void {
  for (const { text, style, isControl } of pieces) {
    if (!isControl && style.foreground < 0 && style.background < 0 && style.look === 0) {
      place.append(text);
      continue;
    }
    const span = document.createElement('span');
    theme.dress(span, style);
    if (isControl) span.classList.add('control');
    span.textContent = text;
    place.append(span);
  }
}

/** `412 characters`, `4.9 million characters`. */
const toSize = (characters: number): string =>
  characters < 1_000_000
    ? `${characters.toLocaleString('en')} characters`
    : `${(characters / 1_000_000).toFixed(1)} million characters`;

function createOlderButton(older: number, isOpen: boolean): HTMLElement {
  const words = `${isOpen ? 'Hide' : 'Show'} ${count(older, 'earlier state')} of this line`;
  const button = createButton('older', `↻ ${older}`, words);
  button.setAttribute('aria-expanded', String(isOpen));
  return button;
}

function createMark(marks: readonly Mark[]): HTMLElement {
  const rank = { error: 2, warning: 1, info: 0 } as const;
  const worst = marks.reduce((one, other) => (rank[other.level] > rank[one.level] ? other : one));
  const words = marks
    .map(({ watcher, results }) => [`Watcher "${watcher}"`, ...results].join('\n'))
    .join('\n\n');
  const button = createButton(`event ${worst.level}`, '', toPageLines(words));
  button.dataset['event'] = String(worst.event);
  return button;
}

function createButton(className: string, label: string, words: string): HTMLElement {
  const button = createElement('button', className, { type: 'button', tabindex: '-1' });
  button.textContent = label;
  button.title = words;
  button.setAttribute('aria-label', words);
  return button;
}

function createElement(
  name: string,
  className: string,
  attributes: Readonly<Record<string, string>> = {},
): HTMLElement {
  const element = document.createElement(name);
  element.className = className;
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  return element;
}
