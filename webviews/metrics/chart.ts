// One chart: lines with their bands, marks of what is not finite, events; zoom and pan by the pointer.
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { NonFinite } from '../../engine/metricSeries';
import { printNumber } from '../../engine/metricWords';
import { align } from './aligned';
import { nameAxis, printElapsed, timeSteps, toAxisKey } from './axis';
import type { Palette } from './colours';
import { EventFlags } from './eventFlags';
import { gatherEvents, type EventMark, type PlacedEvent } from './eventMarks';
import type { AxisChoice, Scale, ViewRange } from './protocol';
import { findValueRange } from './ranges';
import type { Shown } from './seriesData';

export interface Line {
  readonly key: string;
  readonly colour: string;
  readonly dash: readonly number[];
  readonly shown: Shown;
  /** In the place of the values, which stay behind it, faint; null: they are the line. */
  readonly smooth: readonly number[] | null;
}

export interface ChartLook {
  readonly lines: readonly Line[];
  readonly axis: AxisChoice;
  readonly scale: Scale;
  readonly range: ViewRange;
  readonly events: readonly PlacedEvent[];
  readonly palette: Palette;
}

export interface ChartParts {
  readonly element: HTMLElement;
  readonly onRange: (range: ViewRange) => void;
  readonly onReset: () => void;
  /** `part` of what is in sight; above 0 goes to greater x. */
  readonly onPan: (part: number) => void;
  readonly onZoom: (factor: number, at: number) => void;
  readonly onCursor: (x: number | null) => void;
  readonly onEvent: (mark: EventMark) => void;
}

/** Events that are closer together than this are one mark, in pixels. */
const eventWidth = 12;
const markSize = 5;
/** Of the room below the lines. */
const bandAlpha = 0.18;
const faintAlpha = 0.3;

export class Chart {
  #plot: uPlot | undefined;
  #look: ChartLook | undefined;
  #isHovered = false;
  readonly #flags: EventFlags;
  readonly #resize: ResizeObserver;

