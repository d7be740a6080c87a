// The page of a job's output around its lines: header, find, notices; what people do is sent or handed on.
import { html, nothing, type TemplateResult } from 'lit';
import type { Stream } from '../../engine/model';
import { count, toDuration } from '../../engine/words';
import { toPageText } from '../../language/show/page';
import { icons } from '../kit/icons';
import type { FindWish, ShownJob, ShownStreams } from './protocol';
import {
  describeFound,
  listShown,
  listStreams,
  type FindState,
  type Happening,
  type State,
  type StreamState,
} from './state';

export interface ViewParts {
  readonly send: (happening: Happening) => void;
  /** Where the lines of a stream are. */
  readonly elementOf: (stream: Stream) => HTMLElement;
  readonly cancel: () => void;
  readonly toggleFollow: () => void;
  readonly follow: (stream: Stream) => void;
  readonly retry: () => void;
  readonly openAsText: () => void;
  readonly findNext: (step: 1 | -1) => void;
  readonly goToLine: (number: number) => void;
  readonly focusLines: () => void;
}

const streamWords = { stdout: 'Output', stderr: 'Errors', both: 'Both' } as const;

export function viewOutput(state: State, parts: ViewParts): TemplateResult {
  const streams = listShown(state);
  return html`
    ${viewHeader(state, parts)} ${viewLost(state, parts)}
    <div
      class="panes"
      @keydown=${(event: KeyboardEvent) => {
        handlePageKeys(event, parts);
      }}
    >
      ${viewFind(state.find, parts)} ${state.goToIsOpen ? viewGoTo(parts) : nothing}
      ${streams.map((stream) => viewPane(state, stream, parts))}
    </div>
    ${viewSaid(state, parts)}
  `;
}

/** What came of something that was asked for here. */
const viewSaid = ({ said }: State, { send }: ViewParts): TemplateResult =>
  html`<div role="status">
    ${
      said === ''
        ? nothing
        : html`<div class="notice">
            <span>${toPageText(said)}</span>
            <button
              type="button"
              class="secondary"
              @click=${() => {
                send({ kind: 'say', text: '' });
              }}
            >
              Close
            </button>
          </div>`
    }
  </div>`;

function viewHeader(state: State, parts: ViewParts): TemplateResult {
  const { job, wraps, active, streams } = state;
  const isFollowing = listShown(state).every((stream) => streams[stream].isFollowing);
  const isOver = streams[active].phase === 'ended';
  return html`<header>
    <div class="job">
      ${job ? viewJob(job, state.now) : html`<h1>${state.isOpened ? 'Unknown job' : '…'}</h1>`}
    </div>
    <div class="tools" role="toolbar" aria-label="Output">
      ${listStreams(job).length > 1 ? viewStreams(state.shown, parts) : nothing}
      ${viewTool({
        icon: icons.follow,
        words: isOver ? 'Go to the End' : isFollowing ? 'Pause Following' : 'Follow New Lines',
        isPressed: isFollowing,
        press: parts.toggleFollow,
      })}
      ${viewTool({
        icon: icons.find,
        words: 'Find (Ctrl+F)',
        press: () => {
          parts.send({ kind: 'openFind' });
        },
      })}
      ${viewTool({
        icon: icons.goTo,
        words: 'Go to Line (Ctrl+G)',
        press: () => {
          parts.send({ kind: 'goTo', isOpen: true });
        },
      })}
      ${viewTool({
        icon: icons.wrap,
        words: 'Wrap Long Lines',
        isPressed: wraps,
        press: () => {
          parts.send({ kind: 'wrap' });
        },
      })}
      ${viewTool({ icon: icons.text, words: 'Open as Text File', press: parts.openAsText })}
      ${
        job?.canCancel === true
          ? html`<button type="button" class="secondary cancel" @click=${parts.cancel}>Cancel Job</button>`
          : nothing
      }
    </div>
  </header>`;
}

interface Tool {
  readonly icon: unknown;
  readonly words: string;
  readonly isPressed?: boolean;
  readonly press: () => void;
}

