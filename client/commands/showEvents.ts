// Show Events: the view of events with those of one watcher or job alone.
import { commands } from 'vscode';
import { nameJob } from '../../engine/words';
import type { App } from '../app';
import { chooseWatchers, findSelected } from '../choose';
import type { CommandArguments } from '../commandArguments';

export async function showEvents(app: App, given: CommandArguments): Promise<void> {
  const { engine, eventsTree } = app;
  const node = findSelected(given);
  const job = node?.kind === 'job' ? engine.mirror.findJob(node.job) : undefined;
  if (job) await eventsTree.show({ job: job.key, title: nameJob(job) });
  else {
    const watchers = await chooseWatchers(app, given, {
      title: 'Show Events',
      suits: () => true,
      none: 'There is no watcher that has events.',
      canPickMany: false,
    });
    const [watcher] = watchers ?? [];
    if (!watcher) return;
    const of = engine.mirror.findJob(watcher.job);
    const title = [watcher.definition.name, ...(of ? [nameJob(of)] : [])].join(' · ');
    await eventsTree.show({ watcher: watcher.id, title });
  }
  await commands.executeCommand('slurmWatchers.events.focus');
}
