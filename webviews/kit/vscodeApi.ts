// What VS Code gives to a page: messages to the extension, and a state that it keeps.
import type { FromPage } from '../protocol';

export interface VsCodeApi {
  readonly postMessage: (message: FromPage) => void;
  readonly getState: () => unknown;
  readonly setState: (state: unknown) => void;
}

declare global {
  /** Can be called once in the life of a page. */
  function acquireVsCodeApi(): VsCodeApi;
}
