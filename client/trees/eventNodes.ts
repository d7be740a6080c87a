// The nodes of the list of events: the newest first, each the same as long as its event is listed.
import type { Time, WatchEvent } from '../../engine/model';
import { toEventNode, type EventNode } from './nodes';
import { StableNodes } from './stableNodes';

export class EventNodes {
  /** An event never looks otherwise than at first. */
  readonly #nodes = new StableNodes<EventNode>({
    childrenOf: (node) => this.childrenOf(node),
    describe: () => '',
  });

  /** `listed`: in rising order. */
  constructor(private readonly listed: () => readonly WatchEvent[]) {}

  childrenOf(node: EventNode | undefined): EventNode[] {
    if (node) return [];
    return this.listed()
      .map(({ id }) => this.#nodes.keep(toEventNode(id)))
      .reverse();
  }

  /** What is to be drawn again since this was asked last: `all` if events have come or gone, else nothing. */
  findChanged(now: Time): EventNode[] | 'all' {
    return this.#nodes.findChanged(undefined, now);
  }
}
