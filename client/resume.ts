// Watchers that were active when VS Code last closed go on: one look for the mark that the engine leaves.
import { stat } from 'node:fs/promises';
import { workspace, type Disposable } from 'vscode';
import { homePaths } from '../engine/link/home';
import type { Engine } from './engine';
import type { Log } from './log';

export function resumeWhereActive(engine: Engine, log: Log): Disposable {
  const look = (): void => {
    if (!workspace.isTrusted) return;
    stat(homePaths(engine.home).active).then(
      () => {
        log.info('There are active watchers: the engine is resumed.');
        engine.wake();
      },
      () => {
        log.debug('There are no active watchers.');
      },
    );
  };
  look();
  return workspace.onDidGrantWorkspaceTrust(look);
}
