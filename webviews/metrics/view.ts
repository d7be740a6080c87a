// How the page of metrics looks: its bar, its charts, the table of its lines, and what is said if there is nothing to draw.
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { printNumber, printWithUnit } from '../../engine/metricWords';
import { count } from '../../engine/words';
import { toPageText } from '../../language/show/page';
import { nameAxis, printX, readAxisKey, toAxisKey } from './axis';
import { groupSeries, type ChartGroup } from './charts';
import { colourOf, dashOf, type Palette } from './colours';
import { icons } from '../kit/icons';
import type { AxisChoice, KeptSeries } from './protocol';
import { findValue } from './seriesData';
import {
  findOnlyName,
  findShown,
  findSummary,
  findUnit,
  findWhole,
  isApart,
  keyOf,
  nameSeries,
  visibleSeries,
  type State,
} from './state';
import type { Happening } from './update';
import { describeChart, describeLine, exampleDirective, toValueRows } from './words';

/** What people do that reaches beyond the page. */
export interface Deeds {
  readonly send: (happening: Happening) => void;
  readonly choose: () => void;
  readonly exportValues: () => void;
  readonly savePicture: () => void;
  readonly onKey: (event: KeyboardEvent) => void;
  readonly zoom: (factor: number) => void;
  readonly palette: Palette;
}

export function view(state: State, deeds: Deeds): TemplateResult {
  return html`<div class="metrics">
    ${toBar(state, deeds)}${toBanner(state, deeds)}
    ${state.series.length === 0 ? toEmpty(state, deeds) : toCharts(state, deeds)}
    <p class="spoken" role="status">${state.said}</p>
  </div>`;
}

function toBar(state: State, deeds: Deeds): TemplateResult {
  const { send } = deeds;
  const hasLines = state.series.length > 0;
  const button = (label: string, icon: unknown, act: () => void, isOn?: boolean): TemplateResult =>
    html`<button
      type="button"
      class="quiet"
      title=${label}
      aria-label=${label}
      aria-pressed=${isOn === undefined ? nothing : String(isOn)}
      ?disabled=${!hasLines}
      @click=${act}
    >
      ${icon}
    </button>`;
  return html`<div class="bar" role="toolbar" aria-label="Chart">
    <button type="button" class="quiet named" @click=${deeds.choose}>
      ${icons.add}<span>Add Metric…</span>
    </button>
    <label class="choice"
      ><span class="wide-only">X axis</span>
      <select
        aria-label="X axis"
        ?disabled=${!hasLines}
        @change=${(event: Event) => {
          send({ kind: 'axis', axis: readAxisKey((event.target as HTMLSelectElement).value) });
        }}
      >
        ${toAxes(state).map(
          (axis) =>
            html`<option value=${toAxisKey(axis)} ?selected=${toAxisKey(axis) === toAxisKey(state.axis)}>
              ${toPageText(nameAxis(axis))}
            </option>`,
        )}
      </select>
    </label>
    <button
      type="button"
      class="quiet named"
      title="Logarithmic Scale"
      aria-pressed=${String(state.scale === 'log')}
      ?disabled=${!hasLines}
      @click=${() => {
        send({ kind: 'scale', scale: state.scale === 'log' ? 'linear' : 'log' });
      }}
    >
      Log
    </button>
    ${button(
      'Side by Side',
      icons.apart,
      () => {
        send({ kind: 'layout', layout: isApart(state) ? 'together' : 'apart' });
      },
      isApart(state),
    )}
    <label class="choice" title="Smoothing of the lines; the values stay behind them"
      ><span>Smoothing</span
      ><input
        type="range"
        min="0"
        max="0.99"
        step="0.01"
        .value=${String(state.smoothing)}
        ?disabled=${!hasLines}
        @input=${(event: Event) => {
          send({ kind: 'smoothing', weight: (event.target as HTMLInputElement).valueAsNumber });
        }}
      /><output class="weight">${state.smoothing === 0 ? 'off' : state.smoothing.toFixed(2)}</output></label
    >
    <span class="gap"></span>
    ${button('Zoom In', icons.zoomIn, () => {
      deeds.zoom(0.5);
    })}
    ${button('Zoom Out', icons.zoomOut, () => {
      deeds.zoom(2);
    })}
    <button
      type="button"
      class="quiet"
      title="Show All"
      aria-label="Show All"
      ?disabled=${state.range === null}
      @click=${() => {
        send({ kind: 'range', range: null, said: 'All values are shown.' });
      }}
    >
      ${icons.whole}
    </button>
    ${button(
      'Table of Values',
      icons.table,
      () => {
        send({ kind: 'table', isShown: !state.showsTable });
      },
      state.showsTable,
    )}
    ${button('Export as PNG…', icons.picture, deeds.savePicture)}
    ${button('Export Values as CSV…', icons.save, deeds.exportValues)}
  </div>`;
}

