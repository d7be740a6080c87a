// The panels of metrics: one chart for each job, to which others add lines.
import type { ExtensionContext } from 'vscode';
import { fits } from '../../engine/shapes';
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
import type { PageLink, PanelKind } from './panelKind';
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

function readContext(kept: unknown): Context | undefined {
  const { job, title, series } = (kept ?? {}) as Partial<Record<keyof Context, unknown>>;
  return typeof job === 'string' && typeof title === 'string' && fits(chartSeries, series)
    ? { job, title, series }
    : undefined;
}

export function createMetricsPanels({ context, log, engine, deeds }: MetricsPanelsParts): MetricsPanels {
  const pages = new Map<JobKey, PageLink<MetricsProtocol>>();
  /** Lines for pages that are not there yet. */
  const added = new Map<JobKey, readonly ChartSeries[]>();
  let last: Context | undefined;
  const kind: PanelKind<MetricsProtocol> = {
    page: 'metrics',
    hasWorker: false,
    asks: metricsAsks,
    readContext,
    keyOf: ({ job }) => job,
    titleOf: ({ title }) => toTitle(title, 0),
    serve: (about, page) => {
      const { job } = about;
      pages.set(job, page);
      last = about;
      const server = new MetricsServer({
        ...{ context: about, page, engine, deeds },
        takeAdded: () => {
          const own = added.get(job) ?? [];
          added.delete(job);
          return own;
        },
      });
      return {
        answers: server.answers,
        dispose: () => {
          if (pages.get(job) === page) pages.delete(job);
          server.dispose();
        },
      };
    },
  };
  const panels = createPanels(context, log, kind);
  return {
    open: (about) => {
      const { job, series } = about;
      const page = pages.get(job);
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
