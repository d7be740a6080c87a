// Code lenses of submitted scripts: at each directive how its watchers are; a click shows them in their view.
import { Disposable, EventEmitter, languages, Range, type CodeLensProvider } from 'vscode';
import type { Engine } from './engine';
import { batchScripts } from './languages';
import { describeLive, findLiveDirectives } from './liveWatchers';
import { toLens } from './show/rows';

/** News that comes closer together is shown together, in milliseconds. */
const gatherTime = 1000;

export function createLiveLenses(engine: Engine): Disposable {
  const changed = new EventEmitter<void>();
  let soon: NodeJS.Timeout | undefined;
  const tell = (): void => {
    soon ??= setTimeout(() => {
      soon = undefined;
      changed.fire();
    }, gatherTime);
  };
  const provider: CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: (document) => {
      const { jobs } = engine.mirror;
      const live = findLiveDirectives(document.getText(), jobs, ({ key }) => engine.mirror.watchersOf(key));
      return live.map(({ line, watchers }) => {
        const title = describeLive(watchers, Date.now());
        const tooltip = 'Show in the view Watchers';
        const range = new Range(line - 1, 0, line - 1, 0);
        return toLens(range, { icon: 'eye', title, tooltip, command: 'slurmWatchers.watchers.focus' });
      });
    },
  };
  return Disposable.from(
    languages.registerCodeLensProvider(batchScripts, provider),
    engine.onDidChange(tell),
    engine.onDidReset(tell),
    new Disposable(() => {
      clearTimeout(soon);
    }),
    changed,
  );
}
