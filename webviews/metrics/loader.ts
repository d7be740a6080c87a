// Asks the extension for what the chart needs: one question at a time, the newest wish counts, and never more often than it can bear.
import type { ExtensionLink } from '../kit/extensionLink';
import { Refusal } from '../kit/extensionLink';
import { findQuestion, findStaleQuestion, type Question } from './asking';
import type { MetricsProtocol } from './protocol';
import type { State } from './state';
import { toChartX, type Happening } from './update';

/** Least time between two questions for what news could not be put in, in milliseconds. */
const leastPause = 1000;
/** Such questions take at most this part of the time. */
const busyPart = 4;

export class Loader {
  #isAsking = false;
  #lastEnd = 0;
  #lastDuration = 0;
  #timer: number | undefined;
  #followed = '';
  #known = '';

  constructor(
    private readonly extension: ExtensionLink<MetricsProtocol>,
    private readonly program: { readonly state: () => State; readonly send: (happening: Happening) => void },
  ) {}

  /** After each change of the state. */
  look(): void {
    if (this.#isAsking) return;
    const work = this.#findWork(this.program.state());
    if (!work) return;
    this.#isAsking = true;
    work()
      .catch((thrown: unknown) => {
        if (!(thrown instanceof Refusal)) throw thrown;
        this.program.send({ kind: 'refused', trouble: { message: thrown.message, remedy: thrown.remedy } });
      })
      .finally(() => {
        this.#isAsking = false;
        this.look();
      });
  }

  #findWork(state: State): (() => Promise<void>) | undefined {
    if (state.trouble || !state.engine.isThere) return undefined;
    if (!state.isBegun) return () => this.#begin(state);
    const followed = JSON.stringify(state.series.map(({ job, name }) => [job, name]));
    if (followed !== this.#followed) return () => this.#follow(state, followed);
    const jobs = toJobs(state);
    const known = JSON.stringify([state.generation, jobs]);
    if (known !== this.#known) return () => this.#learn(jobs, known);
    if (state.hasNewNames) return () => this.#askNames(jobs);
    const question = findQuestion(state);
    if (question) return () => this.#ask(question);
    const stale = findStaleQuestion(state);
    return stale && this.#canAskAgain() ? () => this.#ask(stale) : undefined;
  }

  async #begin({ job, series }: State): Promise<void> {
    const { added } = await this.extension.ask('begin', {});
    const jobs = [...new Set([job, ...series.map((one) => one.job), ...added.map((one) => one.job)])];
    const [facts, names] = await Promise.all([
      this.extension.ask('jobs', { jobs }),
      this.extension.ask('names', { jobs }),
    ]);
    this.program.send({ kind: 'begun', added, jobs: facts, names });
  }

  async #follow({ series }: State, followed: string): Promise<void> {
    await this.extension.ask('follow', { series: series.map(({ job, name }) => ({ job, name })) });
    this.#followed = followed;
  }

  async #learn(jobs: readonly string[], known: string): Promise<void> {
    const [facts, events, names] = await Promise.all([
      this.extension.ask('jobs', { jobs }),
      this.extension.ask('events', { jobs }),
      this.extension.ask('names', { jobs }),
    ]);
    this.#known = known;
    this.program.send({ kind: 'jobs', jobs: facts });
    this.program.send({ kind: 'events', events, isAll: true });
    this.program.send({ kind: 'names', names });
  }

  async #askNames(jobs: readonly string[]): Promise<void> {
    this.program.send({ kind: 'names', names: await this.extension.ask('names', { jobs }) });
  }

  async #ask({ asks, generation, axis, range }: Question): Promise<void> {
    const begin = performance.now();
    const answers = await Promise.all(asks.map((ask) => this.extension.ask('series', ask)));
    this.#lastEnd = performance.now();
    this.#lastDuration = this.#lastEnd - begin;
    const series = toChartX(this.program.state(), answers.flat());
    this.program.send({ kind: 'answered', generation, axis, range, series });
  }

  /** If not, it looks again when it may. */
  #canAskAgain(): boolean {
    const pause = Math.max(leastPause, this.#lastDuration * busyPart);
    const left = this.#lastEnd + pause - performance.now();
    if (left <= 0) return true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.look();
    }, left);
    return false;
  }
}

const toJobs = ({ job, series }: State): readonly string[] => [
  ...new Set([job, ...series.map((one) => one.job)]),
];
