// Keys of an output's lines: the current line moves, selections grow, Enter does what the line offers.
import type { OutputBuffer } from './buffer';
import type { RowSelection } from './rowSelection';
import type { TextView } from './textView';

export interface GridKeysParts {
  readonly view: TextView;
  readonly buffer: OutputBuffer;
  readonly selection: RowSelection;
  /** What a click on the line's mark, or on what unfolds it, does. */
  readonly press: (line: number) => void;
}

export function handleKeys(grid: HTMLElement, { view, buffer, selection, press }: GridKeysParts): void {
  const move = (rows: number, isExtending: boolean): void => {
    const start = buffer.lineAt(selection.current ?? -1) ?? view.firstVisible;
    if (!start) return;
    let line = start;
    for (let step = 0; step < Math.abs(rows) && (selection.current !== undefined || step > 0); step += 1) {
      const next = rows < 0 ? buffer.lineBefore(line) : buffer.lineAfter(line);
      if (!next) break;
      line = next;
    }
    if (isExtending) selection.extendTo(line.from);
    else selection.setCurrent(line.from);
    view.bringIntoSight(line.from);
    selection.paint();
  };
  const goToStart = (): void => {
    view.scrollTo(0, 'top');
    selection.setCurrent(0);
  };
  const goToEnd = (): void => {
    view.scrollToEnd();
    const last = buffer.lastLine;
    if (last) selection.setCurrent(last.from);
  };
  const actions: Readonly<Record<string, (event: KeyboardEvent) => void>> = {
    ArrowUp: ({ shiftKey }) => {
      move(-1, shiftKey);
    },
    ArrowDown: ({ shiftKey }) => {
      move(1, shiftKey);
    },
    PageUp: ({ shiftKey }) => {
      move(-view.pageRows, shiftKey);
    },
    PageDown: ({ shiftKey }) => {
      move(view.pageRows, shiftKey);
    },
    Home: goToStart,
    End: goToEnd,
    Enter: () => {
      if (selection.current !== undefined) press(selection.current);
    },
    Escape: () => {
      selection.clear();
    },
  };
  grid.addEventListener('keydown', (event) => {
    if (event.altKey || event.target !== grid) return;
    const isSelectAll = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a';
    const action = event.ctrlKey || event.metaKey ? undefined : actions[event.key];
    if (isSelectAll) selection.selectAll();
    else if (event.ctrlKey && (event.key === 'Home' || event.key === 'End')) actions[event.key]?.(event);
    else if (action) action(event);
    else return;
    // The workbench has other uses for some of them.
    event.preventDefault();
    event.stopPropagation();
  });
}
