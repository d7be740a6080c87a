// The panels of metrics: one chart for each job, to which others add lines.
import type { ExtensionContext } from 'vscode';
import { fitsFields, text, type Fields } from '../../engine/shapes';
import type { JobKey } from '../../engine/model';
import {
  chartSeries,
  metricsAsks,
  type ChartSeries,
  type MetricsProtocol,
} from '../../webviews/metrics/protocol';
import type { Log } from '../log';
import type { Owned } from '../owned';
import { MetricsServer, toTitle, type MetricsDeeds, type MetricsSource } from './metricsServer';
import type { PanelKind } from './panelKind';
import { createPanels } from './panels';

type Context = MetricsProtocol['context'];

export interface MetricsPanels extends Owned {
  /** Shows the job's chart with these lines among those it has; without any, as it was left, at first with all of the job's. */
  open(context: Context): void;
  /** The chart that was shown or changed last, if it is still open. */
  readonly last: Pick<Context, 'job' | 'title'> | undefined;
}

export interface MetricsPanelsParts {
  readonly context: Pick<ExtensionContext, 'extensionUri'>;
  readonly log: Log;
  readonly engine: MetricsSource;
  readonly deeds: MetricsDeeds;
}

const contextFields: Fields<Context> = { job: text, title: text, series: chartSeries };

export function createMetricsPanels({ context, log, engine, deeds }: MetricsPanelsParts): MetricsPanels {
  /** Lines for pages that are not there yet. */
  const added = new Map<JobKey, readonly ChartSeries[]>();
  let last: Context | undefined;
  const kind: PanelKind<MetricsProtocol> = {
    page: 'metrics',
    hasWorker: false,
    asks: metricsAsks,
    readContext: (kept) => (fitsFields(contextFields, kept) ? kept : undefined),
    keyOf: ({ job }) => job,
    titleOf: ({ title }) => toTitle(title, 0),
    serve: (about, page) => {
      const { job } = about;
      last = about;
      return new MetricsServer({
        ...{ context: about, page, engine, deeds },
        takeAdded: () => {
          const own = added.get(job) ?? [];
          added.delete(job);
          return own;
        },
      });
    },
  };
  const panels = createPanels(context, log, kind);
  return {
    open: (about) => {
      const { job, series } = about;
      const page = panels.findPage(about);
      if (page) page.tell('added', series);
      else if (series.length > 0) added.set(job, [...(added.get(job) ?? []), ...series]);
      last = about;
      panels.open(about);
    },
    get last() {
      return last && panels.isOpen(last) ? last : undefined;
    },
    dispose: () => {
      panels.dispose();
    },
  };
}
