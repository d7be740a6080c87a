// A page of a panel alone in a real browser: the document that VS Code would show, and a test in the extension's place.
import { createServer, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { printPage } from '../../../client/panels/pageHtml';
import {
  fitsAsk,
  readFromPage,
  type AskTable,
  type PageProtocol,
  type ToPage,
} from '../../../webviews/protocol';
import type { PageServer } from '../../../client/panels/panelKind';
import { themeVariables, type ThemeName } from './themes';

export interface PageOptions<P extends PageProtocol> {
  /** Folder of the built pages. */
  readonly folder: string;
  readonly name: string;
  readonly hasWorker?: boolean;
  readonly context: P['context'];
  readonly asks: AskTable<P>;
  /** Who answers; a new one each time the page is loaded. */
  readonly serve: (tell: Tell<P>) => PageServer<P>['answers'];
  readonly theme?: ThemeName;
  readonly size?: { readonly width: number; readonly height: number };
}

type Tell<P extends PageProtocol> = <Name extends Extract<keyof P['news'], string>>(
  name: Name,
  value: P['news'][Name],
) => void;

export interface OpenedPage<P extends PageProtocol> {
  readonly page: Page;
  readonly tell: Tell<P>;
  /** What the page says went wrong; and whatever its console calls an error, such as what its policy forbids. */
  readonly errors: readonly string[];
  /** What VS Code would keep of it. */
  readonly kept: () => unknown;
  /** As after "Reload Window", or when a hidden page is shown again: only what was kept is left. */
  readonly reload: () => Promise<void>;
  readonly setTheme: (theme: ThemeName) => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function startPageBrowser(): Promise<Browser> {
  const { chromium: executablePath } = await import('../../../scripts/vscodeTestBed.mjs');
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
}

const contentTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.html': 'text/html',
};

/** Serves the files of a folder, and the document at `/`. */
async function serveFolder(folder: string, print: (origin: string) => string): Promise<Server> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const content = path === '/' ? Promise.resolve(print(origin)) : readFile(join(folder, path));
    content.then(
      (body) => {
        response.setHeader('content-type', contentTypes[extname(path) || '.html'] ?? 'text/plain');
        response.end(body);
      },
      () => {
        response.statusCode = 404;
        response.end();
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

export async function openPage<P extends PageProtocol>(
  browser: Browser,
  options: PageOptions<P>,
): Promise<OpenedPage<P>> {
  const { folder, name, context, asks, serve, theme = 'dark', size = { width: 1000, height: 700 } } = options;
  const server = await serveFolder(folder, (origin) =>
    printPage(
      {
        script: `${origin}/${name}.js`,
        style: `${origin}/${name}.css`,
        ...(options.hasWorker ? { worker: `${origin}/${name}Worker.js` } : {}),
        source: origin,
        nonce: 'nonce0for0tests',
      },
      name,
      context,
    ),
  );
  const { port } = server.address() as AddressInfo;
  const page = await browser.newPage({ viewport: size, locale: 'en-US' });
  const errors: string[] = [];
  let kept: unknown;
  let look = theme;
  const tell: Tell<P> = (about, value) => {
    void post({ kind: 'news', name: about, value });
  };
  const post = async (message: ToPage): Promise<void> => {
    if (!page.isClosed())
      // As JSON, like VS Code: what has no place in that does not arrive, and reading it costs the page what it costs there.
      await page.evaluate((text) => {
        dispatchEvent(new MessageEvent('message', { data: JSON.parse(text) as unknown }));
      }, JSON.stringify(message));
  };
  let answers = serve(tell);
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  await page.exposeFunction('sendToTest', async (message: unknown) => {
    const read = readFromPage(message);
    if (!read) errors.push(`not a message: ${JSON.stringify(message)}`);
    else if (read.kind === 'failed') errors.push(read.message);
    else if (read.kind === 'reload') await load();
    else if (!fitsAsk<P>(asks, read.name, read.params))
      errors.push(`asked in a way that is not known: ${read.name} ${JSON.stringify(read.params)}`);
    else
      try {
        await post({ kind: 'answer', id: read.id, answer: await answers[read.name](read.params) });
      } catch (thrown) {
        const { message: text, remedy = '' } = thrown as Error & { remedy?: string };
        await post({ kind: 'refusal', id: read.id, message: text, remedy });
      }
  });
  await page.exposeFunction('keepInTest', (state: unknown) => {
    kept = state;
  });
  const load = async (): Promise<void> => {
    answers = serve(tell);
    await page.goto(`http://127.0.0.1:${port}/`);
    await dress();
  };
  // tsx has functions keep their names with this one, which a page does not have.
  await page.addInitScript('globalThis.__name = (named) => named;');
  await page.addInitScript(() => {
    const bridge = window as unknown as {
      sendToTest: (message: unknown) => Promise<void>;
      keepInTest: (state: unknown) => Promise<void>;
      keptByTest: () => Promise<unknown>;
      acquireVsCodeApi: () => unknown;
    };
    const stored = sessionStorage.getItem('kept');
    let state: unknown = stored === null ? undefined : JSON.parse(stored);
    bridge.acquireVsCodeApi = () => ({
      postMessage: (message: unknown) => void bridge.sendToTest(message),
      getState: () => state,
      setState: (next: unknown) => {
        state = next;
        sessionStorage.setItem('kept', JSON.stringify(next));
        void bridge.keepInTest(next);
      },
    });
  });
  const dress = async (): Promise<void> => {
    const { kind, variables } = themeVariables(look);
    await page.evaluate(
      ({ kind: bodyClass, variables: values }) => {
        for (const [variable, value] of Object.entries(values))
          document.documentElement.style.setProperty(variable, value);
        document.body.classList.remove(
          'vscode-dark',
          'vscode-light',
          'vscode-high-contrast',
          'vscode-high-contrast-light',
        );
        document.body.classList.add(...bodyClass.split(' '));
      },
      { kind, variables },
    );
  };
  await load();
  return {
    page,
    tell,
    errors,
    kept: () => kept,
    reload: load,
    setTheme: async (next) => {
      look = next;
      await dress();
    },
    close: async () => {
      await page.close();
      await new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      });
    },
  };
}
