// The list of events, live, newest first.
import { EventEmitter, TreeItem, window, type TreeDataProvider } from 'vscode';
import type { Engine } from '../engine';
import type { Owned } from '../owned';
import { toEventItem } from './eventItem';
import { toEventNode, type EventNode } from './nodes';
import { createRefresh } from './refresh';

export function createEventsTree(engine: Engine): Owned {
  const drawn = new EventEmitter<undefined>();
  const provider: TreeDataProvider<EventNode> = {
    onDidChangeTreeData: drawn.event,
    getTreeItem: (node) => {
      const event = engine.mirror.events.find(({ id }) => id === node.event);
      return event ? toEventItem(event) : new TreeItem('no longer kept');
    },
    getChildren: (node) => (node ? [] : engine.mirror.events.map(({ id }) => toEventNode(id)).reverse()),
  };
  const view = window.createTreeView('slurmWatchers.events', { treeDataProvider: provider });
  const refresh = createRefresh(view, () => {
    drawn.fire(undefined);
  });
  const parts = [
    engine.onDidReset(() => {
      refresh.soon();
    }),
    engine.onDidChange(({ events }) => {
      if (events.length > 0) refresh.soon();
    }),
    refresh,
    view,
    drawn,
  ];
  return {
    dispose: () => {
      for (const part of parts) part.dispose();
    },
  };
}
