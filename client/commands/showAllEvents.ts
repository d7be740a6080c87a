// Show All Events: the view of events without a choice of watcher or job.
import type { App } from '../app';

export const showAllEvents = ({ eventsTree }: App): Promise<void> => eventsTree.show(undefined);
