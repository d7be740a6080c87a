// A page's way to the extension: questions with answers, news, and the state that outlives the page.
import {
  readToPage,
  type AnswerOf,
  type AskName,
  type KeptPage,
  type NewsName,
  type PageProtocol,
  type ParamsOf,
} from '../protocol';
import type { VsCodeApi } from './vscodeApi';

/** What was asked for cannot be had. */
export class Refusal extends Error {
  constructor(
    message: string,
    /** What the person can do about it. */
    readonly remedy: string,
  ) {
    super(message);
    this.name = 'Refusal';
  }
}

export interface ExtensionLink<P extends PageProtocol> {
  readonly context: P['context'];
  /** As it was saved last; undefined when the page is opened for the first time. */
  readonly savedState: P['state'] | undefined;
  /** Rejects with a Refusal. */
  readonly ask: <Name extends AskName<P>>(
    name: Name,
    params: ParamsOf<P, Name>,
  ) => Promise<AnswerOf<P, Name>>;
  readonly onNews: <Name extends NewsName<P>>(name: Name, take: (value: P['news'][Name]) => void) => void;
  readonly save: (state: P['state']) => void;
}

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (refusal: Refusal) => void;
}

export function linkToExtension<P extends PageProtocol>(
  api: VsCodeApi,
  context: P['context'],
): ExtensionLink<P> {
  const waiting = new Map<number, Waiting>();
  const listeners = new Map<string, (value: never) => void>();
  let lastId = 0;
  addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const message = readToPage(data);
    if (!message) return;
    if (message.kind === 'news') {
      listeners.get(message.name)?.(message.value as never);
      return;
    }
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.kind === 'answer') asked?.resolve(message.answer as never);
    else asked?.reject(new Refusal(message.message, message.remedy));
  });
  const kept = api.getState() as KeptPage<P> | undefined;
  // What is shown is kept from the first moment: a window may be reloaded before anything was changed.
  if (!kept) api.setState({ context } satisfies KeptPage<P>);
  return {
    context,
    savedState: kept?.state,
    ask: (name, params) =>
      new Promise((resolve, reject) => {
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        api.postMessage({ kind: 'ask', id: lastId, name, params });
      }),
    onNews: (name, take) => {
      listeners.set(name, take);
    },
    save: (state) => {
      api.setState({ context, state } satisfies KeptPage<P>);
    },
  };
}