  constructor(private readonly parts: ChartParts) {
    this.#flags = new EventFlags(parts.onEvent);
    this.#resize = new ResizeObserver(() => {
      this.#plot?.setSize(this.#size());
    });
    this.#resize.observe(parts.element);
  }

  /** Of the area of lines, in pixels. */
  get room(): number {
    return this.#plot?.over.clientWidth ?? this.parts.element.clientWidth;
  }

  /** The picture as it is drawn; undefined before that. */
  get canvas(): HTMLCanvasElement | undefined {
    return this.#plot?.ctx.canvas;
  }

  show(look: ChartLook): void {
    const before = this.#look;
    if (before === look) return;
    this.#look = look;
    if (!this.#plot || !before || toStructure(before) !== toStructure(look)) this.#build(look);
    else {
      const plot = this.#plot;
      plot.batch(() => {
        if (before.lines !== look.lines) plot.setData(toData(look), false);
        plot.setScale('x', { min: look.range.from, max: look.range.to });
      });
    }
    this.#placeEvents();
  }

  /** Where another chart, or a key, has the cursor. */
  showCursor(x: number | null): void {
    const plot = this.#plot;
    if (!plot || this.#isHovered) return;
    const left = x === null ? -10 : plot.valToPos(x, 'x');
    plot.setCursor({ left, top: x === null ? -10 : 0 }, false);
  }

  dispose(): void {
    this.#resize.disconnect();
    this.#plot?.destroy();
  }

  #size(): { readonly width: number; readonly height: number } {
    const { clientWidth, clientHeight } = this.parts.element;
    return { width: Math.max(80, clientWidth), height: Math.max(80, clientHeight) };
  }

  #build(look: ChartLook): void {
    this.#plot?.destroy();
    const plot = new uPlot(this.#toOptions(look), toData(look), this.parts.element);
    this.#plot = plot;
    plot.root.append(this.#flags.element);
    plot.over.addEventListener(
      'wheel',
      (event) => {
        this.#turn(plot, event);
      },
      { passive: false },
    );
    plot.over.addEventListener('mouseenter', () => (this.#isHovered = true));
    plot.over.addEventListener('mouseleave', () => {
      this.#isHovered = false;
      this.parts.onCursor(null);
    });
    this.#placeEvents();
  }

  #toOptions(look: ChartLook): uPlot.Options {
    const { axis, scale, palette, range } = look;
    const isClock = axis.kind === 'clock';
    const font = `${Math.max(10, palette.fontSize - 2)}px ${palette.font}`;
    const common = {
      ...{ stroke: palette.muted, font, labelFont: font },
      grid: { stroke: palette.grid, width: 1 },
      ticks: { stroke: palette.grid, width: 1, size: 4 },
    };
    return {
      ...this.#size(),
      ms: 1,
      padding: [16, 12, 0, 0],
      legend: { show: false },
      scales: {
        x: { time: isClock, auto: false, min: range.from, max: range.to },
        y: toScale(scale, () => this.#valueRange()),
      },
      axes: [
        {
          ...common,
          ...toXAxis(axis),
          label: nameAxis(axis),
          labelSize: 18,
          labelGap: 0,
          size: isClock ? 38 : 24,
          space: 64,
        },
        { ...common, values: (_, splits) => splits.map(printSplit), size: sizeOfValues, space: 28, gap: 4 },
      ],
      series: [{}, ...look.lines.flatMap((line) => toSeries(line, palette))],
      cursor: {
        y: false,
        points: { size: 7, width: 1 },
        drag: { x: true, y: false, setScale: false, dist: 4 },
        hover: { skip: [undefined, null] },
        bind: {
          mousedown: (plot, _, handler) => (event) => {
            if (event.button === 1 || (event.button === 0 && event.shiftKey)) this.#startPan(plot, event);
            else if (event.button === 0) handler(event);
            return null;
          },
          dblclick: () => () => {
            this.parts.onReset();
            return null;
          },
        },
      },
      hooks: {
        drawAxes: [
          (plot) => {
            drawBands(plot, this.#look?.lines ?? []);
          },
        ],
        draw: [
          (plot) => {
            this.#drawMarks(plot);
          },
        ],
        setSelect: [
          (plot) => {
            this.#select(plot);
          },
        ],
        setCursor: [
          (plot) => {
            this.#tellCursor(plot);
          },
        ],
        setSize: [
          () => {
            this.#placeEvents();
          },
        ],
      },
    };
  }

  #valueRange(): [number, number] {
    const look = this.#look;
    if (!look) return [0, 1];
    const [least, most] = findValueRange(
      look.lines.map(({ shown }) => shown),
      look.range,
      look.scale,
    );
    return [least, most];
  }

  #select(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width <= 0) return;
    const [from, to] = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')];
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.parts.onRange({ from, to });
  }

  #tellCursor(plot: uPlot): void {
    if (!this.#isHovered) return;
    const { left = -1 } = plot.cursor;
    this.parts.onCursor(left < 0 ? null : plot.posToVal(left, 'x'));
  }

  #startPan(plot: uPlot, { clientX }: MouseEvent): void {
    let last = clientX;
    const move = (event: MouseEvent): void => {
      this.parts.onPan((last - event.clientX) / plot.over.clientWidth);
      last = event.clientX;
    };
    const end = (): void => {
      removeEventListener('mousemove', move);
      removeEventListener('mouseup', end);
    };
    addEventListener('mousemove', move);
    addEventListener('mouseup', end);
  }

  /** With Ctrl it zooms, as in editors; to the side, or with Shift, it pans. What is left scrolls the page. */
  #turn(plot: uPlot, event: WheelEvent): void {
    const { ctrlKey, metaKey, shiftKey, deltaX, deltaY, offsetX } = event;
    if (ctrlKey || metaKey) {
      event.preventDefault();
      this.parts.onZoom(1.2 ** Math.sign(deltaY), plot.posToVal(offsetX, 'x'));
      return;
    }
    const by = shiftKey && deltaX === 0 ? deltaY : deltaX;
    if (by === 0) return;
    event.preventDefault();
    this.parts.onPan(by / plot.over.clientWidth);
  }

  #drawMarks(plot: uPlot): void {
    const look = this.#look;
    if (!look) return;
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    for (const { colour, shown } of look.lines)
      for (const { x, kind } of shown.marks)
        if (x >= look.range.from && x <= look.range.to)
          drawMark(plot, { left: plot.valToPos(x, 'x', true), kind, colour });
    drawEventLines(plot, look);
    ctx.restore();
  }

  #placeEvents(): void {
    const [plot, look] = [this.#plot, this.#look];
    if (!plot || !look) return;
    const { from, to } = look.range;
    const width = ((to - from) / Math.max(1, plot.over.clientWidth)) * eventWidth;
    const inSight = look.events.filter(({ x }) => x >= from && x <= to);
    this.#flags.show(gatherEvents(inSight, width), {
      leftOf: (x) => plot.over.offsetLeft + plot.valToPos(x, 'x'),
      top: plot.over.offsetTop,
      width: plot.root.clientWidth,
    });
  }
}

