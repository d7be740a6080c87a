// Answers the page of a job's output: what the engine says of the job and its output, and what people do from there.
import type { Job, Stream, WatchEvent } from '../../engine/model';
import { toWatchError, WatchError } from '../../engine/errors';
import type { ClusterJob, EngineMethod, EngineRequests, OutputNews } from '../../engine/protocol';
import type { OutputContext, OutputProtocol, Place, ShownJob } from '../../webviews/output/protocol';
import type { Engine } from '../engine';
import type { Log } from '../log';
import type { Owned } from '../owned';
import { fromOwnJob, fromReport } from './outputJob';
import { mostMarks, toMarks } from './outputMarks';
import type { PageLink, PageServer } from './panelKind';

/** What people do on the page that others know how to do. */
export interface OutputDeeds {
  readonly cancel: (target: {
    readonly cluster: string;
    readonly job: string;
    readonly title: string;
  }) => Promise<void>;
  readonly showEvent: (event: number) => Promise<void>;
  readonly copy: (text: string) => Promise<void>;
  readonly openAsText: (output: {
    readonly context: OutputContext;
    readonly stream: Stream;
  }) => Promise<void>;
}

export interface OutputServerParts {
  readonly context: OutputContext;
  readonly page: PageLink<OutputProtocol>;
  readonly engine: Engine;
  readonly log: Log;
  readonly deeds: OutputDeeds;
  /** Where to go first, taken once. */
  readonly takePlace: () => Place | null;
}

/** Bytes before the end that are shown first. */
const contextBytes = 64 * 1024;

let lastFollow = 0;

export class OutputServer implements PageServer<OutputProtocol> {
  readonly #parts: OutputServerParts;
  readonly #subscriptions: readonly Owned[];
  /** The engine's names for what this page follows. */
  readonly #follows = new Map<Stream, string>();
  #events: readonly WatchEvent[] = [];
  /** As the cluster lists the job: it alone knows the limit, and jobs that the engine does not know. */
  #listed: ClusterJob | undefined;
  #wasLost = false;

  constructor(parts: OutputServerParts) {
    this.#parts = parts;
    const { engine } = parts;
    this.#subscriptions = [
      engine.onOutput((news) => {
        this.#tellOutput(news);
      }),
      engine.onDidChange(({ jobs, events }) => {
        const own = jobs.find(({ key }) => key === parts.context.job);
        if (own) parts.page.tell('job', this.#toShown(own));
        this.#addEvents(events);
      }),
      engine.onDidReset(() => {
        this.#tellLink();
      }),
    ];
  }

