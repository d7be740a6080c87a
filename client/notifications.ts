// Tells in notifications what watchers warn of, and the end of a job that a watcher cancelled.
import { commands, Disposable } from 'vscode';
import type { JobKey, WatchEvent } from '../engine/model';
import { nameJob, toLevel, toOneLine } from '../engine/words';
import type { App } from './app';
import { createNotices, type Notice } from './notices';
import { readSettings } from './settings';
import { showMessage } from './show/messages';
import { toJobNode } from './trees/nodes';

const longestMessage = 300;

export function createNotifications({ context, engine }: Pick<App, 'context' | 'engine'>): Disposable {
  const memory = `lastToldEvent ${engine.home}`;
  let lastTold = context.globalState.get<number>(memory);
  const toldEnds = new Set<JobKey>();
  const timers = new Set<NodeJS.Timeout>();
  const notify = createNotices({
    show,
    after: (milliseconds, wake) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        wake();
      }, milliseconds);
      timers.add(timer);
    },
  });

  const take = (events: readonly WatchEvent[]): void => {
    const newest = events.at(-1)?.id;
    if (newest === undefined) lastTold ??= 0;
    else {
      const known = lastTold ?? newest;
      for (const event of events) if (event.id > known) takeEvent(event);
      lastTold = Math.max(known, newest);
    }
    void context.globalState.update(memory, lastTold);
  };
  const takeEvent = (event: WatchEvent): void => {
    if (event.kind === 'state') tellEnd(event.job);
    if (!isWanted(event)) return;
    const message = toOneLine(toMessage(event), longestMessage);
    notify({
      job: event.job,
      level: toLevel(event),
      text: `${event.watcher ?? 'Slurm Watchers'}, job ${event.jobId}: ${message}`,
      place: event.place,
    });
  };
  const tellEnd = (key: JobKey): void => {
    const job = engine.mirror.findJob(key);
    if (!job?.cancelledBy?.watcher || job.endState === null || toldEnds.has(key)) return;
    toldEnds.add(key);
    const text = `${nameJob(job)} has ended: its watcher "${job.cancelledBy.watcher}" cancelled it.`;
    notify({ job: key, level: 'info', text, place: null });
  };

  return Disposable.from(
    engine.onDidChange(({ events }) => {
      take(events);
    }),
    engine.onDidReset(() => {
      if (engine.state.kind === 'connected' && engine.isFilled) take(engine.mirror.events);
    }),
    new Disposable(() => {
      timers.forEach(clearTimeout);
    }),
  );
}

function toMessage({ params, result }: WatchEvent): string {
  const message = params['message'];
  return typeof message === 'string' ? message : result;
}

/** Only messages that have a level, which a person gave them; failures are in the list of events. */
function isWanted(event: WatchEvent): boolean {
  const least = readSettings().notifications;
  const level = toLevel(event);
  if (event.params['level'] === undefined || least === 'off') return false;
  return level === 'error' || (level === 'warning' && least === 'warning');
}

function show({ job, level, text, place }: Notice): void {
  const showOutput = 'Show Output';
  const named = place === null ? [] : [{ place: { stream: place.stream, from: place.line } }];
  void showMessage(level, text, showOutput).then(
    (chosen) =>
      chosen === showOutput && commands.executeCommand('slurmWatchers.showOutput', toJobNode(job), ...named),
  );
}
