// The extension: a list of its parts.
import type { ExtensionContext } from 'vscode';
import { createActiveScript } from './activeScript';
import type { App } from './app';
import { registerCommands } from './commands';
import { createEngine } from './engine';
import { startLanguageClient } from './languageClient';
import { createLog } from './log';
import { createNotifications } from './notifications';
import { resumeWhereActive } from './resume';
import { createStatusBar } from './statusBar';
import { createSubmittedScripts } from './submittedScripts';
import { createEventsTree } from './trees/events';
import { createWatchersTree } from './trees/watchers';
import { createWritingAid } from './writingAid';

export function activate(context: ExtensionContext): void {
  const log = createLog();
  const engine = createEngine(context, log);
  const scripts = createSubmittedScripts(context.workspaceState, engine);
  const watchersTree = createWatchersTree(engine);
  const app: App = { context, log, engine, scripts, watchersTree };
  context.subscriptions.push(
    log,
    engine,
    scripts,
    watchersTree,
    createEventsTree(engine),
    createStatusBar(engine),
    createNotifications(app),
    createActiveScript(),
    registerCommands(app),
    startLanguageClient(context, log),
    createWritingAid(),
    resumeWhereActive(engine, log),
  );
}
