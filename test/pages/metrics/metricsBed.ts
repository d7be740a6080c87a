// The page of metrics alone in a browser, over what an engine would have stored.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import type { PageServer } from '../../../client/panels/panelKind';
import { metricsAsks, type ChartSeries, type MetricsProtocol } from '../../../webviews/metrics/protocol';
import { openPage, startPageBrowser, type OpenedPage, type PageOptions } from '../bed/pageBed';
import type { StoredMetrics } from './storedMetrics';

export type MetricsPage = OpenedPage<MetricsProtocol> & {
  /** What was asked that reaches beyond the page, in order. */
  readonly deeds: (readonly [name: string, params: unknown])[];
};

export interface MetricsBed {
  /** Of the page's script. */
  readonly bytes: number;
  readonly open: (stored: StoredMetrics, options?: OpenOptions) => Promise<MetricsPage>;
  readonly close: () => Promise<void>;
}

export interface OpenOptions extends Partial<Pick<PageOptions<MetricsProtocol>, 'theme' | 'size'>> {
  readonly series?: readonly ChartSeries[];
  readonly answers?: Partial<PageServer<MetricsProtocol>['answers']>;
}

export async function startMetricsBed(): Promise<MetricsBed> {
  const folder = mkdtempSync(join(tmpdir(), 'slurm-watchers-pages-'));
  const { buildPages } = await import('../../../scripts/buildPages.mjs');
  await buildPages({ metrics: 'webviews/metrics/main.ts' }, { root: join(__dirname, '../../..'), folder });
  const browser = await startPageBrowser();
  return {
    bytes: statSync(join(folder, 'metrics.js')).size,
    open: (stored, options) => openMetrics(browser, folder, { stored, ...options }),
    close: async () => {
      await browser.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function openMetrics(
  browser: Browser,
  folder: string,
  { stored, series = [], answers, ...look }: OpenOptions & { readonly stored: StoredMetrics },
): Promise<MetricsPage> {
  const deeds: (readonly [string, unknown])[] = [];
  const note = <Answer>(name: string, params: unknown, answer: Answer): Answer => {
    deeds.push([name, params]);
    return answer;
  };
  const opened = await openPage<MetricsProtocol>(browser, {
    ...{ folder, name: 'metrics', asks: metricsAsks },
    context: { job: 'a', title: 'train (job 11)', series },
    serve: () => ({
      begin: () => ({ added: [] }),
      jobs: ({ jobs }) => jobs.flatMap((job) => stored.jobs.get(job) ?? []),
      names: ({ jobs }) => stored.names(jobs),
      series: (ask) => stored.series(ask),
      events: () => stored.events,
      follow: (params) => note('follow', params, null),
      choose: (params) => note('choose', params, []),
      exportValues: (params) => note('exportValues', params, true),
      savePicture: (params) => note('savePicture', params, true),
      showEvent: (params) => note('showEvent', params, null),
      ...answers,
    }),
    ...look,
  });
  return { ...opened, deeds };
}
