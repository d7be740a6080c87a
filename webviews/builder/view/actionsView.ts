// The actions: cards in their order, with forms made from the table of actions, and what can be added, by category.
import type { nothing } from 'lit';
import { html, type TemplateResult } from 'lit';
import {
  actionTable,
  actionTypes,
  describeDefault,
  type ActionRow,
  type ActionType,
  type ParamRow,
} from '../../../language/actionTable';
import type { ActionForm } from '../../../language/form/watcherForm';
import { toPageText } from '../../../language/show/page';
import { builtInVariables } from '../../../language/variables';
import { icons } from '../../kit/icons';
import { drawBox, drawChoice, drawProblems, type Drawn } from './shared';

const categories: Readonly<Record<ActionRow['category'], string>> = {
  logging: 'Logging and metrics',
  notification: 'Notifications',
  jobControl: 'Job control',
  custom: 'Custom',
};

const rowOf = (type: ActionType): ActionRow => actionTable[type];

export const drawActions = (drawn: Drawn): TemplateResult => html`
  <fieldset class="actions">
    <legend>Actions</legend>
    ${
      drawn.state.form.actions.length === 0
        ? html`<p class="muted">It does nothing but count its triggers.</p>`
        : html`<ol class="cards">
            ${drawn.state.form.actions.map((action, index) => drawCard(drawn, action, index))}
          </ol>`
    }
    ${drawAdding(drawn)} ${drawVariables(drawn)}
  </fieldset>
`;

function drawCard(drawn: Drawn, action: ActionForm, index: number): TemplateResult {
  const { type } = action;
  const { summary, params } = rowOf(type);
  return html`<li
    class="card"
    aria-label="Action ${index + 1}, ${type}"
    @dragover=${(event: DragEvent) => {
      event.preventDefault();
    }}
    @drop=${(event: DragEvent) => {
      event.preventDefault();
      const from = Number(event.dataTransfer?.getData('text/plain'));
      drawn.doing.send({ kind: 'actionMoved', from, to: index });
    }}
  >
    <div class="card-head">
      <span
        class="grip"
        draggable="true"
        aria-hidden="true"
        @dragstart=${(event: DragEvent) => event.dataTransfer?.setData('text/plain', String(index))}
        >${icons.grip}</span
      >
      <strong class="code">${type}</strong>
      <span class="muted card-summary">${summary}</span>
      ${drawCardButtons(drawn, type, index)}
    </div>
    ${drawProblems(drawn, { action: index })}
    <div class="params">
      ${params.map((param) => drawParam(drawn, param, index))}
      ${drawBox(drawn, {
        box: { action: index, isCondition: true },
        label: 'Only if',
        isCode: true,
        placeholder: 'always',
      })}
    </div>
  </li>`;
}

function drawCardButtons({ state, doing: { send } }: Drawn, type: ActionType, index: number): TemplateResult {
  const last = state.form.actions.length - 1;
  const move = (event: Event, to: number): void => {
    send({ kind: 'actionMoved', from: index, to });
    const name = (event.currentTarget as HTMLElement).dataset['move'] ?? '';
    // The focus goes with the card, so that the next key moves it further.
    requestAnimationFrame(() => {
      const button = document.querySelector<HTMLElement>(`.card:nth-child(${to + 1}) [data-move="${name}"]`);
      const other = document.querySelector<HTMLElement>(
        `.card:nth-child(${to + 1}) [data-move]:not(:disabled)`,
      );
      (button?.matches(':disabled') ? other : button)?.focus();
    });
  };
  return html`<span class="card-buttons">
    <button
      type="button"
      class="quiet"
      data-move="up"
      aria-label="Move ${type} up"
      ?disabled=${index === 0}
      @click=${(event: Event) => {
        move(event, index - 1);
      }}
    >
      ${icons.up}
    </button>
    <button
      type="button"
      class="quiet"
      data-move="down"
      aria-label="Move ${type} down"
      ?disabled=${index === last}
      @click=${(event: Event) => {
        move(event, index + 1);
      }}
    >
      ${icons.down}
    </button>
    <button
      type="button"
      class="quiet"
      aria-label="Remove ${type}"
      @click=${() => {
        send({ kind: 'actionRemoved', index });
      }}
    >
      ${icons.close}
    </button>
  </span>`;
}

function drawParam(drawn: Drawn, param: ParamRow, action: number): TemplateResult {
  const { name, type, summary, choices, isSecret, required } = param;
  const box = { action, param: name };
  const empty = describeDefault(param);
  const look = { box, label: name.replaceAll('_', ' '), hint: summary };
  if (type === 'choice') return drawChoice(drawn, { ...look, choices: choices ?? [], empty });
  if (type === 'boolean') return drawChoice(drawn, { ...look, choices: ['true', 'false'], empty });
  return drawBox(drawn, {
    ...look,
    placeholder: required ? '' : empty === 'none' ? '' : empty,
    isCode: type === 'command' || type === 'object',
    isRequired: required === true,
    isSecret: isSecret === true,
    isLong: type === 'object',
  });
}

const drawAdding = ({ doing: { send } }: Drawn): TemplateResult =>
  html`<div class="adding" role="group" aria-label="Add an action">
    ${Object.entries(categories).map(
      ([category, title]) =>
        html`<div class="adding-row">
          <span class="muted">${title}</span>
          <span class="adding-buttons"
            >${actionTypes
              .filter((type) => rowOf(type).category === category)
              .map(
                (type) =>
                  html`<button
                    type="button"
                    class="quiet"
                    title=${rowOf(type).summary}
                    aria-label="Add ${type}"
                    @click=${() => {
                      send({ kind: 'actionAdded', type });
                    }}
                  >
                    ${icons.add}${type}
                  </button>`,
              )}</span
          >
        </div>`,
    )}
  </div>`;

/** What texts of actions may speak of; a click puts it where one has typed last. */
function drawVariables({ state, doing }: Drawn): TemplateResult {
  const captures = (state.answer?.groups ?? []).map(({ name, number }) => ({
    name: name || String(number),
    summary: `Group ${number} of the pattern.`,
  }));
  const builtIns = Object.entries(builtInVariables)
    .filter(([, row]) => !('conditionOnly' in row))
    .map(([name, { summary }]) => ({ name, summary: summary.replaceAll('`', '') }));
  const all = [{ name: '0', summary: 'The matched text.' }, ...captures, ...builtIns];
  return html`<details class="variables">
    <summary>Variables for texts and commands</summary>
    <dl>
      ${all.map(
        ({ name, summary }) =>
          html`<dt>
              <button
                type="button"
                class="link code"
                aria-label="Insert $${name}"
                @click=${() => {
                  doing.insertVariable(name);
                }}
              >
                $${toPageText(name)}
              </button>
            </dt>
            <dd>${summary}</dd>`,
      )}
    </dl>
  </details>`;
}

/** What the watcher would run, in the order of its actions. */
export const drawWouldRun = ({ state: { form } }: Drawn): TemplateResult | typeof nothing =>
  form.actions.length === 0
    ? html`<span>would run nothing</span>`
    : html`<span
        >would run: <span class="code">${form.actions.map(({ type }) => type).join(', ')}</span></span
      >`;
