// Below the sample: captured values, the dry run, and the watcher as a directive and as JSON, which can be edited.
import { html, nothing, type TemplateResult } from 'lit';
import { count } from '../../../engine/words';
import { toPageText } from '../../../language/show/page';
import type { DryRunLine } from '../protocol';
import { toNames, type Pane, type PreviewDraft } from '../state';
import type { MatchRow } from '../work/matchWork';
import { toGroupClass } from './groupClass';
import { type Drawn } from './shared';

const panes: readonly (readonly [Pane, string])[] = [
  ['captures', 'Captured Values'],
  ['dryRun', 'Dry Run'],
  ['directive', 'Directive'],
  ['json', 'JSON'],
];

export const drawResult = (drawn: Drawn): TemplateResult => html`
  <section class="result" aria-label="Result">
    <div
      class="tabs"
      role="tablist"
      @keydown=${(event: KeyboardEvent) => {
        moveTab(drawn, event);
      }}
    >
      ${panes.map(([pane, title]) => drawTab(drawn, pane, title))}
    </div>
    <div class="pane" role="tabpanel" id="pane" aria-labelledby="tab-${drawn.state.pane}" tabindex="0">
      ${drawPane(drawn)}
    </div>
  </section>
`;

/** From the tab that has the focus: keys may come faster than the page is drawn. */
function moveTab({ doing }: Drawn, event: KeyboardEvent): void {
  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const focused = (event.target as HTMLElement).id;
  const at = panes.findIndex(([pane]) => `tab-${pane}` === focused);
  const [next] = panes[(at + step + panes.length) % panes.length] ?? panes[0] ?? ['captures'];
  doing.send({ kind: 'paneChosen', pane: next });
  document.getElementById(`tab-${next}`)?.focus();
}

const drawTab = ({ state, doing }: Drawn, pane: Pane, title: string): TemplateResult =>
  html`<button
    type="button"
    class="tab"
    role="tab"
    id="tab-${pane}"
    aria-selected=${state.pane === pane}
    aria-controls="pane"
    tabindex=${state.pane === pane ? 0 : -1}
    @click=${() => {
      doing.send({ kind: 'paneChosen', pane });
    }}
  >
    ${title}
  </button>`;

function drawPane(drawn: Drawn): TemplateResult {
  switch (drawn.state.pane) {
    case 'captures':
      return drawValues(drawn);
    case 'dryRun':
      return drawDryRun(drawn);
    case 'directive':
    case 'json':
      return drawPreview(drawn, drawn.state.pane);
  }
}

// ---- captured values -----------------------------------------------------------------------------------------------

function drawValues({ state, doing }: Drawn): TemplateResult {
  const { rows } = state.findings;
  const names = toNames(state);
  if (rows.length === 0) return html`<p class="muted">What the pattern captures is shown here.</p>`;
  const hasCondition = rows.some(({ condition }) => condition !== undefined);
  return html`<table class="values">
    <thead>
      <tr>
        <th scope="col">Line</th>
        ${names.length === 0 ? html`<th scope="col">Matched text</th>` : nothing}
        ${names.map(
          (name, index) =>
            html`<th scope="col">
              <span class=${toGroupClass(index + 1)}>${toPageText(name || `$${index + 1}`)}</span>
            </th>`,
        )}
        ${hasCondition ? html`<th scope="col">Condition</th>` : nothing}
      </tr>
    </thead>
    <tbody>
      ${rows.map((row) => drawRow(row, { hasCondition, hasGroups: names.length > 0, show: doing.showLine }))}
    </tbody>
  </table>`;
}

