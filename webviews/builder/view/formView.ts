// The left side: name, pattern, captures and condition, then the actions and what is seldom changed.
import { html, nothing, type TemplateResult } from 'lit';
import { explainable } from './explain';
import { toPageText } from '../../../language/show/page';
import { drawActions } from './actionsView';
import { drawAdvanced } from './advancedView';
import { toGroupClass } from './groupClass';
import { drawBox, drawInput, drawProblems, toId, type Drawn } from './shared';
import { drawTemplates } from './templatesView';
import { suggestConditions } from './suggestConditions';
import { toNames } from '../state';
import type { Group } from '../work/languageWork';

export const drawForm = (drawn: Drawn): TemplateResult => html`
  <form
    class="form"
    aria-label="Watcher"
    @submit=${(event: Event) => {
      event.preventDefault();
    }}
  >
    ${drawTemplates(drawn)}
    ${drawBox(drawn, {
      box: { field: 'name' },
      label: 'Name',
      placeholder: toPageText(drawn.state.answer?.suggestedName ?? ''),
    })}
    ${drawPattern(drawn)} ${drawCaptures(drawn)} ${drawCondition(drawn)} ${drawActions(drawn)}
    ${drawAdvanced(drawn)}
  </form>
`;

function drawPattern(drawn: Drawn): TemplateResult {
  const box = { field: 'pattern' } as const;
  return html`<div class="field">
    <label for=${toId(box)}>Pattern</label>
    ${drawInput(drawn, {
      box,
      label: 'Pattern',
      isCode: true,
      placeholder: 'loss: ([\\d.]+)',
      hint: 'Python regular expression, matched against each line. Select text in the sample to have one made.',
    })}
    <p class="hint" id="${toId(box)}-hint">
      Python regular expression, matched against each line. Select text in the sample to have one made.
    </p>
    ${drawProblems(drawn, box)} ${explainable(drawn.state)}
  </div>`;
}

function drawCaptures({ state, doing }: Drawn): TemplateResult | typeof nothing {
  const groups = state.answer?.groups ?? [];
  if (groups.length === 0) return nothing;
  const names = toNames(state);
  const box = { field: 'captures' } as const;
  return html`<fieldset class="field captures">
    <legend>Captures</legend>
    <div class="chips">
      ${groups.map((group, index) => drawCapture({ ...group, name: names[index] ?? '' }, { state, doing }))}
    </div>
    ${drawProblems({ state, doing }, box)}
  </fieldset>`;
}

function drawCapture({ number, name, span }: Group, { state, doing: { send } }: Drawn): TemplateResult {
  const text = (state.form.fields.pattern ?? '').slice(span.start, span.end);
  return html`<span class="chip ${toGroupClass(number)}">
    <span class="chip-number" aria-hidden="true">${number}</span>
    <input
      type="text"
      class="chip-name"
      spellcheck="false"
      autocomplete="off"
      size=${Math.max(6, name.length + 1)}
      placeholder="name"
      aria-label="Name of group ${number}, ${toPageText(text)}"
      title=${toPageText(text)}
      .value=${name}
      @input=${(event: Event) => {
        send({ kind: 'captureNamed', group: number, name: (event.target as HTMLInputElement).value.trim() });
      }}
    />
  </span>`;
}

function drawCondition(drawn: Drawn): TemplateResult {
  const { state, doing } = drawn;
  const box = { field: 'condition' } as const;
  const hint = 'Acts only if this Python expression holds; captures are text.';
  const suggestions = suggestConditions(state);
  return html`${drawBox(drawn, {
    ...{ box, hint, isCode: true, label: 'Condition' },
    placeholder: 'always',
  })}
  ${
    suggestions.length === 0
      ? nothing
      : html`<div class="suggestions" role="group" aria-label="Conditions to choose from">
          ${suggestions.map(
            ({ title, condition }) =>
              html`<button
                type="button"
                class="quiet suggestion"
                title=${toPageText(condition)}
                @click=${() => {
                  doing.send({ kind: 'conditionTaken', condition });
                }}
              >
                ${toPageText(title)}
              </button>`,
          )}
        </div>`
  }`;
}
