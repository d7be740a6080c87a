// The extension: a list of its parts.
import type { ExtensionContext } from 'vscode';
import { createActiveScript } from './activeScript';
import type { App } from './app';
import { registerCommands } from './commands';
import { createEngine } from './engine';
import { startLanguageClient } from './languageClient';
import { createLiveLenses } from './liveLenses';
import { createLog } from './log';
import { createNotifications } from './notifications';
import { cancelAfterAsking } from './commands/cancelJob';
import { openOutputDocument } from './outputDocuments';
import { createOutputPanels } from './panels/outputPanel';
import { builderKind } from './panels/builderPanel';
import { createPanels } from './panels/panels';
import { createMetricsCharts } from './metricsCharts';
import { createPatternTests } from './patternTests';
import { questionDialogs } from './questionDialogs';
import { createQuestions } from './questions';
import { createRemoteOutputs } from './remoteOutput';
import { resumeWhereActive } from './resume';
import { createSecretNotices } from './secretNotices';
import { createSignInNotices } from './signInNotices';
import { createStatusBar } from './statusBar';
import { createSubmitPlaces } from './submitPlaces';
import { createSubmittedScripts } from './submittedScripts';
import { createClustersTree } from './trees/clusters';
import { createEventsTree } from './trees/events';
import { createMetricsTree } from './trees/metrics';
import { createWatchersTree } from './trees/watchers';
import { createWritingAid } from './writingAid';

export function activate(context: ExtensionContext): void {
  const log = createLog();
  const engine = createEngine(context, log, createQuestions(context.secrets, questionDialogs));
  const scripts = createSubmittedScripts(context.workspaceState, engine);
  const places = createSubmitPlaces(context.workspaceState);
  const remoteOutputs = createRemoteOutputs(engine);
  const clustersTree = createClustersTree(engine);
  const watchersTree = createWatchersTree(engine);
  const eventsTree = createEventsTree(engine);
  const metricsTree = createMetricsTree(engine);
  const metricsPanels = createMetricsCharts({ context, log, engine, eventsTree, metricsTree });
  const patternTests = createPatternTests();
  const outputPanels = createOutputPanels({
    ...{ context, log, engine },
    deeds: {
      cancel: (target) => cancelAfterAsking({ engine, clustersTree }, target),
      showEvent: (event) => eventsTree.reveal(event),
      openAsText: (output) => openOutputDocument({ engine, remoteOutputs }, output),
    },
  });
  const builders = createPanels(
    context,
    log,
    builderKind(() => app),
  );
  const app: App = {
    ...{ context, log, engine, scripts, places, remoteOutputs, outputPanels },
    ...{ clustersTree, watchersTree, eventsTree, patternTests, builders },
    ...{ metricsTree, metricsPanels },
  };
  context.subscriptions.push(
    log,
    engine,
    scripts,
    remoteOutputs,
    clustersTree,
    watchersTree,
    eventsTree,
    outputPanels,
    metricsTree,
    metricsPanels,
    patternTests,
    builders,
    createStatusBar(engine),
    createNotifications(app),
    createSignInNotices(engine),
    createSecretNotices(engine),
    createActiveScript(),
    createLiveLenses(engine),
    registerCommands(app),
    startLanguageClient(context, log),
    createWritingAid(),
    resumeWhereActive(engine, log),
  );
}
