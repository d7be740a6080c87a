// Which file a job's script came from, and the script as it was submitted where the file has changed since.
import {
  languages,
  Uri,
  workspace,
  type Memento,
  type TextDocument,
  type TextDocumentContentProvider,
} from 'vscode';
import { WatchError } from '../engine/errors';
import type { Job, JobKey } from '../engine/model';
import { maskSecrets } from '../language/show/webhook';
import type { Engine } from './engine';
import type { Owned } from './owned';

export interface SubmittedScripts extends Owned {
  remember(job: JobKey, script: Uri): void;
  /** The jobs that this script was submitted as, the last one first. */
  jobsOf(script: Uri): readonly JobKey[];
  /** The script's file if it still is what was submitted, else a read-only copy of that. Throws WatchError. */
  open(job: Job): Promise<TextDocument>;
}

const scheme = 'slurm-watchers-script';
const memory = 'submittedScripts';
/** So many jobs are remembered. */
const remembered = 200;

type Places = readonly (readonly [JobKey, string])[];

export function createSubmittedScripts(state: Memento, engine: Engine): SubmittedScripts {
  const readPlaces = (): Places => state.get<Places>(memory, []);
  const provider: TextDocumentContentProvider = {
    provideTextDocumentContent: async ({ query }) => {
      const [job] = await engine.request('engine/jobs', { job: query });
      const script = job?.submission?.script;
      return script === undefined ? undefined : maskSecrets(script);
    },
  };
  const registration = workspace.registerTextDocumentContentProvider(scheme, provider);
  return {
    dispose: () => {
      registration.dispose();
    },
    remember: (job, script) => {
      void state.update(memory, [...readPlaces(), [job, script.toString()] as const].slice(-remembered));
    },
    jobsOf: (script) =>
      readPlaces()
        .filter(([, place]) => place === script.toString())
        .map(([job]) => job)
        .reverse(),
    open: async ({ key, parent, submission }) => {
      if (!submission)
        throw new WatchError(
          'not-found',
          'The script of this job is not known.',
          'Only scripts that were submitted with their watchers are kept.',
        );
      const place = readPlaces().find(([job]) => job === key || job === parent)?.[1];
      const file =
        place === undefined ? Uri.file(`${submission.workdir}/${submission.scriptName}`) : Uri.parse(place);
      const document = await workspace.openTextDocument(file).then(undefined, () => undefined);
      if (document?.getText() === submission.script) return document;
      const copy = await workspace.openTextDocument(
        Uri.from({ scheme, path: `/${submission.scriptName}`, query: key }),
      );
      return languages.setTextDocumentLanguage(copy, 'shellscript');
    },
  };
}
