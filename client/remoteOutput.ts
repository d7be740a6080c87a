// Outputs of jobs behind ssh as read-only documents: the end of the file, read anew each time one is opened.
import { EventEmitter, languages, Uri, workspace, type TextDocument } from 'vscode';
import type { Stream } from '../engine/model';
import type { OutputRequest } from '../engine/protocol';
import { toVsCodePlain } from '../language/show/vscode';
import type { Engine } from './engine';
import type { Owned } from './owned';

/** So much of a file's end is shown, in bytes. */
const shownBytes = 1 << 20;
const scheme = 'slurm-watchers-output';

export interface RemoteOutput {
  readonly cluster: string;
  /** Key or id. */
  readonly job: string;
  /** As people know the job: its document is called so. */
  readonly id: string;
  readonly stream: Stream;
}

export interface RemoteOutputs extends Owned {
  /** Throws WatchError. */
  open(output: RemoteOutput): Promise<TextDocument>;
}

export function createRemoteOutputs(engine: Engine): RemoteOutputs {
  const changed = new EventEmitter<Uri>();
  const texts = new Map<string, string>();
  const registration = workspace.registerTextDocumentContentProvider(scheme, {
    onDidChange: changed.event,
    provideTextDocumentContent: async (uri) => {
      const key = uri.toString();
      // A window that was opened again shows what is there now.
      const text = texts.get(key) ?? (await read(engine, JSON.parse(uri.query) as RemoteOutput));
      texts.delete(key);
      return text;
    },
  });
  return {
    open: async (output) => {
      const text = await read(engine, output);
      const { cluster, job, id, stream } = output;
      const path = `/${toVsCodePlain(cluster)}/job-${id}.${stream === 'stdout' ? 'out' : 'err'}`;
      const uri = Uri.from({ scheme, path, query: JSON.stringify({ cluster, job, id, stream }) });
      texts.set(uri.toString(), text);
      const isOpen = workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
      if (isOpen) changed.fire(uri);
      const document = await workspace.openTextDocument(uri);
      return languages.setTextDocumentLanguage(document, 'log');
    },
    dispose: () => {
      registration.dispose();
      changed.dispose();
    },
  };
}

async function read(engine: Engine, { cluster, job, stream }: RemoteOutput): Promise<string> {
  const request: OutputRequest = { cluster, job, stream, from: null, maxBytes: shownBytes };
  const { text, from, path } = await engine.request('engine/readOutput', request);
  if (from === 0) return text;
  // The first line is cut: it is left out.
  const whole = text.slice(text.indexOf('\n') + 1);
  return `… ${from} bytes of ${toVsCodePlain(path)} come before this …\n${whole}`;
}
