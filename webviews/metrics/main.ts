// The page of metrics: its parts put together.
import { count } from '../../engine/words';
import { toPageText } from '../../language/show/page';
import { Refusal } from '../kit/extensionLink';
import { startPage, type Page } from '../kit/page';
import { startProgram } from '../kit/program';
import { printX } from './axis';
import { Charts } from './charts';
import { colourOf, dashOf, toPalette, type Palette } from './colours';
import { Loader } from './loader';
import './metrics.css';
import { drawPicture } from './picture';
import type { KeptChart, MetricsProtocol, ViewRange } from './protocol';
import { pan, zoom } from './ranges';
import { findWhole, nameSeries, readKept, toFirstState, toKept, visibleSeries, type State } from './state';
import { update, type Happening } from './update';
import { view, type Deeds } from './view';
import { describeCursor, moveCursor } from './words';

/** How far a key pans, as a part of what is in sight, and zooms. */
const [keyPan, keyZoom] = [0.2, 0.7];

class MetricsPage {
  readonly #program;
  readonly #charts: Charts;
  readonly #loader: Loader;
  #palette: { readonly theme: number; readonly palette: Palette } | undefined;
  #saved: KeptChart | undefined;

  constructor(private readonly page: Page<MetricsProtocol>) {
    const { root, extension } = page;
    const { job, series } = extension.context;
    this.#charts = new Charts(
      root,
      {
        onRange: (range) => {
          this.#show(range);
        },
        onReset: () => {
          this.#show(null);
        },
        onPan: (part) => {
          this.#pan(part);
        },
        onZoom: (factor, at) => {
          this.#zoom(factor, at);
        },
        onCursor: (x) => {
          this.#send({ kind: 'cursor', x });
        },
        onEvent: ({ events }) => {
          const event = events.at(-1);
          if (event) this.#do(extension.ask('showEvent', { event: event.id, job: event.job }));
        },
      },
      () => this.#findPalette(),
    );
    let hasStarted = false;
    this.#program = startProgram<State, Happening>({
      root,
      first: toFirstState(job, readKept(extension.savedState), series),
      update,
      view: (state) => view(state, this.#deeds(state)),
      onDrawn: (state) => {
        // What is drawn first is drawn before there is a program.
        if (hasStarted) this.#look(state);
      },
    });
    hasStarted = true;
    this.#loader = new Loader(extension, this.#program);
  }

  start(): void {
    const { extension } = this.page;
    extension.onNews('added', (series) => {
      this.#send({ kind: 'added', series });
    });
    extension.onNews('stored', (news) => {
      this.#send({ kind: 'stored', news });
    });
    extension.onNews('jobs', (jobs) => {
      this.#send({ kind: 'jobs', jobs });
    });
    extension.onNews('events', (events) => {
      this.#send({ kind: 'events', events, isAll: false });
    });
    extension.onNews('engine', ({ isThere, words }) => {
      this.#send({ kind: 'engine', isThere, words });
    });
    this.#watchTheme();
    addEventListener('resize', () => {
      this.#measure();
    });
    this.#look(this.#program.state());
  }

  #send(happening: Happening): void {
    this.#program.send(happening);
  }

  #look(state: State): void {
    this.#charts.show(state);
    this.#measure();
    this.#save(state);
    this.#loader.look();
  }

  #measure(): void {
    const room = this.#charts.room;
    if (room !== undefined && room > 0) this.#send({ kind: 'room', pixels: room });
  }

  #save(state: State): void {
    // Nothing was chosen yet: what the job has is shown at first, the next time too.
    if (!state.isBegun) return;
    const kept = toKept(state);
    const saved = this.#saved;
    const names = Object.keys(kept) as (keyof KeptChart)[];
    if (saved && names.every((name) => saved[name] === kept[name])) return;
    this.#saved = kept;
    this.page.extension.save(kept);
  }

  #watchTheme(): void {
    const changed = new MutationObserver(() => {
      this.#send({ kind: 'theme' });
    });
    changed.observe(document.documentElement, { attributeFilter: ['style', 'class'] });
    changed.observe(document.body, { attributeFilter: ['class'] });
  }

  #findPalette(): Palette {
    const { theme } = this.#program.state();
    return this.#paletteOf(theme);
  }

  #paletteOf(theme: number): Palette {
    if (this.#palette?.theme === theme) return this.#palette.palette;
    const style = getComputedStyle(document.documentElement);
    const palette = toPalette({
      valueOf: (variable) => style.getPropertyValue(variable),
      hasHighContrast: document.body.className.includes('vscode-high-contrast'),
    });
    this.#palette = { theme, palette };
    return palette;
  }

  #deeds(state: State): Deeds {
    const { extension } = this.page;
    const shown = state.series.map(({ job, name }) => ({ job, name }));
    return {
      send: (happening) => {
        this.#send(happening);
      },
      choose: () => {
        this.#do(
          extension.ask('choose', { shown }).then((series) => {
            if (series.length > 0) this.#send({ kind: 'added', series });
          }),
        );
      },
      exportValues: () => {
        this.#do(
          extension.ask('exportValues', { series: shown }).then((isDone) => {
            if (isDone) this.#say(`The values of ${count(shown.length, 'metric')} were exported.`);
          }),
        );
      },
      savePicture: () => {
        this.#do(this.#savePicture());
      },
      onKey: (event) => {
        this.#press(event);
      },
      zoom: (factor) => {
        this.#zoom(factor);
      },
      palette: this.#paletteOf(state.theme),
    };
  }

  /** A refusal is shown; everything else is an error of ours. */
  #do(deed: Promise<unknown>): void {
    deed.catch((thrown: unknown) => {
      if (!(thrown instanceof Refusal)) throw thrown;
      this.#send({ kind: 'refused', trouble: { message: thrown.message, remedy: thrown.remedy } });
    });
  }

  #say(words: string): void {
    this.#send({ kind: 'said', words });
  }

  async #savePicture(): Promise<void> {
    const state = this.#program.state();
    const palette = this.#findPalette();
    const content = await drawPicture({
      title: toPageText(state.jobs.get(state.job)?.title ?? state.job),
      charts: this.#charts.canvases(state).map(({ title, canvas }) => ({ title: toPageText(title), canvas })),
      lines: visibleSeries(state).map((series) => ({
        name: toPageText(nameSeries(state, series)),
        colour: colourOf(series.slot, palette),
        dash: dashOf(series.slot, palette),
      })),
      palette,
    });
    if (await this.page.extension.ask('savePicture', { content })) this.#say('The picture was saved.');
  }

  #show(range: ViewRange | null): void {
    const { axis, range: before } = this.#program.state();
    if (before === range) return;
    const said = range
      ? `From ${printX(range.from, axis, range.to - range.from)} to ${printX(range.to, axis, range.to - range.from)}.`
      : 'All values are shown.';
    this.#send({ kind: 'range', range, said });
  }

  #zoom(factor: number, at?: number): void {
    const state = this.#program.state();
    const extent = findWhole(state);
    if (extent)
      this.#show(zoom(state.range ?? extent, factor, { extent, ...(at === undefined ? {} : { at }) }));
  }

  #pan(part: number): void {
    const state = this.#program.state();
    const extent = findWhole(state);
    if (extent && state.range) this.#show(pan(state.range, part, extent));
  }

  #press(event: KeyboardEvent): void {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const deed = this.#findDeed(event);
    if (!deed) return;
    event.preventDefault();
    deed();
  }

  #findDeed({ key, shiftKey }: KeyboardEvent): (() => void) | undefined {
    switch (key) {
      case 'ArrowLeft':
      case 'ArrowRight': {
        const by = key === 'ArrowLeft' ? -1 : 1;
        return () => {
          if (shiftKey) this.#readValue(by);
          else this.#pan(by * keyPan);
        };
      }
      case '+':
      case '=':
        return () => {
          this.#zoom(keyZoom);
        };
      case '-':
      case '_':
        return () => {
          this.#zoom(1 / keyZoom);
        };
      case '0':
      case 'Home':
        return () => {
          this.#show(null);
        };
      case 'Escape':
        return () => {
          this.#send({ kind: 'cursor', x: null });
        };
      default:
        return undefined;
    }
  }

  #readValue(by: 1 | -1): void {
    const state = this.#program.state();
    const x = moveCursor(state, by);
    if (x !== null) this.#send({ kind: 'cursor', x, said: describeCursor(state, x) });
  }
}

startPage<MetricsProtocol>((page) => {
  new MetricsPage(page).start();
});
