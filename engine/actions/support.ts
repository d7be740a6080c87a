// Which actions this engine can run: watchers with any other one are refused before their job is.
import { reachesOutside, type ActionType } from '../../language/actionTable';
import type { Definition } from '../../language/definition';
import type { OutsideActions } from './action';
import { findLocalAction } from './localActions';

/** The first action of a watcher that cannot be run. */
export const findUnsupported = (
  { actions: wanted }: Definition,
  actions: OutsideActions,
): ActionType | undefined =>
  wanted.find(({ type }) => !(reachesOutside(type) ? actions[type] : findLocalAction(type)))?.type;
