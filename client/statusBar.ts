// The status bar item: how many watchers are active and failed, and what keeps running when VS Code closes.
import { Disposable, StatusBarAlignment, ThemeColor, window } from 'vscode';
import { isOver } from '../engine/rules';
import { count } from '../engine/words';
import type { Engine } from './engine';
import { describeKeepRunning } from './keepRunning';
import { inMarkdown, toMarkdown } from '../language/show/markdown';
import { Tooltip } from './show/rows';

export function createStatusBar(engine: Engine): Disposable {
  const item = window.createStatusBarItem('slurmWatchers.status', StatusBarAlignment.Left, 10);
  item.name = 'Slurm Watchers';
  item.command = 'slurmWatchers.watchers.focus';
  const show = (): void => {
    const live = engine.mirror.watchers.filter(({ job }) => {
      const found = engine.mirror.findJob(job);
      return found !== undefined && !isOver(found);
    });
    const active = live.filter(({ progress }) => progress.state === 'active').length;
    const failed = live.filter(({ progress }) => progress.state === 'disabled').length;
    const isLost = engine.state.kind === 'lost';
    if (active + failed === 0) {
      item.hide();
      return;
    }
    const trouble = isLost ? ' $(debug-disconnect)' : failed > 0 ? ` $(error) ${failed}` : '';
    item.text = `$(eye) ${active}${trouble}`;
    item.backgroundColor =
      isLost || failed > 0 ? new ThemeColor('statusBarItem.warningBackground') : undefined;
    const words = `${count(active, 'active watcher')}${failed > 0 ? `, ${count(failed, 'watcher')} failed` : ''}`;
    const connection = isLost
      ? inMarkdown`\n\nThe engine cannot be reached; it is tried again.`
      : inMarkdown``;
    const lasting = toMarkdown(describeKeepRunning(engine.keepsRunning));
    item.tooltip = new Tooltip(inMarkdown`**${toMarkdown(words)}**${connection}\n\n${lasting}`);
    item.accessibilityInformation = { label: `Slurm Watchers: ${words}`, role: 'button' };
    item.show();
  };
  return Disposable.from(item, engine.onDidChange(show), engine.onDidReset(show));
}
