// pause_watcher: the watcher that holds it pauses.
import type { LocalAction } from './action';

export const pauseWatcher: LocalAction = () => ({
  success: true,
  result: 'paused by its own action',
  watcher: { move: 'pause', reason: 'its own action' },
});
