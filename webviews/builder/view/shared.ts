// What the parts of the builder's view share: what they can do, and a box with its label, its problems and their repairs.
import { html, nothing, type TemplateResult } from 'lit';
import { toPageText } from '../../../language/show/page';
import { textOf, type Box, type BoxProblem } from '../../../language/form/watcherForm';
import type { Piece } from '../../../language/example/pieces';
import type { SampleSource } from '../protocol';
import type { BuilderState } from '../state';
import type { Happening } from '../update';

/** What people can do; each thing that needs the extension or the worker is a function. */
export interface Doing {
  readonly send: (happening: Happening) => void;
  readonly insert: () => void;
  readonly update: () => void;
  readonly attach: () => void;
  readonly apply: () => void;
  readonly copy: (what: 'directive' | 'JSON') => void;
  readonly saveTemplate: () => void;
  readonly dryRun: () => void;
  readonly reveal: () => void;
  readonly takeTemplate: (id: string) => void;
  readonly openTemplates: () => void;
  readonly chooseSource: (source: SampleSource) => void;
  readonly chooseFile: () => void;
  readonly refresh: () => void;
  readonly useSelection: () => void;
  readonly changePieces: (pieces: readonly Piece[]) => void;
  readonly insertVariable: (name: string) => void;
  readonly showLine: (line: number) => void;
}

export interface Drawn {
  readonly state: BuilderState;
  readonly doing: Doing;
}

export const toId = (box: Box): string =>
  'field' in box
    ? `box-${box.field}`
    : `box-${box.action}-${box.isCondition ? 'condition' : (box.param ?? 'action')}`;

const isSameBox = (a: Box, b: Box): boolean => toId(a) === toId(b);

/** Hints are for editors, which show them without words. */
export const problemsOf = ({ answer }: BuilderState, box: Box): readonly BoxProblem[] =>
  (answer?.problems ?? []).filter((problem) => problem.severity !== 'hint' && isSameBox(problem.box, box));

/** The worst of them first. */
const ranks = { error: 0, warning: 1, information: 2, hint: 3 } as const;

export function drawProblems({ state, doing }: Drawn, box: Box): TemplateResult | typeof nothing {
  const problems = [...problemsOf(state, box)].sort((a, b) => ranks[a.severity] - ranks[b.severity]);
  if (problems.length === 0) return nothing;
  return html`<ul class="problems" id="${toId(box)}-problems">
    ${problems.map((problem) => drawProblem(problem, doing))}
  </ul>`;
}

function drawProblem({ severity, message, remedy, fix }: BoxProblem, { send }: Doing): TemplateResult {
  const repair = (): void => {
    if (fix) send({ kind: 'repaired', edits: fix.edits });
  };
  return html`<li class="problem ${severity}">
    <span
      ><span class="severity"
        >${severity === 'error' ? 'Error' : severity === 'warning' ? 'Warning' : 'Note'}:</span
      >
      ${toPageText(message)} ${toPageText(remedy)}</span
    >
    ${
      fix
        ? html`<button type="button" class="link" @click=${repair}>${toPageText(fix.title)}</button>`
        : nothing
    }
  </li>`;
}

export interface BoxLook {
  readonly box: Box;
  readonly label: string;
  readonly placeholder?: string;
  readonly isCode?: boolean;
  readonly isRequired?: boolean;
  readonly isSecret?: boolean;
  readonly isLong?: boolean;
  /** What it is for, in a sentence. */
  readonly hint?: string;
}

/** A labelled text with what is wrong with it. */
export function drawBox(drawn: Drawn, look: BoxLook): TemplateResult {
  const { box, label, hint, isRequired } = look;
  const id = toId(box);
  return html`<div class="field">
    <label for=${id}>${label}${isRequired ? html`<span class="muted"> (required)</span>` : nothing}</label>
    ${drawInput(drawn, look)} ${hint ? html`<p class="hint" id="${id}-hint">${hint}</p>` : nothing}
    ${drawProblems(drawn, box)}
  </div>`;
}

export function drawInput({ state, doing: { send } }: Drawn, look: BoxLook): TemplateResult {
  const { box, placeholder = '', isCode, isRequired, isSecret, isLong, hint } = look;
  const id = toId(box);
  const isWrong = problemsOf(state, box).some(({ severity }) => severity === 'error');
  const text = textOf(state.form, box);
  const described = `${hint ? `${id}-hint ` : ''}${id}-problems`;
  const take = (event: Event): void => {
    send({ kind: 'typed', box, text: (event.target as HTMLInputElement).value });
  };
  const kind = isCode ? 'code' : '';
  if (isLong)
    return html`<textarea
      id=${id}
      class=${kind}
      rows="2"
      spellcheck="false"
      placeholder=${placeholder}
      aria-describedby=${described}
      aria-invalid=${isWrong}
      .value=${text}
      @input=${take}
    ></textarea>`;
  return html`<input
    id=${id}
    class=${kind}
    type=${isSecret ? 'password' : 'text'}
    spellcheck="false"
    autocomplete="off"
    placeholder=${placeholder}
    aria-describedby=${described}
    aria-invalid=${isWrong}
    aria-required=${isRequired === true}
    .value=${text}
    @input=${take}
  />`;
}

/** `empty`: what holds if nothing is chosen, in words. */
export function drawChoice(
  { state, doing: { send } }: Drawn,
  {
    box,
    label,
    choices,
    empty,
    hint,
  }: Pick<BoxLook, 'box' | 'label' | 'hint'> & {
    readonly choices: readonly string[];
    readonly empty: string;
  },
): TemplateResult {
  const id = toId(box);
  const text = textOf(state.form, box);
  const known = choices.includes(text) || text === '' ? choices : [...choices, text];
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <select
      id=${id}
      aria-describedby="${id}-hint ${id}-problems"
      @change=${(event: Event) => {
        send({ kind: 'typed', box, text: (event.target as HTMLSelectElement).value });
      }}
    >
      <option value="" ?selected=${text === ''}>${empty}</option>
      ${known.map(
        (choice) => html`<option value=${choice} ?selected=${choice === text}>${toPageText(choice)}</option>`,
      )}
    </select>
    ${hint ? html`<p class="hint" id="${id}-hint">${hint}</p>` : nothing}
    ${drawProblems({ state, doing: { send } as Doing }, box)}
  </div>`;
}
