// The charts of the page: one, or one for each metric; each is given what it is to show, and nothing if that is as before.
import { placeEvents } from './eventMarks';
import { Chart, type ChartLook, type ChartParts, type Line } from './chart';
import { colourOf, dashOf, type Palette } from './colours';
import type { KeptSeries, ViewRange } from './protocol';
import { smooth } from './smoothing';
import { findOnlyName, findShown, findWhole, isApart, keyOf, visibleSeries, type State } from './state';

export interface ChartGroup {
  readonly key: string;
  /** Its metric; empty if it has several. */
  readonly title: string;
  readonly series: readonly KeptSeries[];
}

/** Lines that are hidden keep the place of their chart. */
export function groupSeries(state: Pick<State, 'series' | 'layout'>): readonly ChartGroup[] {
  if (!isApart(state)) return [{ key: 'all', title: findOnlyName(state.series) ?? '', series: state.series }];
  const names = [...new Set(state.series.map(({ name }) => name))];
  return names.map((name) => ({
    key: `metric ${name}`,
    title: name,
    series: state.series.filter((one) => one.name === name),
  }));
}

type Watched = Pick<
  State,
  'data' | 'series' | 'axis' | 'scale' | 'range' | 'smoothing' | 'layout' | 'theme' | 'events' | 'jobs'
>;

const watched: readonly (keyof Watched)[] = [
  ...([
    'data',
    'series',
    'axis',
    'scale',
    'range',
    'smoothing',
    'layout',
    'theme',
    'events',
    'jobs',
  ] as const),
];

export class Charts {
  readonly #charts = new Map<string, { readonly chart: Chart; readonly element: HTMLElement }>();
  #before: State | undefined;

  constructor(
    private readonly root: HTMLElement,
    private readonly parts: Omit<ChartParts, 'element'>,
    private readonly findPalette: () => Palette,
  ) {}

  get room(): number | undefined {
    const [first] = this.#charts.values();
    return first?.chart.room;
  }

  /** In the order of the page. */
  canvases(state: State): readonly { readonly title: string; readonly canvas: HTMLCanvasElement }[] {
    return groupSeries(state).flatMap(({ key, title }) => {
      const canvas = this.#charts.get(key)?.chart.canvas;
      return canvas ? [{ title, canvas }] : [];
    });
  }

  /** Once the page has the places of charts: elements with `data-chart`. */
  show(state: State): void {
    const before = this.#before;
    this.#before = state;
    if (!before || watched.some((part) => before[part] !== state[part]) || this.#isElsewhere())
      this.#draw(state);
    if (before?.cursor !== state.cursor)
      for (const { chart } of this.#charts.values()) chart.showCursor(state.cursor);
  }

  #isElsewhere(): boolean {
    const places = this.#places();
    return (
      places.size !== this.#charts.size ||
      [...this.#charts].some(([key, { element }]) => places.get(key) !== element)
    );
  }

  #places(): ReadonlyMap<string, HTMLElement> {
    const elements = this.root.querySelectorAll<HTMLElement>('[data-chart]');
    return new Map([...elements].map((element) => [element.dataset['chart'] ?? '', element]));
  }

  #draw(state: State): void {
    const places = this.#places();
    for (const [key, { chart, element }] of this.#charts)
      if (places.get(key) !== element) {
        chart.dispose();
        this.#charts.delete(key);
      }
    const range = state.range ?? findWhole(state);
    if (!range) return;
    const palette = this.findPalette();
    for (const group of groupSeries(state)) {
      const element = places.get(group.key);
      if (!element) continue;
      const known = this.#charts.get(group.key) ?? {
        element,
        chart: new Chart({ ...this.parts, element }),
      };
      this.#charts.set(group.key, known);
      known.chart.show(toLook(state, group, { range, palette }));
    }
  }
}

function toLook(
  state: State,
  { series }: ChartGroup,
  { range, palette }: { readonly range: ViewRange; readonly palette: Palette },
): ChartLook {
  const { axis, scale, smoothing, events, jobs } = state;
  const own = new Set(series.map(({ job }) => job));
  return {
    ...{ axis, scale, range, palette },
    lines: visibleSeries({ series }).map((one) => toLine(state, one, { palette, smoothing })),
    events: placeEvents(
      events.filter(({ job }) => own.has(job)),
      axis,
      (job) => jobs.get(job),
    ),
  };
}

function toLine(
  state: State,
  series: KeptSeries,
  { palette, smoothing }: { readonly palette: Palette; readonly smoothing: number },
): Line {
  const shown = findShown(state, series);
  return {
    key: keyOf(series),
    colour: colourOf(series.slot, palette),
    dash: dashOf(series.slot, palette),
    shown,
    smooth: smoothing > 0 ? smooth(shown.y, smoothing) : null,
  };
}
