// Draws a tree again soon after something has changed, and now and then for its ages, but never while nobody looks.
import type { TreeView } from 'vscode';
import type { Owned } from '../owned';

/** News that comes closer together is shown together, in milliseconds. */
const gatherTime = 150;
/** How often ages such as `2 min ago` are brought up to date, in milliseconds. */
const ageTime = 10_000;

export interface Refresh extends Owned {
  soon(): void;
}

export function createRefresh<Node>(view: TreeView<Node>, draw: () => void): Refresh {
  let soon: NodeJS.Timeout | undefined;
  let isStale = false;
  const drawNow = (): void => {
    soon = undefined;
    isStale = !view.visible;
    if (view.visible) draw();
  };
  const ages = setInterval(() => {
    if (view.visible) draw();
  }, ageTime);
  const visibility = view.onDidChangeVisibility(({ visible }) => {
    if (visible && isStale) drawNow();
  });
  return {
    soon: () => {
      soon ??= setTimeout(drawNow, gatherTime);
    },
    dispose: () => {
      clearTimeout(soon);
      clearInterval(ages);
      visibility.dispose();
    },
  };
}
