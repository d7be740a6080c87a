// Panels of one kind: one for each context, opened beside the work, restored after a reload, served while their page is there.
import { randomBytes } from 'node:crypto';
import { Uri, ViewColumn, window, type ExtensionContext, type WebviewPanel } from 'vscode';
import { toWatchError } from '../../engine/errors';
import {
  fitsAsk,
  readFromPage,
  type FromPage,
  type PageProtocol,
  type ToPage,
} from '../../webviews/protocol';
import type { Log } from '../log';
import type { Owned } from '../owned';
import { createPanel, setPanelTitle } from '../show/panel';
import { printPage } from './pageHtml';
import type { PageLink, PageServer, PanelKind } from './panelKind';

export interface Panels<P extends PageProtocol> extends Owned {
  /** Shows the panel that is about this, and opens it if there is none. */
  open(context: P['context']): void;
  isOpen(context: P['context']): boolean;
  /** The way to the page that is about this, while it is served: its page is there and has asked. */
  findPage(context: P['context']): PageLink<P> | undefined;
}

export function createPanels<P extends PageProtocol>(
  context: Pick<ExtensionContext, 'extensionUri'>,
  log: Log,
  kind: PanelKind<P>,
): Panels<P> {
  const viewType = `slurmWatchers.${kind.page}`;
  const resources = Uri.joinPath(context.extensionUri, 'dist/webviews');
  const open = new Map<string, OpenPanel<P>>();
  const add = (panel: WebviewPanel, about: P['context']): void => {
    const key = kind.keyOf(about);
    const added = new OpenPanel(panel, about, { kind, resources, log });
    open.set(key, added);
    panel.onDidDispose(() => {
      if (open.get(key) === added) open.delete(key);
      added.dispose();
    });
  };
  const serializer = window.registerWebviewPanelSerializer(viewType, {
    deserializeWebviewPanel: (panel, kept: unknown) => {
      const about = kind.readContext((kept as { context?: unknown } | undefined)?.context);
      // Of a version that kept something else: there is nothing to show.
      if (about === undefined || open.has(kind.keyOf(about))) panel.dispose();
      else add(panel, about);
      return Promise.resolve();
    },
  });
  return {
    open: (about) => {
      const known = open.get(kind.keyOf(about));
      if (known) known.reveal();
      else add(createPanel({ viewType, title: kind.titleOf(about), column: findColumn(), resources }), about);
    },
    isOpen: (about) => open.has(kind.keyOf(about)),
    findPage: (about) => open.get(kind.keyOf(about))?.page,
    dispose: () => {
      serializer.dispose();
      for (const panel of open.values()) panel.close();
    },
  };
}

/** Beside what is open; in the second group if there is one already. */
function findColumn(): ViewColumn {
  const groups = window.tabGroups.all;
  const [first] = groups;
  if (groups.length === 1 && first?.tabs.length === 0) return ViewColumn.Active;
  return groups.length > 1 ? ViewColumn.Two : ViewColumn.Beside;
}

interface OpenPanelParts<P extends PageProtocol> {
  readonly kind: PanelKind<P>;
  readonly resources: Uri;
  readonly log: Log;
}

class OpenPanel<P extends PageProtocol> implements Owned {
  #server: PageServer<P> | undefined;
  readonly #link: PageLink<P> = {
    tell: (name, value) => {
      this.#post({ kind: 'news', name, value });
    },
    setTitle: (title) => {
      setPanelTitle(this.panel, title);
    },
  };

  constructor(
    private readonly panel: WebviewPanel,
    private readonly about: P['context'],
    private readonly parts: OpenPanelParts<P>,
  ) {
    setPanelTitle(panel, parts.kind.titleOf(about));
    // One that is restored comes with the options of the version that made it.
    panel.webview.options = { enableScripts: true, localResourceRoots: [parts.resources] };
    panel.webview.onDidReceiveMessage((message: unknown) => {
      const read = readFromPage(message);
      if (read) this.#take(read);
      else parts.log.warn(`The page ${parts.kind.page} has sent something that is not a message.`);
    });
    // A hidden page is gone, and is loaded again when it is shown: nobody is served meanwhile.
    panel.onDidChangeViewState(() => {
      if (!panel.visible) this.#endServer();
    });
    this.#load();
  }

  /** Undefined while nobody serves it. */
  get page(): PageLink<P> | undefined {
    return this.#server && this.#link;
  }

  reveal(): void {
    this.panel.reveal(undefined, true);
  }

  close(): void {
    this.panel.dispose();
  }

  dispose(): void {
    this.#endServer();
  }

  #endServer(): void {
    this.#server?.dispose();
    this.#server = undefined;
  }

  /** The page is served from its first question on. */
  #load(): void {
    this.#endServer();
    const { kind, resources } = this.parts;
    const { webview } = this.panel;
    const toAddress = (file: string): string =>
      webview.asWebviewUri(Uri.joinPath(resources, file)).toString();
    const files = {
      script: toAddress(`${kind.page}.js`),
      style: toAddress(`${kind.page}.css`),
      ...(kind.hasWorker ? { worker: toAddress(`${kind.page}Worker.js`) } : {}),
      source: webview.cspSource,
      nonce: randomBytes(16).toString('hex'),
    };
    webview.html = printPage(files, kind.titleOf(this.about), this.about);
  }

  #serve(): PageServer<P> {
    return (this.#server ??= this.parts.kind.serve(this.about, this.#link));
  }

  #post(message: ToPage): void {
    void this.panel.webview.postMessage(message);
  }

  #take(message: FromPage): void {
    const { kind, log } = this.parts;
    switch (message.kind) {
      case 'reload':
        this.#load();
        break;
      case 'failed':
        log.error(`The page ${kind.page} has failed: ${message.message}\n${message.stack}`);
        break;
      case 'ask':
        void this.#answer(message);
    }
  }

  async #answer({ id, name, params }: Extract<FromPage, { kind: 'ask' }>): Promise<void> {
    const { asks, page } = this.parts.kind;
    try {
      if (!fitsAsk<P>(asks, name, params))
        throw new TypeError(`The page ${page} asks ${name} in a way that is not known.`);
      const { answers } = this.#serve();
      this.#post({ kind: 'answer', id, answer: await answers[name](params) });
    } catch (thrown) {
      const { code, message, remedy } = toWatchError(thrown);
      this.parts.log.warn(`The page ${page} was refused ${name}: ${code}: ${message}`);
      this.#post({ kind: 'refusal', id, message, remedy });
    }
  }
}
