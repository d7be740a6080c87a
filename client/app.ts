// What the parts of the extension share, handed to every command.
import type { ExtensionContext } from 'vscode';
import type { Engine } from './engine';
import type { Log } from './log';
import type { OutputPanels } from './panels/outputPanel';
import type { BuilderProtocol } from '../webviews/builder/protocol';
import type { Panels } from './panels/panels';
import type { MetricsPanels } from './panels/metricsPanel';
import type { PatternTests } from './patternTests';
import type { RemoteOutputs } from './remoteOutput';
import type { SubmitPlaces } from './submitPlaces';
import type { SubmittedScripts } from './submittedScripts';
import type { ClustersTree } from './trees/clusters';
import type { EventsTree } from './trees/events';
import type { MetricsTree } from './trees/metrics';
import type { WatchersTree } from './trees/watchers';

export interface App {
  readonly context: ExtensionContext;
  readonly log: Log;
  readonly engine: Engine;
  readonly scripts: SubmittedScripts;
  readonly places: SubmitPlaces;
  readonly remoteOutputs: RemoteOutputs;
  readonly outputPanels: OutputPanels;
  readonly clustersTree: ClustersTree;
  readonly watchersTree: WatchersTree;
  readonly eventsTree: EventsTree;
  readonly metricsTree: MetricsTree;
  readonly metricsPanels: MetricsPanels;
  readonly patternTests: PatternTests;
  readonly builders: Panels<BuilderProtocol>;
}
