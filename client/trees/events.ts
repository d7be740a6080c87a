// The list of events, live, newest first: of all watchers, or of the one watcher or job that was asked for.
import { commands, EventEmitter, window, type TreeDataProvider } from 'vscode';
import { hasOlderEvents } from '../../engine/link/olderEvents';
import { WatchError } from '../../engine/errors';
import type { WatchEvent } from '../../engine/model';
import type { EventFilter } from '../../engine/protocol';
import type { Engine } from '../engine';
import type { Owned } from '../owned';
import { describeView, Row } from '../show/rows';
import { toEventItem } from './eventItem';
import { ChosenEvents, describeEventList, type EventChoice } from './chosenEvents';
import { EventNodes } from './eventNodes';
import type { EventNode } from './nodes';
import { createRefresh } from './refresh';

export interface EventsTree extends Owned {
  /** Shows the events of one watcher or job; undefined: all again. */
  show(choice: EventChoice | undefined): Promise<void>;
  find(event: number): WatchEvent | undefined;
  /** Selects it in the list, and moves the focus there; throws not-found if it is older than what is listed. */
  reveal(event: number): Promise<void>;
}

export function createEventsTree(engine: Engine): EventsTree {
  const changed = new EventEmitter<EventNode[] | undefined>();
  let chosen: ChosenEvents | undefined;
  const listed = (): readonly WatchEvent[] => chosen?.events ?? engine.mirror.events;
  const find = (event: number): WatchEvent | undefined => listed().find(({ id }) => id === event);
  const nodes = new EventNodes(listed);
  const provider: TreeDataProvider<EventNode> = {
    onDidChangeTreeData: changed.event,
    getTreeItem: (node) => {
      const event = find(node.event);
      return event ? toEventItem(event) : new Row('no longer kept');
    },
    getChildren: (node) => nodes.childrenOf(node),
    // Which is what a node needs to be revealed.
    getParent: () => undefined,
  };
  const view = window.createTreeView('slurmWatchers.events', { treeDataProvider: provider });
  const refresh = createRefresh(view, () => {
    describeView(view, {
      message: chosen ? describeEventList(chosen.events, chosen.isCut) : '',
    });
    const news = nodes.findChanged(Date.now());
    if (news === 'all') changed.fire(undefined);
    else if (news.length > 0) changed.fire(news);
  });
  const fill = async (events: ChosenEvents): Promise<void> => {
    const found = await engine.request('engine/events', events.request);
    const ask = (method: 'engine/events', filter: EventFilter) => engine.request(method, filter);
    events.fill(found, await hasOlderEvents(ask, events.request, found));
    if (chosen === events) refresh.soon();
  };
  const parts = [
    engine.onDidReset(() => {
      refresh.soon();
      // What an engine that is away has done meanwhile is asked for when it is back.
      if (chosen && engine.state.kind === 'connected') fill(chosen).catch(() => undefined);
    }),
    engine.onDidChange(({ events }) => {
      if (events.length === 0) return;
      chosen?.add(events, (job) => engine.mirror.findJob(job)?.parent ?? null);
      refresh.soon();
    }),
    refresh,
    view,
    changed,
  ];
  const show = async (choice: EventChoice | undefined): Promise<void> => {
    chosen = choice && new ChosenEvents(choice);
    describeView(view, { description: choice?.title ?? '' });
    void commands.executeCommand('setContext', 'slurmWatchers.eventsAreChosen', choice !== undefined);
    if (chosen) await fill(chosen);
    refresh.soon();
  };
  return {
    find,
    show,
    reveal: async (event) => {
      if (!find(event) && chosen) await show(undefined);
      const node = nodes.childrenOf(undefined).find((listed) => listed.event === event);
      if (!node)
        throw new WatchError(
          'not-found',
          'This event is older than those that are listed.',
          'Show the events of its watcher alone, or list them with `slurm-watchers events`.',
        );
      await view.reveal(node, { select: true, focus: true });
    },
    dispose: () => {
      for (const part of parts) part.dispose();
    },
  };
}
