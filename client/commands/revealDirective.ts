// Reveal in Script: the directive of a watcher, of an event's watcher, or the script of a job.
import { Range, Selection, TextEditorRevealType, window } from 'vscode';
import type { Watcher } from '../../engine/model';
import type { App } from '../app';
import { chooseWatchers, findJobKey } from '../choose';
import type { CommandArguments } from '../commandArguments';
import { isNode } from '../trees/nodes';

export async function revealDirective(app: App, given: CommandArguments): Promise<void> {
  const { engine, scripts } = app;
  const [node] = given;
  const watcher = isNode(node) ? findWatcher(app, given) : await pickWatcher(app);
  const key = watcher?.job ?? (isNode(node) ? findJobKey(app, node) : undefined);
  const job = key === undefined ? undefined : engine.mirror.findJob(key);
  if (!job) return;
  const document = await scripts.open(job);
  const editor = await window.showTextDocument(document);
  if (!watcher?.lines) return;
  const range = new Range(watcher.lines.first - 1, 0, watcher.lines.last, 0);
  editor.selection = new Selection(range.start, range.start);
  editor.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport);
}

function findWatcher({ engine, eventsTree }: App, [node]: CommandArguments): Watcher | undefined {
  if (!isNode(node) || node.kind === 'job') return undefined;
  if (node.kind === 'watcher') return engine.mirror.findWatcher(node.watcher);
  if (node.kind !== 'event') return undefined;
  const id = eventsTree.find(node.event)?.watcherId ?? null;
  return id === null ? undefined : engine.mirror.findWatcher(id);
}

async function pickWatcher(app: App): Promise<Watcher | undefined> {
  const watchers = await chooseWatchers(app, [], {
    title: 'Reveal in Script',
    suits: ({ lines }) => lines !== null,
    none: 'There is no watcher that a script describes.',
  });
  return watchers?.[0];
}