/** uPlot's numbers for scales: its own names for them are types alone. */
const distributions: Readonly<Record<Scale, number>> = { linear: 1, log: 3 };

function toScale(scale: Scale, range: () => [number, number]): uPlot.Scale {
  const made: uPlot.Scale = { range };
  return Object.assign(made, { distr: distributions[scale] });
}

/** What a chart must be made anew for. */
const toStructure = ({ lines, axis, scale, palette }: ChartLook): string =>
  JSON.stringify([
    lines.map(({ key, colour, dash, smooth }) => [key, colour, dash, smooth !== null]),
    ...[toAxisKey(axis), scale, palette],
  ]);

function toData({ lines, scale }: ChartLook): uPlot.AlignedData {
  const isLog = scale === 'log';
  const toY = (values: readonly number[]): readonly (number | null)[] =>
    isLog ? values.map((value) => (value > 0 ? value : null)) : values;
  const columns = lines.flatMap(({ shown: { x, y }, smooth }) => [
    { x, y: toY(y) },
    ...(smooth ? [{ x, y: toY(smooth) }] : []),
  ]);
  return align(columns);
}

function toSeries({ colour, dash, smooth }: Line, { background }: Palette): uPlot.Series[] {
  const line: uPlot.Series = {
    ...{ stroke: colour, width: 1.5, dash: [...dash], spanGaps: true },
    points: { size: 4, width: 1, fill: background },
  };
  if (!smooth) return [line];
  return [
    { ...line, alpha: faintAlpha, width: 1, dash: [], points: { show: false } },
    { ...line, width: 2, points: { show: false } },
  ];
}

function toXAxis(axis: AxisChoice): Partial<uPlot.Axis> {
  switch (axis.kind) {
    case 'clock':
      return { values: clockValues };
    case 'elapsed':
      return {
        incrs: [...timeSteps],
        values: (_, splits, __, ___, step) => splits.map((split) => printElapsed(split, step)),
      };
    case 'step':
      return {
        incrs: [1, 2, 5]
          .flatMap((count) => [...Array(13).keys()].map((power) => count * 10 ** power))
          .sort((a, b) => a - b),
        values: (_, splits) => splits.map(printSplit),
      };
    case 'metric':
      return { values: (_, splits) => splits.map(printSplit) };
  }
}

/** Splits of a logarithmic scale that have no words are null. */
const printSplit = (split: number | null): string => (split === null ? '' : printNumber(split));