function drawRow(
  { line, values, condition }: MatchRow,
  {
    hasCondition,
    hasGroups,
    show,
  }: { readonly hasCondition: boolean; readonly hasGroups: boolean; readonly show: (line: number) => void },
): TemplateResult {
  const cells = hasGroups ? values.slice(1) : values.slice(0, 1);
  return html`<tr>
    <td>
      <button
        type="button"
        class="link"
        aria-label="Show line ${line + 1}"
        @click=${() => {
          show(line);
        }}
      >
        ${line + 1}
      </button>
    </td>
    ${cells.map((value) =>
      value === null
        ? html`<td class="muted">None</td>`
        : html`<td class="code">${toPageText(value.slice(0, 200))}</td>`,
    )}
    ${
      hasCondition
        ? html`<td class=${condition?.isError ? 'error' : ''}>
            ${
              condition === undefined
                ? nothing
                : html`<span aria-hidden="true">${condition.holds ? '✓' : '✗'}</span>
                    ${toPageText(condition.text.slice(0, 200))}`
            }
          </td>`
        : nothing
    }
  </tr>`;
}

// ---- dry run -------------------------------------------------------------------------------------------------------

function drawDryRun({ state, doing }: Drawn): TemplateResult {
  const { dryRun, busy, answer } = state;
  const button = html`<button
    type="button"
    class="secondary"
    ?disabled=${busy !== null || answer?.watcher === undefined || state.source === null}
    @click=${doing.dryRun}
  >
    ${busy === 'dryRun' ? 'Running…' : 'Run on the Sample'}
  </button>`;
  if (!dryRun)
    return html`<p class="muted">Goes through the sample as the engine would. Nothing is executed.</p>
      ${button}`;
  const { lines, more, matches, triggers } = dryRun;
  return html`<p role="status">
      ${count(matches, 'match', 'matches')}, ${count(triggers, 'trigger')}. Nothing was executed.
    </p>
    <ol class="dry-run">
      ${lines.map((line) => drawDryRunLine(line, doing.showLine))}
    </ol>
    ${more > 0 ? html`<p class="muted">${count(more, 'more entry', 'more entries')}.</p>` : nothing} ${button}`;
}

const drawDryRunLine = ({ line, kind, text }: DryRunLine, show: (line: number) => void): TemplateResult =>
  html`<li class=${kind}>
    ${
      line === null
        ? html`<span class="muted">end</span>`
        : html`<button
            type="button"
            class="link"
            aria-label="Show line ${line}"
            @click=${() => {
              show(line - 1);
            }}
          >
            ${line}
          </button>`
    }
    <span class="code">${toPageText(text)}</span>
  </li>`;

// ---- previews ------------------------------------------------------------------------------------------------------

function drawPreview({ state, doing }: Drawn, pane: PreviewDraft['pane']): TemplateResult {
  const { draft, answer } = state;
  const printed = pane === 'directive' ? answer?.directive : answer?.watcher;
  const text = draft?.pane === pane ? draft.text : (printed ?? '');
  const problems = draft?.pane === pane ? (draft.answer?.problems ?? []) : [];
  const isWrong = draft?.pane === pane && draft.answer !== undefined && !draft.answer.form;
  return html`${
      draft === null && printed === undefined
        ? html`<p class="muted">
            ${
              pane === 'directive' && answer?.watcher !== undefined
                ? 'A directive has no words for this watcher; JSON has.'
                : 'It is shown here once the form has no errors. You can also write it here.'
            }
          </p>`
        : nothing
    }
    <textarea
      class="preview code"
      spellcheck="false"
      rows=${Math.min(24, Math.max(4, text.split('\n').length + 1))}
      aria-label=${pane === 'directive' ? 'Directive' : 'JSON'}
      aria-invalid=${isWrong}
      .value=${text}
      @input=${(event: Event) => {
        doing.send({ kind: 'previewTyped', pane, text: (event.target as HTMLTextAreaElement).value });
      }}
      @blur=${() => {
        doing.send({ kind: 'previewLeft' });
      }}
    ></textarea>
    ${
      problems.length === 0
        ? nothing
        : html`<ul class="problems">
            ${problems.map(
              ({ severity, message, remedy }) =>
                html`<li class="problem ${severity}">${toPageText(message)} ${toPageText(remedy)}</li>`,
            )}
          </ul>`
    }`;
}
