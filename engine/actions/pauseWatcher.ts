// pause_watcher: the watcher that holds it pauses.
import type { LocalAction } from './action';

export const pauseWatcher: LocalAction = {
  kind: 'local',
  apply: () => ({ success: true, result: 'paused by its own action', pauses: true }),
};
