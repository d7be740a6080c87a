// A small page over the kit, for its tests: a counter, a question, rows, and ways to fail.
import { html } from 'lit';
import { createBackgroundWorker, TooSlow } from '../../../webviews/kit/backgroundWorker';
import { Refusal } from '../../../webviews/kit/extensionLink';
import { startPage } from '../../../webviews/kit/page';
import { startProgram } from '../../../webviews/kit/program';
import { RowList } from '../../../webviews/kit/rowList';
import type { ProbeProtocol, ProbeWindow } from './protocol';

interface State {
  readonly count: number;
  readonly said: string;
}

type Happening = { readonly add: number } | { readonly said: string };

startPage<ProbeProtocol>(({ root, extension }) => {
  const program = startProgram<State, Happening>({
    root,
    first: { count: extension.savedState?.count ?? 0, said: '' },
    update: (state, happening) =>
      'add' in happening
        ? { ...state, count: state.count + happening.add }
        : { ...state, said: happening.said },
    view: ({ count, said }, send) => html`
      <h1>${extension.context.title}</h1>
      <button
        type="button"
        id="add"
        @click=${() => {
          send({ add: 1 });
        }}
      >
        ${count}
      </button>
      <button type="button" id="ask" @click=${ask}>Ask</button>
      <button type="button" id="fail" @click=${fail}>Fail</button>
      <p id="said" role="status">${said}</p>
      <div id="rows"></div>
    `,
    onDrawn: ({ count }) => {
      extension.save({ count });
    },
  });
  function ask(): void {
    extension.ask('greet', { name: 'you' }).then(
      (said) => {
        program.send({ said });
      },
      (thrown: unknown) => {
        if (!(thrown instanceof Refusal)) throw thrown;
        program.send({ said: `${thrown.message} ${thrown.remedy}` });
      },
    );
  }
  function fail(): void {
    throw new Error('the probe has failed');
  }
  extension.onNews('add', (add) => {
    program.send({ add });
  });
  const element = root.querySelector<HTMLElement>('#rows');
  if (!element) throw new TypeError('There is no place for rows.');
  element.style.height = '200px';
  const rows = new RowList({
    element,
    label: 'Rows',
    draw: (row, index) => {
      row.textContent = `row ${index}`;
    },
  });
  const worker = createBackgroundWorker<number, string>(root.dataset['worker'] ?? '', 300);
  (window as unknown as ProbeWindow).probe = {
    rows,
    spin: (ms) =>
      worker.run(ms).catch((thrown: unknown) => {
        if (thrown instanceof TooSlow) return thrown.message;
        throw thrown;
      }),
  };
});