const sizeOfValues = (_: uPlot, values: readonly string[] | null): number =>
  Math.max(36, ...(values ?? []).map((value) => value.length * 6.5 + 16));

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];
/** Source: uPlot's table of formats: the least distance, the format, then what is added where a year, month, day… begins. */
const clockValues: (string | number | null)[][] = [
  [365 * day, '{YYYY}', null, null, null, null, null, null, 1],
  [28 * day, '{MMM}', '\n{YYYY}', null, null, null, null, null, 1],
  [day, '{MMM} {D}', '\n{YYYY}', null, null, null, null, null, 1],
  [hour, '{HH}:{mm}', '\n{MMM} {D} {YYYY}', null, '\n{MMM} {D}', null, null, null, 1],
  [minute, '{HH}:{mm}', '\n{MMM} {D} {YYYY}', null, '\n{MMM} {D}', null, null, null, 1],
  [second, '{HH}:{mm}:{ss}', '\n{MMM} {D} {YYYY}', null, '\n{MMM} {D}', null, null, null, 1],
  [1, '{HH}:{mm}:{ss}.{fff}', '\n{MMM} {D} {YYYY}', null, '\n{MMM} {D}', null, null, null, 1],
];

/** From the least to the greatest value of each bucket. */
function drawBands(plot: uPlot, lines: readonly Line[]): void {
  const { ctx, bbox, scales } = plot;
  const [from, to] = [scales['x']?.min ?? 0, scales['x']?.max ?? 0];
  const floor = bbox.top + bbox.height;
  const toTop = (value: number): number => {
    const top = plot.valToPos(value, 'y', true);
    return Number.isFinite(top) ? top : floor;
  };
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.globalAlpha = bandAlpha;
  for (const { shown, colour } of lines) {
    const { x, min, max } = shown;
    const places = [...x.keys()].filter((index) => isNear(x, index, from, to));
    if (!places.some((index) => min[index] !== max[index])) continue;
    ctx.fillStyle = colour;
    ctx.beginPath();
    for (const index of places) ctx.lineTo(plot.valToPos(x[index] ?? 0, 'x', true), toTop(max[index] ?? 0));
    for (const index of places.reverse())
      ctx.lineTo(plot.valToPos(x[index] ?? 0, 'x', true), toTop(min[index] ?? 0));
    ctx.fill();
  }
  ctx.restore();
}

/** In sight, or the first beyond it. */
const isNear = (xs: readonly number[], index: number, from: number, to: number): boolean =>
  (xs[index + 1] ?? Infinity) >= from && (xs[index - 1] ?? -Infinity) <= to;

interface DrawnMark {
  readonly left: number;
  readonly kind: NonFinite;
  readonly colour: string;
}

/** A cross at the bottom for nan, a triangle at the edge where an infinity would be. */
function drawMark({ ctx, bbox }: uPlot, { left: wanted, kind, colour }: DrawnMark): void {
  const size = markSize * devicePixelRatio;
  // Whole, also at the first and the last x.
  const left = Math.min(Math.max(wanted, bbox.left + size), bbox.left + bbox.width - size);
  const [top, bottom] = [bbox.top + size * 1.6, bbox.top + bbox.height - size * 1.6];
  ctx.strokeStyle = ctx.fillStyle = colour;
  ctx.lineWidth = 2 * devicePixelRatio;
  ctx.setLineDash([]);
  ctx.beginPath();
  if (kind === 'nan') {
    ctx.moveTo(left - size, bottom - size);
    ctx.lineTo(left + size, bottom + size);
    ctx.moveTo(left - size, bottom + size);
    ctx.lineTo(left + size, bottom - size);
    ctx.stroke();
    return;
  }
  const [base, tip] = kind === 'inf' ? [top + size, top - size] : [bottom - size, bottom + size];
  ctx.moveTo(left - size, base);
  ctx.lineTo(left + size, base);
  ctx.lineTo(left, tip);
  ctx.fill();
}

function drawEventLines(plot: uPlot, { events, palette, range }: ChartLook): void {
  const { ctx, bbox } = plot;
  ctx.strokeStyle = palette.muted;
  ctx.lineWidth = devicePixelRatio;
  ctx.globalAlpha = 0.7;
  ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.beginPath();
  const drawn = new Set<number>();
  for (const { x } of events) {
    if (x < range.from || x > range.to) continue;
    const left = Math.round(plot.valToPos(x, 'x', true)) + 0.5;
    if (drawn.has(left)) continue;
    drawn.add(left);
    ctx.moveTo(left, bbox.top);
    ctx.lineTo(left, bbox.top + bbox.height);
  }
  ctx.stroke();
}