const viewTool = ({ icon, words, isPressed, press }: Tool): TemplateResult =>
  html`<button
    type="button"
    class="quiet"
    title=${words}
    aria-label=${words}
    aria-pressed=${isPressed === undefined ? nothing : String(isPressed)}
    @click=${press}
  >
    ${icon}
  </button>`;

function viewJob(
  { name, id, cluster, state, look, started, ended, limitSeconds }: ShownJob,
  now: number,
): TemplateResult {
  const elapsed = started === null ? '' : toDuration((ended ?? now) - started);
  const limit = limitSeconds === null || ended !== null ? '' : ` of ${toDuration(limitSeconds * 1000)}`;
  const facts = [...(id === '' ? [] : [`job ${id}`]), cluster, ...(elapsed === '' ? [] : [elapsed + limit])];
  return html`<h1 title=${toPageText(name)}>${toPageText(name)}</h1>
    <span class="state ${look}">${toPageText(state)}</span>
    <span class="facts muted">${toPageText(facts.join(' · '))}</span>`;
}

const viewStreams = (shown: ShownStreams, { send }: ViewParts): TemplateResult =>
  html`<div class="streams" role="group" aria-label="Streams">
    ${(['stdout', 'stderr', 'both'] as const).map(
      (streams) =>
        html`<button
          type="button"
          class="quiet"
          aria-pressed=${String(shown === streams)}
          @click=${() => {
            send({ kind: 'show', shown: streams });
          }}
        >
          ${streamWords[streams]}
        </button>`,
    )}
  </div>`;

const viewLost = ({ lost }: State, { retry }: ViewParts): TemplateResult | typeof nothing =>
  lost
    ? html`<div class="notice warning" role="alert">
        <span>${toPageText(lost.message)} ${toPageText(lost.remedy)}</span>
        <button type="button" class="secondary" @click=${retry}>Retry</button>
      </div>`
    : nothing;

function viewPane(state: State, stream: Stream, parts: ViewParts): TemplateResult {
  const known = state.streams[stream];
  const isOne = listShown(state).length === 1;
  return html`<section class="pane ${state.wraps ? 'wraps' : ''}" aria-label=${streamWords[stream]}>
    ${isOne ? nothing : html`<h2>${streamWords[stream]}</h2>`}
    <div class="pane-body">
      ${parts.elementOf(stream)} ${viewEmpty(state, stream)}
      ${
        known.newLines > 0
          ? html`<button
              type="button"
              class="new-lines"
              @click=${() => {
                parts.follow(stream);
              }}
            >
              ↓ ${count(known.newLines, 'new line')}
            </button>`
          : nothing
      }
    </div>
    ${viewStreamNotice(known, stream, parts)}
  </section>`;
}

/** What is said in the place of lines. */
function viewEmpty({ job, streams }: State, stream: Stream): TemplateResult | typeof nothing {
  const { phase, isEmpty, trouble } = streams[stream];
  if (!isEmpty || trouble) return nothing;
  const path = job?.outputs[stream] ?? null;
  const words = {
    opening: 'Opening the output…',
    live: 'Nothing was printed so far. What is printed appears here by itself.',
    absent: 'There is no file yet. What the job prints appears here by itself.',
    ended: 'The job has printed nothing.',
    refused: '',
  }[phase];
  return words === ''
    ? nothing
    : html`<div class="empty">
        <p>${words}</p>
        ${path === null ? nothing : html`<p class="muted code">${toPageText(path)}</p>`}
      </div>`;
}

