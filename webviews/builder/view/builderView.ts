// The whole page: bars with what is to be known, the form and the sample side by side, and the footer that stays.
import { html, nothing, type TemplateResult } from 'lit';
import { count } from '../../../engine/words';
import { toPageText } from '../../../language/show/page';
import { countErrors, isUnsaved } from '../state';
import { drawWouldRun } from './actionsView';
import { drawForm } from './formView';
import { drawResult } from './resultView';
import { drawSample } from './sampleView';
import type { Drawn } from './shared';

export const drawBuilder = (drawn: Drawn, rows: HTMLElement): TemplateResult => html`
  <div class="builder">
    <h1 class="spoken">Watcher ${toPageText(drawn.state.form.fields.name ?? '')}</h1>
    <div class="bars">${drawBars(drawn)}</div>
    <div class="columns">
      <div class="left">${drawForm(drawn)}</div>
      <div class="right">${drawSample(drawn, rows)} ${drawResult(drawn)}</div>
    </div>
    ${drawFooter(drawn)}
  </div>
`;

function drawBars({ state, doing }: Drawn): TemplateResult {
  const { send } = doing;
  const { notice, meanwhile, leftOver, isBroken, isGone, scriptName } = state;
  const name = toPageText(scriptName ?? 'the script');
  return html`
    ${
      meanwhile
        ? html`<div class="bar warning" role="status">
            <span>This directive was changed in ${name} meanwhile.</span>
            <button
              type="button"
              class="secondary"
              @click=${() => {
                send({ kind: 'theirsTaken' });
              }}
            >
              Take It
            </button>
            <button
              type="button"
              class="secondary"
              @click=${() => {
                send({ kind: 'mineKept' });
              }}
            >
              Keep Mine
            </button>
          </div>`
        : nothing
    }
    ${
      isBroken
        ? html`<div class="bar warning" role="status">
            <span>The directive in ${name} is not a watcher at the moment: there is an error in it.</span>
            <button type="button" class="secondary" @click=${doing.reveal}>Show It</button>
          </div>`
        : nothing
    }
    ${
      isGone && state.directive
        ? html`<div class="bar warning" role="status">
            <span>This directive is not in ${name} any more. It can be inserted again.</span>
          </div>`
        : nothing
    }
    ${
      leftOver
        ? html`<div class="bar info" role="status">
            <span>You left this unfinished earlier.</span>
            <button
              type="button"
              class="secondary"
              @click=${() => {
                send({ kind: 'leftOverTaken' });
              }}
            >
              Continue It
            </button>
            <button
              type="button"
              class="secondary"
              @click=${() => {
                send({ kind: 'leftOverDropped' });
              }}
            >
              Discard It
            </button>
          </div>`
        : nothing
    }
    ${
      notice
        ? html`<div class="bar ${notice.kind}" role=${notice.kind === 'error' ? 'alert' : 'status'}>
            <span>${toPageText(notice.text)}</span>
            ${
              notice.button === 'undo' && state.former
                ? html`<button
                    type="button"
                    class="secondary"
                    @click=${() => {
                      send({ kind: 'undone' });
                    }}
                  >
                    Undo
                  </button>`
                : nothing
            }
            ${
              notice.button === 'reveal'
                ? html`<button type="button" class="secondary" @click=${doing.reveal}>Show It</button>`
                : nothing
            }
            <button
              type="button"
              class="quiet"
              aria-label="Close this message"
              @click=${() => {
                send({ kind: 'noticeClosed' });
              }}
            >
              ✕
            </button>
          </div>`
        : nothing
    }
  `;
}

function drawFooter(drawn: Drawn): TemplateResult {
  const { state, doing } = drawn;
  const errors = countErrors(state);
  const about = state.editedWatcher ?? state.scriptName;
  const isReady = state.answer?.watcher !== undefined && state.busy === null && !isUnread(drawn);
  const hasChanged = isUnsaved(state);
  const button = (title: string, run: () => void, isOpen: boolean): TemplateResult =>
    html`<button type="button" ?disabled=${!isReady || !isOpen} @click=${run}>${title}</button>`;
  const main =
    state.editedWatcher !== null
      ? button('Change Watcher', doing.apply, hasChanged)
      : state.directive !== null && !state.isGone
        ? button('Update Script', doing.update, hasChanged)
        : button('Insert into Script', doing.insert, true);
  return html`<footer class="footer">
    ${main}
    <button type="button" class="secondary" ?disabled=${!isReady} @click=${doing.attach}>
      Attach to Job…
    </button>
    <select
      class="more"
      aria-label="More"
      @change=${(event: Event) => {
        const select = event.target as HTMLSelectElement;
        const { value } = select;
        select.value = '';
        if (value === 'template') doing.saveTemplate();
        else if (value === 'directive' || value === 'JSON') doing.copy(value);
      }}
    >
      <option value="" selected>More…</option>
      <option value="template" ?disabled=${!isReady}>Save as template</option>
      <option value="directive" ?disabled=${state.answer?.directive === undefined}>Copy as directive</option>
      <option value="JSON" ?disabled=${state.answer?.watcher === undefined}>Copy as JSON</option>
    </select>
    <span class="would" role="status"
      >${errors > 0 ? html`<span class="error">${count(errors, 'error')} to correct</span>` : drawWouldRun(drawn)}</span
    >
    ${about === null ? nothing : html`<span class="muted script">${toPageText(about)}</span>`}
  </footer>`;
}

/** A preview that is edited and cannot be read says something else than the form. */
const isUnread = ({ state: { draft } }: Drawn): boolean => draft !== null && draft.answer?.form === undefined;
