// Answers the page of metrics: what the engine has stored, and news of it, gathered so that a page is told few times a second.
import { toPlainNumber } from '../../engine/metricSeries';
import type { Job, JobKey, Metric, WatchEvent } from '../../engine/model';
import type { EngineChange, EngineMethod, EngineRequests } from '../../engine/protocol';
import { count, describeState, nameJob, toLevel, toOneLine } from '../../engine/words';
import type {
  ChartSeries,
  EventFacts,
  JobFacts,
  MetricsProtocol,
  NewValues,
} from '../../webviews/metrics/protocol';
import { recentValues } from '../metricBook';
import type { Owned } from '../owned';
import type { PageLink, PageServer } from './panelKind';

/** What the server needs of the way to the engine. */
export interface MetricsSource {
  readonly request: <M extends EngineMethod>(
    method: M,
    params: EngineRequests[M][0],
  ) => Promise<EngineRequests[M][1]>;
  readonly onDidChange: (take: (change: EngineChange) => void) => Owned;
  readonly onDidReset: (take: () => void) => Owned;
  readonly findState: () => SourceState;
}

/** ready: news comes, and nothing of it is missing. lost: the words say why. */
export type SourceState =
  { readonly kind: 'ready' | 'away' } | { readonly kind: 'lost'; readonly words: string };

/** What people do on the page that others know how to do. */
export interface MetricsDeeds {
  readonly choose: (shown: readonly ChartSeries[], job: JobKey) => Promise<readonly ChartSeries[]>;
  readonly exportValues: (series: readonly ChartSeries[]) => Promise<boolean>;
  readonly savePicture: (content: string) => Promise<boolean>;
  readonly showEvent: (event: number) => Promise<void>;
}

export interface MetricsServerParts {
  readonly context: MetricsProtocol['context'];
  readonly page: PageLink<MetricsProtocol>;
  readonly engine: MetricsSource;
  readonly deeds: MetricsDeeds;
  /** What was added to the chart while no page was there; taken once. */
  readonly takeAdded: () => readonly ChartSeries[];
}

/** News that comes closer together is told together, in milliseconds. */
const gatherTime = 250;
/** Values of one metric that are told at once; of more the page is told the last, and asks for what it has missed. */
const mostValues = 5000;
/** Newest events alone. */
const mostEvents = 500;

export class MetricsServer implements PageServer<MetricsProtocol> {
  readonly #parts: MetricsServerParts;
  readonly #subscriptions: readonly Owned[];
  #followed: readonly ChartSeries[] = [];
  /** Metrics of the jobs that are shown, of which the page was told that they are there. */
  readonly #mentioned = new Set<string>();
  #gathered: Metric[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** News may be missing since. */
  #wasAway = false;

