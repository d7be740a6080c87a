// Charts of metrics: their panels with what they need of the engine and of the other parts.
import type { ExtensionContext } from 'vscode';
import { pickMetrics } from './chooseMetrics';
import type { Engine } from './engine';
import type { Log } from './log';
import { createMetricsPanels, type MetricsPanels } from './panels/metricsPanel';
import type { MetricsSource, SourceState } from './panels/metricsServer';
import type { EventsTree } from './trees/events';
import type { MetricsTree } from './trees/metrics';

export interface MetricsChartsParts {
  readonly context: Pick<ExtensionContext, 'extensionUri'>;
  readonly log: Log;
  readonly engine: Engine;
  readonly eventsTree: EventsTree;
  readonly metricsTree: MetricsTree;
}

export function createMetricsCharts(parts: MetricsChartsParts): MetricsPanels {
  const { context, log, engine, eventsTree } = parts;
  return createMetricsPanels({
    ...{ context, log, engine: toSource(engine) },
    deeds: {
      choose: (shown, first) => pickMetrics(parts, { shown, first, title: 'Add Metrics to the Chart' }),
      exportValues: async (series) => (await import('./metricExport.js')).exportValues(engine, series),
      savePicture: async (content) => (await import('./metricExport.js')).savePicture(content),
      showEvent: (event) => eventsTree.reveal(event),
    },
  });
}

const toSource = (engine: Engine): MetricsSource => ({
  request: (method, params) => engine.request(method, params),
  onDidChange: (take) => engine.onDidChange(take),
  onDidReset: (take) => engine.onDidReset(take),
  findState: () => findState(engine),
});

function findState({ state, isFilled }: Engine): SourceState {
  if (state.kind === 'lost') return { kind: 'lost', words: `${state.error.message} ${state.error.remedy}` };
  return { kind: isFilled ? 'ready' : 'away' };
}
