// The beginning of every page: its context, its way to the extension, and what is shown when it cannot go on.
import { html, render } from 'lit';
import { toPageText } from '../../language/show/page';
import type { PageProtocol } from '../protocol';
import { linkToExtension, type ExtensionLink } from './extensionLink';
import './page.css';
import type { VsCodeApi } from './vscodeApi';

export interface Page<P extends PageProtocol> {
  readonly root: HTMLElement;
  readonly extension: ExtensionLink<P>;
}

/** Runs what the page is; any error that nobody has caught takes the page's place, with what to do. */
export function startPage<P extends PageProtocol>(run: (page: Page<P>) => void): void {
  const root = document.querySelector<HTMLElement>('main');
  if (!root) throw new TypeError('The page has no main element.');
  const api = acquireVsCodeApi();
  let hasFailed = false;
  const fail = (thrown: unknown): void => {
    if (hasFailed) return;
    hasFailed = true;
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    api.postMessage({ kind: 'failed', message: error.message, stack: error.stack ?? '' });
    showFailure(root, api, error);
  };
  addEventListener('error', ({ error, message }) => {
    // Browsers report it so when a layout takes more than one frame: nothing is wrong.
    if (!message.startsWith('ResizeObserver loop')) fail(error ?? message);
  });
  addEventListener('unhandledrejection', ({ reason }) => {
    fail(reason);
  });
  try {
    const context = JSON.parse(root.dataset['context'] ?? '') as P['context'];
    run({ root, extension: linkToExtension<P>(api, context) });
  } catch (thrown) {
    fail(thrown);
  }
}

/** In a new element: what lit has drawn in the other one may be what failed. */
function showFailure(root: HTMLElement, api: VsCodeApi, error: Error): void {
  const place = document.createElement('main');
  place.className = 'failure';
  root.replaceWith(place);
  const reload = (): void => {
    api.postMessage({ kind: 'reload' });
  };
  render(
    html`<h1>This page cannot go on</h1>
      <p role="alert">${toPageText(error.message)}</p>
      <p>Nothing of your jobs is lost: the engine goes on watching. What you have typed is kept.</p>
      <button type="button" @click=${reload}>Load the Page Again</button>`,
    place,
  );
}
