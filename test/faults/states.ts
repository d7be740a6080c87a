// The states in which a watcher may be once its job has ended.
import type { WatcherState } from '../../engine/model';

export const terminalStates: readonly WatcherState[] = ['completed', 'triggered', 'disabled', 'static'];