function viewStreamNotice(
  { trouble, replaced, phase }: StreamState,
  stream: Stream,
  { send, retry }: ViewParts,
): TemplateResult | typeof nothing {
  if (trouble)
    return html`<div class="notice warning" role="alert">
      <span>${toPageText(trouble.message)} ${toPageText(trouble.remedy)}</span>
      ${
        phase === 'refused'
          ? html`<button type="button" class="secondary" @click=${retry}>Retry</button>`
          : nothing
      }
    </div>`;
  if (replaced === null) return nothing;
  return html`<div class="notice" role="status">
    <span>The file was cut or replaced: ${toPageText(replaced)}. What it has now is shown.</span>
    <button
      type="button"
      class="secondary"
      @click=${() => {
        send({ kind: 'seen', stream });
      }}
    >
      OK
    </button>
  </div>`;
}

function viewFind(find: FindState, parts: ViewParts): TemplateResult | typeof nothing {
  if (!find.isOpen) return nothing;
  const { send, findNext, focusLines } = parts;
  const wish = (changed: Partial<FindWish>): void => {
    send({ kind: 'wish', wish: changed });
  };
  const close = (): void => {
    send({ kind: 'closeFind' });
    focusLines();
  };
  const words = describeFound(find);
  return html`<div class="find" role="search">
    <input
      type="text"
      id="find"
      placeholder="Find"
      aria-label="Find"
      aria-invalid=${String(find.problem !== '')}
      aria-describedby="found"
      autocomplete="off"
      spellcheck="false"
      .value=${find.text}
      @input=${({ target }: Event) => {
        wish({ text: (target as HTMLInputElement).value });
      }}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === 'Enter') findNext(event.shiftKey ? -1 : 1);
        else if (event.key === 'Escape') close();
        else return;
        event.stopPropagation();
      }}
    />
    <button
      type="button"
      class="quiet option"
      title="Match Case"
      aria-label="Match Case"
      aria-pressed=${String(find.heedsCase)}
      @click=${() => {
        wish({ heedsCase: !find.heedsCase });
      }}
    >
      Aa
    </button>
    <button
      type="button"
      class="quiet option"
      title="Use Pattern (as watchers do)"
      aria-label="Use Pattern (as watchers do)"
      aria-pressed=${String(find.isRegex)}
      @click=${() => {
        wish({ isRegex: !find.isRegex });
      }}
    >
      .*
    </button>
    <span id="found" class="found ${find.problem === '' ? '' : 'error'}" role="status" title=${words}
      >${toPageText(words)}</span
    >
    ${viewTool({
      icon: icons.previous,
      words: 'Previous Match (Shift+F3)',
      press: () => {
        findNext(-1);
      },
    })}
    ${viewTool({
      icon: icons.next,
      words: 'Next Match (F3)',
      press: () => {
        findNext(1);
      },
    })}
    ${viewTool({ icon: icons.close, words: 'Close (Escape)', press: close })}
  </div>`;
}

function viewGoTo({ send, goToLine, focusLines }: ViewParts): TemplateResult {
  const close = (): void => {
    send({ kind: 'goTo', isOpen: false });
    focusLines();
  };
  return html`<form
    class="find go-to"
    @submit=${(event: SubmitEvent) => {
      event.preventDefault();
      const input = (event.currentTarget as HTMLFormElement).querySelector('input');
      const number = Number(input?.value);
      if (!Number.isSafeInteger(number) || number < 1) return;
      goToLine(number);
      close();
    }}
    @keydown=${(event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      close();
      event.stopPropagation();
    }}
  >
    <input
      type="text"
      id="go-to"
      inputmode="numeric"
      pattern="[0-9]+"
      placeholder="Line"
      aria-label="Go to Line"
      autocomplete="off"
    />
    <button type="submit" class="secondary">Go</button>
    ${viewTool({ icon: icons.close, words: 'Close (Escape)', press: close })}
  </form>`;
}

/** Wherever the focus is within the page. */
export function handlePageKeys(event: KeyboardEvent, { send, findNext }: ViewParts): void {
  const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if (isCommand && event.key === 'f') send({ kind: 'openFind' });
  else if (isCommand && event.key === 'g') send({ kind: 'goTo', isOpen: true });
  else if (event.key === 'F3') findNext(event.shiftKey ? -1 : 1);
  else return;
  event.preventDefault();
  event.stopPropagation();
}
