// The sample: where it is from, its two outputs with their counts, the lines, and what is made from a selection in them.
import { html, nothing, type TemplateResult } from 'lit';
import { count } from '../../../engine/words';
import { setCapture, setLevel, type Level, type Piece } from '../../../language/example/pieces';
import { toPageText } from '../../../language/show/page';
import { icons } from '../../kit/icons';
import type { OfferedSource, SampleSource, SampleStream } from '../protocol';
import { toSample } from '../sample';
import type { BuilderState, SampleLines } from '../state';
import { toGroupClass } from './groupClass';
import { type Drawn } from './shared';

const toKey = (source: SampleSource): string => JSON.stringify(source);

export function drawSample(drawn: Drawn, rows: HTMLElement): TemplateResult {
  const { state, doing } = drawn;
  const isTyped = state.source?.kind === 'typed';
  const sample = toSample(state);
  return html`<section class="sample" aria-label="Sample">
    <div class="toolbar">
      ${drawSources(drawn)}
      ${
        isTyped
          ? nothing
          : html`<button
              type="button"
              class="quiet"
              aria-label="Read the sample again"
              title="Read again"
              @click=${doing.refresh}
            >
              ${icons.refresh}
            </button>`
      }
      ${isTyped ? nothing : drawStreams(drawn)}
    </div>
    <p class="counts" role="status">${describeFindings(state, sample)}</p>
    ${
      isTyped
        ? html`<textarea
            class="typed code"
            rows="4"
            spellcheck="false"
            aria-label="Lines of output"
            placeholder="Paste or type lines as a job would print them"
            .value=${state.typed}
            @input=${(event: Event) => {
              doing.send({ kind: 'linesTyped', text: (event.target as HTMLTextAreaElement).value });
            }}
          ></textarea>`
        : nothing
    }
    ${state.sampleError === null ? nothing : html`<p class="error" role="alert">${toPageText(state.sampleError)}</p>`}
    <div class="rows-place" ?hidden=${sample === null || (sample[state.stream]?.length ?? 0) === 0}>
      ${rows}
    </div>
    ${drawExample(drawn, sample)}
  </section>`;
}

function drawSources({ state: { sources, source }, doing }: Drawn): TemplateResult {
  const own = source === null ? '' : toKey(source);
  const isListed =
    source === null || source.kind === 'typed' || sources.some((one) => toKey(one.source) === own);
  const option = ({ source: one, label, detail }: OfferedSource): TemplateResult =>
    html`<option value=${toKey(one)} ?selected=${toKey(one) === own}>
      ${toPageText(label)}${detail === '' ? '' : ` · ${toPageText(detail)}`}
    </option>`;
  return html`<select
    class="sources"
    aria-label="Sample from"
    @change=${(event: Event) => {
      const select = event.target as HTMLSelectElement;
      if (select.value === 'file') {
        select.value = own;
        doing.chooseFile();
      } else doing.chooseSource(JSON.parse(select.value) as SampleSource);
    }}
  >
    ${sources.map(option)} ${isListed ? nothing : option({ source, label: 'The sample', detail: '' })}
    <option value="file">Choose a file…</option>
    <option value=${toKey({ kind: 'typed' })} ?selected=${source?.kind === 'typed'}>Typed lines</option>
  </select>`;
}

function drawStreams({ state, doing: { send } }: Drawn): TemplateResult {
  const { findings, stream: shown } = state;
  const sample = toSample(state);
  const button = (stream: SampleStream): TemplateResult => {
    const isThere = sample?.[stream] !== null && sample !== null;
    const { matches } = findings[stream];
    return html`<button
      type="button"
      class="quiet toggle"
      aria-pressed=${shown === stream}
      ?disabled=${!isThere}
      @click=${() => {
        send({ kind: 'streamChosen', stream });
      }}
    >
      ${stream} <span class="badge" aria-label=${count(matches, 'match', 'matches')}>${matches}</span>
    </button>`;
  };
  return html`<span class="streams" role="group" aria-label="Output"
    >${button('stdout')}${button('stderr')}</span
  >`;
}

