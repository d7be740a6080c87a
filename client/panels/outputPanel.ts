// The panels with outputs of jobs: one for each job, which others open, also at a line.
import { env, type ExtensionContext } from 'vscode';
import {
  outputAsks,
  type OutputContext,
  type OutputProtocol,
  type Place,
} from '../../webviews/output/protocol';
import { fitsFields, text, type Fields } from '../../engine/shapes';
import type { Engine } from '../engine';
import type { Log } from '../log';
import type { Owned } from '../owned';
import { OutputServer, type OutputDeeds } from './outputServer';
import type { PanelKind } from './panelKind';
import { createPanels } from './panels';

export interface OutputPanels extends Owned {
  /** `place`: a line that is to be shown; otherwise it is shown as it was left, at first at its end. */
  open(context: OutputContext, place?: Place): void;
  /** Has the page with this output put what is selected into the clipboard. */
  copySelection(context: OutputContext): void;
}

export interface OutputPanelsParts {
  readonly context: Pick<ExtensionContext, 'extensionUri'>;
  readonly log: Log;
  readonly engine: Engine;
  readonly deeds: Omit<OutputDeeds, 'copy'>;
}

const keyOf = ({ cluster, job }: OutputContext): string => `${cluster} ${job}`;

const contextFields: Fields<OutputContext> = { cluster: text, job: text, title: text };

export function createOutputPanels({ context, log, engine, deeds }: OutputPanelsParts): OutputPanels {
  /** Where pages that are not there yet are to go. */
  const places = new Map<string, Place>();
  const kind: PanelKind<OutputProtocol> = {
    page: 'output',
    hasWorker: true,
    asks: outputAsks,
    readContext: (kept) => (fitsFields(contextFields, kept) ? kept : undefined),
    keyOf,
    titleOf: ({ title }) => `${title} · output`,
    serve: (about, page) =>
      new OutputServer({
        ...{ context: about, page, engine, log },
        deeds: { ...deeds, copy: async (text) => env.clipboard.writeText(text) },
        takePlace: () => {
          const key = keyOf(about);
          const place = places.get(key) ?? null;
          places.delete(key);
          return place;
        },
      }),
  };
  const panels = createPanels(context, log, kind);
  return {
    open: (about, place) => {
      const page = panels.findPage(about);
      if (place && page) page.tell('goTo', place);
      else if (place) places.set(keyOf(about), place);
      panels.open(about);
    },
    copySelection: (about) => {
      panels.findPage(about)?.tell('copySelection', null);
    },
    dispose: () => {
      panels.dispose();
    },
  };
}