/** Other metrics can be x of those beside them. */
function toAxes({ names, series, axis }: State): readonly AxisChoice[] {
  const own = names.filter(({ job }) => series.some((one) => one.job === job)).map(({ name }) => name);
  const known = axis.kind === 'metric' ? [axis.name] : [];
  return [
    { kind: 'elapsed' },
    { kind: 'clock' },
    { kind: 'step' },
    ...[...new Set([...own, ...known])].map((name) => ({ kind: 'metric' as const, name })),
  ];
}

function toBanner({ trouble, engine }: State, { send }: Deeds): TemplateResult | typeof nothing {
  if (!engine.isThere)
    return html`<div class="banner" role="alert">
      <span>${toPageText(engine.words)}</span>
    </div>`;
  if (!trouble) return nothing;
  return html`<div class="banner" role="alert">
    <span>${toPageText(trouble.message)} ${toPageText(trouble.remedy)}</span>
    <button
      type="button"
      @click=${() => {
        send({ kind: 'retry' });
      }}
    >
      Retry
    </button>
  </div>`;
}

function toEmpty(state: State, { send, choose }: Deeds): TemplateResult {
  if (!state.isBegun)
    return state.trouble || !state.engine.isThere
      ? html``
      : html`<p class="nothing loading" role="status">Asking the engine for metrics…</p>`;
  const own = state.names.filter(({ job }) => job === state.job);
  const title = toPageText(state.jobs.get(state.job)?.title ?? state.job);
  if (own.length > 0)
    return html`<div class="nothing">
      <h1>Nothing is shown</h1>
      <p>Choose from the metrics of ${title}:</p>
      <p class="offers">
        ${own.map(
          (series) =>
            html`<button
              type="button"
              class="secondary"
              @click=${() => {
                send({ kind: 'added', series: [series] });
              }}
            >
              ${toPageText(series.name)}
            </button>`,
        )}
      </p>
    </div>`;
  return html`<div class="nothing">
    <h1>No metrics yet</h1>
    <p>
      ${title} has not stored a number yet. A watcher keeps each number that it finds in the output with the
      action
      <code>store_metric</code>, and it is drawn here as it comes:
    </p>
    <pre tabindex="0">${exampleDirective}</pre>
    <p><button type="button" class="secondary" @click=${choose}>Show Metrics of Another Job…</button></p>
  </div>`;
}

function toCharts(state: State, deeds: Deeds): TemplateResult {
  const groups = groupSeries(state);
  const isAny = findWhole(state) !== undefined;
  const words = describeChart(state);
  const title = toPageText(state.jobs.get(state.job)?.title ?? state.job);
  return html`<h1 class="spoken">Metrics of ${title}</h1>
    <div class="charts ${groups.length > 1 ? 'apart' : ''}">
      ${repeat(
        groups,
        ({ key }) => key,
        (group) => toPlot(state, group, { deeds, isAny }),
      )}
    </div>
    <p class="spoken" id="summary">${words}</p>
    ${toNotes(state)}
    <div class="below">${toLegend(state, deeds)}${state.showsTable ? toTable(state) : nothing}</div>`;
}

function toPlot(
  state: State,
  { key, title, series }: ChartGroup,
  { deeds, isAny }: { readonly deeds: Deeds; readonly isAny: boolean },
): TemplateResult {
  const name = title === '' ? 'Chart of metrics' : `Chart of ${toPageText(title)}`;
  return html`<section
    class="chart"
    tabindex="0"
    role="group"
    aria-roledescription="chart"
    aria-label="${name}. Plus and minus zoom, arrows pan, Shift with arrows reads values, 0 shows all."
    aria-describedby="summary"
    @keydown=${deeds.onKey}
  >
    ${title === '' ? nothing : html`<h2>${toPageText(title)}${toUnit(state, series)}</h2>`}
    <div class="plot" data-chart=${key}></div>
    ${isAny ? nothing : html`<p class="waiting">${hasAnswers(state) ? 'No value yet' : ''}</p>`}
  </section>`;
}

const hasAnswers = ({ series, data }: State): boolean => series.every((one) => data.has(keyOf(one)));

function toUnit(state: State, series: readonly KeptSeries[]): TemplateResult | typeof nothing {
  const units = [...new Set(series.flatMap((one) => findUnit(state, one) ?? []))];
  return units.length === 0 ? nothing : html` <span class="muted">${toPageText(units.join(', '))}</span>`;
}

