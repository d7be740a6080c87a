// What the page of metrics and the extension say to each other.
import type { MetricName, MetricSeries, PlainNumber } from '../../engine/metricSeries';
import type { JobKey, Time } from '../../engine/model';
import type { Level } from '../../engine/words';
import { listOf, number, oneOf, optional, orNull, positive, text, texts, whole } from '../../engine/shapes';
import type { AskTable } from '../protocol';

/** A line of the chart: a metric of a job. */
export interface ChartSeries {
  readonly job: JobKey;
  readonly name: string;
}

export interface JobFacts {
  readonly key: JobKey;
  /** `train (job 12)`. */
  readonly title: string;
  /** `running`, `failed`. */
  readonly state: string;
  /** From when its time is counted: its start, or its submission while it waits. */
  readonly start: Time;
}

/** An event as a line of the chart. */
export interface EventFacts {
  readonly id: number;
  readonly job: JobKey;
  readonly time: Time;
  /** On one line. */
  readonly words: string;
  readonly level: Level;
}

/** New values of one metric, in the order in which they were stored. */
export interface NewValues extends ChartSeries {
  readonly unit: string | null;
  readonly steps: readonly number[];
  readonly times: readonly Time[];
  readonly values: readonly PlainNumber[];
}

export interface SeriesAsk {
  readonly series: readonly ChartSeries[];
  readonly axis: 'time' | 'step';
  readonly by?: string | undefined;
  readonly from: number | null;
  readonly to: number | null;
  readonly buckets: number;
}

export const scales = ['linear', 'log'] as const;
export type Scale = (typeof scales)[number];
export const layouts = ['auto', 'together', 'apart'] as const;
/** auto: together if all lines are of the same metric. */
export type Layout = (typeof layouts)[number];

/** What x is. Elapsed time is each job's own, so that jobs are compared from their start. */
export type AxisChoice =
  | { readonly kind: 'elapsed' | 'clock' | 'step' }
  /** Another metric of the same job. */
  | { readonly kind: 'metric'; readonly name: string };

export interface ViewRange {
  readonly from: number;
  readonly to: number;
}

/** A line keeps its colour while others come and go. */
export interface KeptSeries extends ChartSeries {
  readonly slot: number;
  readonly isHidden: boolean;
}

export interface KeptChart {
  readonly series: readonly KeptSeries[];
  readonly axis: AxisChoice;
  readonly scale: Scale;
  readonly layout: Layout;
  /** From 0, none, to 0.99. */
  readonly smoothing: number;
  /** null: all there is, and what comes. */
  readonly range: ViewRange | null;
  readonly showsTable: boolean;
}

export interface MetricsProtocol {
  /** The job's one chart, and what it shows at first; nothing: all that the job has. */
  readonly context: {
    readonly job: JobKey;
    /** `train (job 12)`. */
    readonly title: string;
    readonly series: readonly ChartSeries[];
  };
  readonly state: KeptChart;
  readonly asks: {
    /** What was added to the chart while its page was not there. */
    begin: [Readonly<Record<string, never>>, { readonly added: readonly ChartSeries[] }];
    /** Of those that are known. */
    jobs: [{ readonly jobs: readonly JobKey[] }, readonly JobFacts[]];
    names: [{ readonly jobs: readonly JobKey[] }, readonly MetricName[]];
    series: [SeriesAsk, readonly MetricSeries[]];
    /** In rising order of time. */
    events: [{ readonly jobs: readonly JobKey[] }, readonly EventFacts[]];
    /** From now on news of these is told. */
    follow: [{ readonly series: readonly ChartSeries[] }, null];
    /** Has the person choose more lines. */
    choose: [{ readonly shown: readonly ChartSeries[] }, readonly ChartSeries[]];
    /** All values, exactly. False: the person changed their mind. */
    exportValues: [{ readonly series: readonly ChartSeries[] }, boolean];
    /** `content`: in base64. False: the person changed their mind. */
    savePicture: [{ readonly content: string }, boolean];
    showEvent: [{ readonly event: number; readonly job: JobKey }, null];
  };
  readonly news: {
    added: readonly ChartSeries[];
    stored: readonly NewValues[];
    jobs: readonly JobFacts[];
    events: readonly EventFacts[];
    /** Whether the engine answers; the words say why it does not. Once it does again, all is to be asked anew. */
    engine: { readonly isThere: boolean; readonly words: string };
  };
}

export const chartSeries = listOf<ChartSeries>({ job: text, name: text });

export const metricsAsks: AskTable<MetricsProtocol> = {
  begin: {},
  jobs: { jobs: texts },
  names: { jobs: texts },
  series: {
    ...{ series: chartSeries, axis: oneOf('time', 'step'), by: optional(text) },
    ...{ from: orNull(number), to: orNull(number), buckets: positive },
  },
  events: { jobs: texts },
  follow: { series: chartSeries },
  choose: { shown: chartSeries },
  exportValues: { series: chartSeries },
  savePicture: { content: text },
  showEvent: { event: whole, job: text },
};
