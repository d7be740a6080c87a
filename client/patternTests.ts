// Results of pattern tests as read-only documents.
import { EventEmitter, workspace, type Uri } from 'vscode';
import type { Owned } from './owned';
import type { Results, ShownTest } from './patternTest/results';

export interface PatternTests extends Owned {
  /** Beside what the person looks at; the result of an earlier test of the same is replaced. */
  show(test: ShownTest): Promise<void>;
}

const scheme = 'slurm-watchers-test';
const lostText =
  'The result of this test was closed with its window. Run the test again to see it: "Slurm Watchers: Test Patterns on…".\n';

export function createPatternTests(): PatternTests {
  const changed = new EventEmitter<Uri>();
  let results: Promise<Results> | undefined;
  const load = async (): Promise<Results> =>
    (await import('./patternTest/results.js')).createResults(scheme, changed);
  const registration = workspace.registerTextDocumentContentProvider(scheme, {
    onDidChange: changed.event,
    provideTextDocumentContent: async (uri) => (await results)?.find(uri)?.report.text ?? lostText,
  });
  return {
    show: async (test) => {
      results ??= load();
      results.catch(() => (results = undefined));
      await (await results).show(test);
    },
    dispose: () => {
      registration.dispose();
      changed.dispose();
      void results?.then((loaded) => {
        loaded.dispose();
      });
    },
  };
}