/** `3 matches in 412 lines`, and what is to be known besides. */
export function describeFindings(
  { findings, stream, form, source }: BuilderState,
  sample: SampleLines | null,
): string {
  const lines = sample?.[stream];
  if (!sample) return source === null || source.kind === 'typed' ? '' : 'Reading…';
  if (!lines) return `There is no ${stream}.`;
  const all = count(lines.length, 'line');
  const part = sample.isWhole ? '' : ' (the end of the output)';
  if ((form.fields.pattern ?? '') === '') return `${all}${part}`;
  const { matches, looked } = findings[stream];
  const found = count(matches, 'match', 'matches');
  if (findings.isStopped)
    return `This pattern takes too long on this sample: it was stopped after ${count(looked, 'line')}, with ${found}.`;
  return looked < lines.length ? `${found} in ${looked} of ${all}${part}…` : `${found} in ${all}${part}`;
}

// ---- by example ----------------------------------------------------------------------------------------------------

const levels: readonly Level[] = ['literal', 'same', 'any'];
const levelWords: Readonly<Record<Level, string>> = {
  literal: 'exactly this text',
  same: 'whatever is printed in the same way',
  any: 'anything',
};

function drawExample({ state, doing }: Drawn, sample: SampleLines | null): TemplateResult | typeof nothing {
  const { example } = state;
  const hasLines = (sample?.[state.stream]?.length ?? 0) > 0;
  const make = hasLines
    ? html`<button type="button" class="quiet make" @click=${doing.useSelection}>
        Make Pattern from Selection
      </button>`
    : nothing;
  if (!example) return hasLines ? html`<div class="example">${make}</div>` : nothing;
  return html`<div class="example">
    ${make}
    <div
      class="pieces"
      role="group"
      aria-label="Pieces of the line: press one to say it more or less exactly"
    >
      ${example.pieces.map((piece, index) => drawPiece(example.pieces, { piece, index }, doing.changePieces))}
    </div>
  </div>`;
}

function drawPiece(
  pieces: readonly Piece[],
  { piece, index }: { readonly piece: Piece; readonly index: number },
  change: (pieces: readonly Piece[]) => void,
): TemplateResult | typeof nothing {
  const { kind, text, level, capture } = piece;
  const isEdge = text === '';
  const group = pieces.slice(0, index + 1).filter((one) => one.capture !== undefined).length;
  const shown =
    kind === 'lineStart' ? '^' : kind === 'lineEnd' ? '$' : kind === 'blank' ? '␣' : toPageText(text);
  const next = (): void => {
    const to = isEdge
      ? level === 'any'
        ? 'literal'
        : 'any'
      : (levels[(levels.indexOf(level) + 1) % levels.length] ?? 'literal');
    change(setLevel(pieces, index, to));
  };
  const toggle = (): void => {
    change(setCapture(pieces, index, capture === undefined ? toFreeName(pieces) : undefined));
  };
  const isValue =
    kind === 'number' ||
    kind === 'time' ||
    kind === 'word' ||
    kind === 'id' ||
    kind === 'quoted' ||
    kind === 'path';
  return html`<span class="piece ${level} ${capture === undefined ? '' : `${toGroupClass(group)} captured`}">
    <button
      type="button"
      class="piece-text code"
      .textContent=${shown}
      title="${levelWords[level]}; press to change"
      aria-label="${kind === 'blank' ? 'blank' : isEdge ? (kind === 'lineStart' ? 'beginning of the line' : 'end of the line') : shown}: ${levelWords[level]}"
      @click=${next}
    ></button>
    ${
      isValue
        ? html`<button
            type="button"
            class="piece-capture"
            aria-pressed=${capture !== undefined}
            aria-label=${capture === undefined ? `Capture ${shown}` : `${shown} is captured as ${capture}`}
            title=${capture === undefined ? 'Capture it' : `Captured as ${capture}`}
            @click=${toggle}
          >
            ${capture === undefined ? '( )' : toPageText(capture)}
          </button>`
        : nothing
    }
  </span>`;
}

function toFreeName(pieces: readonly Piece[]): string {
  const taken = new Set(pieces.map(({ capture }) => capture));
  for (let at = 1; ; at++) {
    const name = at === 1 ? 'value' : `value_${at}`;
    if (!taken.has(name)) return name;
  }
}