  readonly answers: PageServer<OutputProtocol>['answers'] = {
    open: async () => {
      const job = await this.#findJob();
      return { job, marks: await this.#readMarks(), place: this.#parts.takePlace() };
    },
    follow: async ({ stream, from }) => {
      lastFollow += 1;
      const follow = `output ${lastFollow}`;
      this.#follows.set(stream, follow);
      return this.#ask('engine/follow', { follow, stream, from, context: contextBytes });
    },
    unfollow: async ({ stream }) => {
      const follow = this.#follows.get(stream);
      this.#follows.delete(stream);
      if (follow !== undefined) await this.#parts.engine.request('engine/unfollow', { follow });
      return null;
    },
    read: (request) => this.#ask('engine/readOutput', request),
    search: (request) => this.#ask('engine/searchOutput', request),
    countLines: (request) => this.#ask('engine/countLines', request),
    cancelJob: async () => {
      const job = await this.#findJob();
      if (!job) throw unknownJob(this.#parts.context);
      const { cluster, id, name } = job;
      await this.#parts.deeds.cancel({ cluster, job: id, title: `${name} (job ${id})` });
      return null;
    },
    showEvent: async ({ event }) => {
      await this.#parts.deeds.showEvent(event);
      return null;
    },
    copy: async ({ text }) => {
      await this.#parts.deeds.copy(text);
      return null;
    },
    openAsText: async ({ stream }) => {
      await this.#parts.deeds.openAsText({ context: this.#parts.context, stream });
      return null;
    },
  };

  dispose(): void {
    for (const part of this.#subscriptions) part.dispose();
    // An engine that is away has nothing to end.
    for (const follow of this.#follows.values())
      if (this.#parts.engine.state.kind === 'connected')
        this.#parts.engine.request('engine/unfollow', { follow }).catch(() => undefined);
    this.#follows.clear();
  }

  /** About the job of this page. */
  #ask<M extends EngineMethod>(
    method: M,
    request: Omit<EngineRequests[M][0], 'cluster' | 'job'>,
  ): Promise<EngineRequests[M][1]> {
    const { engine, context } = this.#parts;
    const { cluster, job } = context;
    return engine.request(method, { ...request, cluster, job });
  }

  #tellOutput({ follow, ...news }: OutputNews): void {
    for (const [stream, name] of this.#follows)
      if (name === follow) {
        this.#parts.page.tell('output', { stream, news });
        if (news.kind === 'ended') void this.#listAgain();
      }
  }

  #tellLink(): void {
    const { engine, page } = this.#parts;
    const { state } = engine;
    if (state.kind === 'lost') {
      this.#wasLost = true;
      page.tell('lost', { message: state.error.message, remedy: state.error.remedy });
    } else if (state.kind === 'starting') this.#wasLost = true;
    else if (state.kind === 'connected' && this.#wasLost && engine.isFilled) {
      this.#wasLost = false;
      this.#follows.clear();
      page.tell('connected', null);
    }
  }

  /** Null if neither engine nor cluster knows it. */
  async #findJob(): Promise<ShownJob | null> {
    const { engine, context } = this.#parts;
    const { cluster, job } = context;
    const own =
      engine.mirror.findJob(job) ??
      (await engine.request('engine/jobs', { cluster, job })).find(
        ({ key, id }) => key === job || id === job,
      );
    if (own) {
      if (!this.#listed) void this.#listAgain();
      return this.#toShown(own);
    }
    await this.#list();
    return this.#listed ? fromReport(cluster, this.#listed.report) : null;
  }

  #toShown(own: Job): ShownJob {
    const shown = fromOwnJob(own, this.#listed?.report.timeLimitSeconds ?? null);
    const listed = this.#listed?.report.outputs;
    return own.outputs.stdout === null && listed ? { ...shown, outputs: listed } : shown;
  }

  async #list(): Promise<void> {
    const { engine, context } = this.#parts;
    const { cluster, job } = context;
    const jobs = await engine.request('engine/clusterJobs', { cluster, background: true });
    this.#listed = jobs.find(({ report, key }) => report.id === job || key === job) ?? this.#listed;
  }

  /** What the cluster says beside the engine; without it, less is said of the job. */
  async #listAgain(): Promise<void> {
    const { engine, context, page, log } = this.#parts;
    try {
      await this.#list();
    } catch (error) {
      log.warn(`${context.cluster} does not say more of its job: ${toWatchError(error).message}`);
      return;
    }
    const own = engine.mirror.findJob(context.job);
    if (own) page.tell('job', this.#toShown(own));
    else if (this.#listed) page.tell('job', fromReport(context.cluster, this.#listed.report));
  }

  async #readMarks(): Promise<ReturnType<typeof toMarks>> {
    const { engine, context } = this.#parts;
    const { cluster, job } = context;
    this.#events = await engine.request('engine/events', { cluster, job, limit: mostMarks });
    return toMarks(this.#events);
  }

  #addEvents(events: readonly WatchEvent[]): void {
    const { job } = this.#parts.context;
    const last = this.#events.at(-1)?.id ?? 0;
    const own = events.filter((event) => event.id > last && (event.job === job || event.jobId === job));
    if (own.length === 0) return;
    this.#events = [...this.#events, ...own].slice(-mostMarks);
    if (own.some(({ place }) => place !== null)) this.#parts.page.tell('marks', toMarks(this.#events));
  }
}

const unknownJob = ({ cluster }: OutputContext): WatchError =>
  new WatchError(
    'not-found',
    `${cluster} does not know this job any more.`,
    'List the jobs to see what there is.',
  );