  constructor(parts: MetricsServerParts) {
    this.#parts = parts;
    const { engine } = parts;
    this.#subscriptions = [
      engine.onDidChange((change) => {
        this.#take(change);
      }),
      engine.onDidReset(() => {
        this.#tellEngine();
      }),
    ];
  }

  readonly answers: PageServer<MetricsProtocol>['answers'] = {
    begin: () => ({ added: this.#parts.takeAdded() }),
    jobs: ({ jobs }) => Promise.all(jobs.map((job) => this.#findJob(job))),
    names: ({ jobs }) => this.#parts.engine.request('engine/metricNames', { jobs, recent: recentValues }),
    series: ({ by, ...rest }) =>
      this.#parts.engine.request('engine/metricSeries', by === undefined ? rest : { ...rest, by }),
    events: ({ jobs }) => this.#findEvents(jobs),
    follow: ({ series }) => {
      this.#followed = series;
      this.#setTitle();
      return null;
    },
    choose: ({ shown }) => this.#parts.deeds.choose(shown, this.#parts.context.job),
    exportValues: ({ series }) => this.#parts.deeds.exportValues(series),
    savePicture: ({ content }) => this.#parts.deeds.savePicture(content),
    showEvent: async ({ event }) => {
      await this.#parts.deeds.showEvent(event);
      return null;
    },
  };

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  get #jobs(): ReadonlySet<JobKey> {
    return new Set([this.#parts.context.job, ...this.#followed.map(({ job }) => job)]);
  }

  /** A job that the engine has forgotten has nothing but its name. */
  async #findJob(key: JobKey): Promise<JobFacts> {
    const jobs = await this.#parts.engine.request('engine/jobs', { job: key });
    // Of an array, its tasks come too.
    const job = jobs.find((one) => one.key === key);
    return job ? toFacts(job) : { key, title: key, state: '', start: 0 };
  }

  async #findEvents(jobs: readonly JobKey[]): Promise<readonly EventFacts[]> {
    const answers = await Promise.all(
      jobs.map((job) => this.#parts.engine.request('engine/events', { job, limit: mostEvents })),
    );
    return answers
      .flat()
      .filter(isNotable)
      .map(toEventFacts)
      .sort((a, b) => a.time - b.time);
  }

  #setTitle(): void {
    const { context, page } = this.#parts;
    page.setTitle(toTitle(context.title, this.#jobs.size - 1));
  }

  #take({ jobs, metrics, events }: EngineChange): void {
    const { page } = this.#parts;
    const shown = this.#jobs;
    const ownJobs = jobs.filter(({ key }) => shown.has(key));
    if (ownJobs.length > 0) page.tell('jobs', ownJobs.map(toFacts));
    const ownEvents = events.filter((event) => shown.has(event.job) && isNotable(event));
    if (ownEvents.length > 0) page.tell('events', ownEvents.map(toEventFacts));
    const own = metrics.filter(({ job }) => shown.has(job));
    if (own.length === 0) return;
    for (const metric of own) this.#gathered.push(metric);
    this.#timer ??= setTimeout(() => {
      this.#tellStored();
    }, gatherTime);
  }

  #tellStored(): void {
    this.#timer = undefined;
    const isFollowed = (metric: ChartSeries): boolean =>
      this.#followed.some(({ job, name }) => job === metric.job && name === metric.name);
    const groups = new Map<string, Metric[]>();
    for (const metric of this.#gathered.splice(0)) {
      const key = `${metric.job}\n${metric.name}`;
      const group = groups.get(key);
      if (group) group.push(metric);
      else groups.set(key, [metric]);
    }
    const news = [...groups].flatMap(([key, group]) => {
      const [first] = group;
      if (!first) return [];
      if (isFollowed(first)) return [toNewValues(first, group.slice(-mostValues))];
      if (this.#mentioned.has(key)) return [];
      this.#mentioned.add(key);
      return [toNewValues(first, [])];
    });
    if (news.length > 0) this.#parts.page.tell('stored', news);
  }

  #tellEngine(): void {
    const { engine, page } = this.#parts;
    const state = engine.findState();
    if (state.kind === 'lost') page.tell('engine', { isThere: false, words: state.words });
    else if (state.kind === 'ready' && this.#wasAway) page.tell('engine', { isThere: true, words: '' });
    this.#wasAway = state.kind !== 'ready';
  }
}

export const toTitle = (title: string, others: number): string =>
  `${title}${others > 0 ? ` and ${count(others, 'more job')}` : ''} · metrics`;

const toFacts = (job: Job): JobFacts => ({
  key: job.key,
  title: nameJob(job),
  state: describeState(job),
  start: job.started ?? job.submitted,
});

/** Values and what led to them are what the lines show. */
const isNotable = ({ kind, action, success }: WatchEvent): boolean =>
  kind !== 'trigger' && kind !== 'skip' && !(action === 'store_metric' && success !== false);

const toEventFacts = (event: WatchEvent): EventFacts => ({
  ...{ id: event.id, job: event.job, time: event.time },
  words: toOneLine([...(event.watcher === null ? [] : [event.watcher]), event.result].join(': ')),
  level: toLevel(event),
});

const toNewValues = ({ job, name }: Metric, group: readonly Metric[]): NewValues => ({
  ...{ job, name, unit: group.at(-1)?.unit ?? null },
  steps: group.map(({ step }) => step),
  times: group.map(({ time }) => time),
  values: group.map(({ value }) => toPlainNumber(value)),
});