/** What the chart cannot show by itself. */
function toNotes(state: State): TemplateResult | typeof nothing {
  const notes: string[] = [];
  const answers = visibleSeries(state).flatMap((series) => {
    const known = state.data.get(keyOf(series));
    return known
      ? [{ ...known.overview, name: nameSeries(state, series), shown: findShown(state, series) }]
      : [];
  });
  for (const { name, withoutX } of answers)
    if (withoutX > 0)
      notes.push(
        `${count(withoutX, 'value')} of ${name} ${withoutX === 1 ? 'has' : 'have'} no ${nameAxis(state.axis)}.`,
      );
  if (state.scale === 'log')
    for (const { name, shown } of answers)
      if (shown.min.some((value) => value <= 0))
        notes.push(`Values of ${name} that are not above 0 are not on a logarithmic scale.`);
  if (notes.length === 0) return nothing;
  return html`<p class="notes muted">${toPageText(notes.join(' '))}</p>`;
}

function toLegend(state: State, deeds: Deeds): TemplateResult {
  const { cursor } = state;
  const range = state.range ?? findWhole(state);
  const at = cursor === null || !range ? '' : printX(cursor, state.axis, range.to - range.from);
  return html`<table class="legend">
    <caption class="spoken">
      Lines of the chart${state.range ? ', of the values in sight' : ''}
    </caption>
    <thead>
      <tr>
        <th scope="col">${isOfJobs(state) ? 'Job' : 'Metric'}</th>
        <th scope="col" class="number at" title="At the cursor">
          ${at === '' ? 'Last' : `at ${toPageText(at)}`}
        </th>
        <th scope="col" class="number">Min</th>
        <th scope="col" class="number">Max</th>
        <th scope="col" class="number mean">Mean</th>
        <th scope="col" class="number count">Values</th>
        <th scope="col"><span class="spoken">Remove</span></th>
      </tr>
    </thead>
    <tbody>
      ${repeat(state.series, keyOf, (series) => toLegendRow(state, series, deeds))}
    </tbody>
  </table>`;
}

/** One metric of several jobs: lines are called by their job. */
const isOfJobs = ({ series }: State): boolean =>
  findOnlyName(series) !== undefined && series.some(({ job }) => job !== series[0]?.job);

function toLegendRow(state: State, series: KeptSeries, { send, palette }: Deeds): TemplateResult {
  const name = toPageText(nameSeries(state, series));
  const summary = findSummary(state, series);
  const unit = findUnit(state, series);
  const value =
    state.cursor === null ? summary?.last?.value : findValue(findShown(state, series), state.cursor);
  const print = (number: number | null | undefined): string =>
    number === null || number === undefined ? '' : printWithUnit(number, unit);
  const bad = summary ? (['nan', 'inf', '-inf'] as const).filter((kind) => summary.notFinite[kind] > 0) : [];
  return html`<tr class=${series.isHidden ? 'hidden-line' : ''}>
    <th scope="row">
      <button
        type="button"
        class="quiet line"
        aria-pressed=${String(!series.isHidden)}
        title="${series.isHidden ? 'Show' : 'Hide'} ${name}"
        @click=${() => {
          send({
            kind: 'toggled',
            series,
          });
        }}
      >
        <svg class="swatch" viewBox="0 0 24 8" aria-hidden="true">
          <line
            x1="0"
            y1="4"
            x2="24"
            y2="4"
            stroke-width="3"
            stroke=${colourOf(series.slot, palette)}
            stroke-dasharray=${dashOf(series.slot, palette).join(' ') || nothing}
          />
        </svg>
        <span class="name">${name}</span>
        <span class="spoken">, ${toPageText(describeLine(state, series))}</span>
      </button>
    </th>
    <td class="number at">${value === undefined ? '' : toPageText(printWithUnit(value, unit))}</td>
    <td class="number">${toPageText(print(summary?.min))}</td>
    <td class="number">${toPageText(print(summary?.max))}</td>
    <td class="number mean">${toPageText(print(summary?.mean))}</td>
    <td class="number count">
      ${summary ? summary.count.toLocaleString('en-US') : ''}${bad.map(
        (kind) => html` <span class="bad">${printNumber(summary?.notFinite[kind] ?? 0)}× ${kind}</span>`,
      )}
    </td>
    <td class="act">
      <button
        type="button"
        class="quiet"
        title="Remove from Chart"
        aria-label="Remove ${name} from the chart"
        @click=${() => {
          send({ kind: 'removed', series });
        }}
      >
        ${icons.close}
      </button>
    </td>
  </tr>`;
}

function toTable(state: State): TemplateResult {
  const rows = toValueRows(state);
  const lines = visibleSeries(state);
  return html`<table class="values">
    <caption>
      ${count(rows.length, 'place')} of the values in sight
    </caption>
    <thead>
      <tr>
        <th scope="col">${toPageText(nameAxis(state.axis))}</th>
        ${lines.map((series) => html`<th scope="col" class="number">${toPageText(nameSeries(state, series))}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ x, values }) =>
          html`<tr>
            <th scope="row">${toPageText(x)}</th>
            ${values.map((value) => html`<td class="number">${toPageText(value)}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}
