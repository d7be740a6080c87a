// The panels with outputs of jobs: one for each job, which others open, also at a line.
import { env, type ExtensionContext } from 'vscode';
import {
  outputAsks,
  type OutputContext,
  type OutputProtocol,
  type Place,
} from '../../webviews/output/protocol';
import type { Engine } from '../engine';
import type { Log } from '../log';
import type { Owned } from '../owned';
import { OutputServer, type OutputDeeds } from './outputServer';
import type { PageLink, PanelKind } from './panelKind';
import { createPanels } from './panels';

export interface OutputPanels extends Owned {
  /** `place`: a line that is to be shown; otherwise it is shown as it was left, at first at its end. */
  open(context: OutputContext, place?: Place): void;
  /** Has the page with this output put what is selected into the clipboard. */
  copySelection(context: Pick<OutputContext, 'cluster' | 'job'>): void;
}

export interface OutputPanelsParts {
  readonly context: Pick<ExtensionContext, 'extensionUri'>;
  readonly log: Log;
  readonly engine: Engine;
  readonly deeds: Omit<OutputDeeds, 'copy'>;
}

const keyOf = ({ cluster, job }: Pick<OutputContext, 'cluster' | 'job'>): string => `${cluster} ${job}`;

function readContext(kept: unknown): OutputContext | undefined {
  const { cluster, job, title } = (kept ?? {}) as Partial<Record<keyof OutputContext, unknown>>;
  return typeof cluster === 'string' && typeof job === 'string' && typeof title === 'string'
    ? { cluster, job, title }
    : undefined;
}

export function createOutputPanels({ context, log, engine, deeds }: OutputPanelsParts): OutputPanels {
  /** Where pages that are not there yet are to go. */
  const places = new Map<string, Place>();
  const pages = new Map<string, PageLink<OutputProtocol>>();
  const kind: PanelKind<OutputProtocol> = {
    page: 'output',
    hasWorker: true,
    asks: outputAsks,
    readContext,
    keyOf,
    titleOf: ({ title }) => `${title} · output`,
    serve: (about, page) => {
      const key = keyOf(about);
      pages.set(key, page);
      const server = new OutputServer({
        ...{ context: about, page, engine },
        deeds: { ...deeds, copy: async (text) => env.clipboard.writeText(text) },
        takePlace: () => {
          const place = places.get(key) ?? null;
          places.delete(key);
          return place;
        },
      });
      return {
        answers: server.answers,
        dispose: () => {
          if (pages.get(key) === page) pages.delete(key);
          server.dispose();
        },
      };
    },
  };
  const panels = createPanels(context, log, kind);
  return {
    open: (about, place) => {
      const key = keyOf(about);
      const page = pages.get(key);
      if (place && page) page.tell('goTo', place);
      else if (place) places.set(key, place);
      panels.open(about);
    },
    copySelection: (about) => {
      pages.get(keyOf(about))?.tell('copySelection', null);
    },
    dispose: () => {
      panels.dispose();
    },
  };
}
