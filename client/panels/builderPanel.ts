// The builder's kind of panel: what it is about; what answers its page is loaded when the first one asks.
import {
  builderAsks,
  readBuilderContext,
  type BuilderContext,
  type BuilderProtocol,
} from '../../webviews/builder/protocol';
import type { App } from '../app';
import type { Owned } from '../owned';
import type { PageLink, PageServer, PanelKind } from './panelKind';

type Answers = PageServer<BuilderProtocol>['answers'];

export const builderKind = (findApp: () => App): PanelKind<BuilderProtocol> => ({
  page: 'builder',
  hasWorker: true,
  asks: builderAsks,
  readContext: readBuilderContext,
  keyOf,
  titleOf,
  serve: (context, page) => serveLate(findApp(), context, page),
});

function keyOf(context: BuilderContext): string {
  switch (context.kind) {
    case 'directive':
      return JSON.stringify(['directive', context.script, context.name]);
    case 'watcher':
      return JSON.stringify(['watcher', context.watcher, context.isCopy]);
    case 'job':
      return JSON.stringify(['job', context.cluster, context.job]);
    case 'line':
      return JSON.stringify(['line', context.cluster, context.job, context.stream, context.text]);
    default:
      return JSON.stringify(context);
  }
}

const fileOf = (script: string): string => decodeURIComponent(script.slice(script.lastIndexOf('/') + 1));

function titleOf(context: BuilderContext): string {
  switch (context.kind) {
    case 'new':
      return 'New Watcher';
    case 'script':
      return `${fileOf(context.script)} · new watcher`;
    case 'directive':
      return `${fileOf(context.script)} · ${context.name}`;
    case 'job':
    case 'line':
      return `${context.title} · new watcher`;
    case 'watcher':
      return context.isCopy ? `Like ${context.name} · new watcher` : `${context.name} · watcher`;
    case 'template':
      return `${context.title} · new watcher`;
  }
}

/** Scripts are parsed, and files read, by what is large. */
function serveLate(
  app: App,
  context: BuilderContext,
  page: PageLink<BuilderProtocol>,
): PageServer<BuilderProtocol> {
  let isOver = false;
  const loaded = import('./builder/builderServer.js').then(({ createBuilderServer }) => {
    const server: PageServer<BuilderProtocol> & Owned = createBuilderServer(app, {
      context,
      page,
      key: keyOf(context),
    });
    if (isOver) server.dispose();
    return server;
  });
  loaded.catch((error: unknown) => {
    app.log.error(`The builder cannot be served: ${String(error)}`);
  });
  type Answer = (params: object) => unknown;
  const ask =
    (name: string): Answer =>
    async (params) => {
      const { answers } = await loaded;
      return (answers as unknown as Readonly<Record<string, Answer>>)[name]?.(params);
    };
  return {
    answers: Object.fromEntries(
      Object.keys(builderAsks).map((name) => [name, ask(name)]),
    ) as unknown as Answers,
    dispose: () => {
      isOver = true;
      void loaded.then(
        (server) => {
          server.dispose();
        },
        () => undefined,
      );
    },
  };
}
