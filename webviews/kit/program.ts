// The loop of a page: a state, what happens to it, and how it is drawn; at most once a frame.
import { render, type TemplateResult } from 'lit';

export interface ProgramParts<State, Happening> {
  readonly root: HTMLElement;
  readonly first: State;
  /** Pure. The same state means that nothing is drawn. */
  readonly update: (state: State, happening: Happening) => State;
  /** Pure; what people do on the page is sent. */
  readonly view: (state: State, send: (happening: Happening) => void) => TemplateResult;
  /** After each change, once it is drawn: where the world is told of it. */
  readonly onDrawn?: (state: State, send: (happening: Happening) => void) => void;
}

export interface Program<State, Happening> {
  readonly state: () => State;
  readonly send: (happening: Happening) => void;
}

export function startProgram<State, Happening>({
  root,
  first,
  update,
  view,
  onDrawn,
}: ProgramParts<State, Happening>): Program<State, Happening> {
  let state = first;
  let isPlanned = false;
  const draw = (): void => {
    isPlanned = false;
    render(view(state, send), root);
    onDrawn?.(state, send);
  };
  const send = (happening: Happening): void => {
    const next = update(state, happening);
    if (next === state) return;
    state = next;
    if (isPlanned) return;
    isPlanned = true;
    requestAnimationFrame(draw);
  };
  draw();
  return { state: () => state, send };
}
