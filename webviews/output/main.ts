// The page of a job's output: panes with lines, and the loop of what is around them.
import type { Stream } from '../../engine/model';
import { createBackgroundWorker } from '../kit/backgroundWorker';
import { Refusal } from '../kit/extensionLink';
import { startPage } from '../kit/page';
import { startProgram } from '../kit/program';
import { Finder } from './finder';
import './output.css';
import { Pane } from './pane';
import type { FindWish, OutputProtocol } from './protocol';
import { createState, listShown, toKept, update, type Happening, type State } from './state';
import { Theme } from './theme';
import { viewOutput, type ViewParts } from './view';
import type { FindJob, FindResult } from './worker';

/** Of one job of the worker, in milliseconds: a pattern that takes longer is given up. */
const matchLimit = 300;
const savePause = 300;

startPage<OutputProtocol>(({ root, extension }) => {
  const kept = extension.savedState;
  const theme = new Theme(() => {
    for (const pane of Object.values(panes)) pane.refresh();
  });
  const send = (happening: Happening): void => {
    program.send(happening);
  };
  const createPane = (stream: Stream): Pane =>
    new Pane({
      ...{ stream, extension, theme, send },
      onDrawn: () => {
        if (program.state().find.isOpen) finder.paint();
        planSave();
      },
    });
  const panes: Readonly<Record<Stream, Pane>> = {
    stdout: createPane('stdout'),
    stderr: createPane('stderr'),
  };
  const finder = new Finder({
    extension,
    worker: createBackgroundWorker<FindJob, FindResult>(root.dataset['worker'] ?? '', matchLimit),
    paneOf: (stream) => panes[stream],
    tell: (found) => {
      send({ kind: 'found', found });
    },
  });
  const followed = new Set<Stream>();
  /** Where each was left; null: at its end. */
  const places: Record<Stream, number | null> = { stdout: null, stderr: null, ...kept?.places };
  let looked: State | undefined;
  let saveTimer: number | undefined;

  const planSave = (): void => {
    saveTimer ??= setTimeout(() => {
      saveTimer = undefined;
      save();
    }, savePause);
  };
  const save = (): void => {
    extension.save(toKept(program.state(), { stdout: panes.stdout.place, stderr: panes.stderr.place }));
  };
  // What is hidden or closed has no time left.
  addEventListener('pagehide', save);

  const say = (thrown: unknown): void => {
    if (!(thrown instanceof Refusal)) throw thrown;
    send({ kind: 'lost', trouble: { message: thrown.message, remedy: thrown.remedy } });
  };
  const followShown = (state: State): void => {
    if (!state.isOpened) return;
    for (const stream of listShown(state)) {
      if (followed.has(stream)) continue;
      followed.add(stream);
      void panes[stream].follow(places[stream]);
      places[stream] = null;
    }
  };
  const open = (): void => {
    extension.ask('open', {}).then((opened) => {
      send({ kind: 'opened', opened });
      takeMarks(opened.marks);
      followed.clear();
      if (opened.place) {
        places[opened.place.stream] = null;
        goTo(opened.place.stream, opened.place.from);
      }
      followShown(program.state());
    }, say);
  };
  const takeMarks = (marks: OutputProtocol['news']['marks']): void => {
    for (const stream of ['stdout', 'stderr'] as const)
      panes[stream].setMarks(marks.filter((mark) => mark.stream === stream));
  };
  const goTo = (stream: Stream, from: number): void => {
    const { shown, job } = program.state();
    if (!listShown({ job, shown }).includes(stream)) send({ kind: 'show', shown: stream });
    panes[stream].goTo(from);
  };
  const active = (): Pane => panes[program.state().active];
  const refused = (thrown: unknown): void => {
    if (!(thrown instanceof Refusal)) throw thrown;
    send({ kind: 'say', text: `${thrown.message} ${thrown.remedy}` });
  };

  const parts: ViewParts = {
    send,
    elementOf: (stream) => panes[stream].view.element,
    cancel: () => {
      extension.ask('cancelJob', {}).catch(refused);
    },
    toggleFollow: () => {
      const state = program.state();
      const isFollowing = listShown(state).every((stream) => state.streams[stream].isFollowing);
      for (const stream of listShown(state))
        if (isFollowing) panes[stream].view.hold();
        else panes[stream].view.scrollToEnd();
    },
    follow: (stream) => {
      panes[stream].view.scrollToEnd();
      panes[stream].view.grid.focus();
    },
    retry: open,
    openAsText: () => {
      extension.ask('openAsText', { stream: program.state().active }).catch(refused);
    },
    findNext: (step) => {
      const { find } = program.state();
      if (!find.isOpen) send({ kind: 'openFind' });
      if (find.matches.length === 0) return;
      const current =
        find.current === -1
          ? findNearest(find.matches, active().selection.current ?? active().view.firstVisible?.from ?? 0)
          : (find.current + step + find.matches.length) % find.matches.length;
      lookAt(current);
    },
    goToLine: (number) => {
      active().goToLine(number).catch(refused);
    },
    focusLines: () => {
      active().view.grid.focus();
    },
  };
  const lookAt = (index: number): void => {
    const from = program.state().find.matches[index];
    if (from === undefined) return;
    active().goTo(from);
    send({ kind: 'found', found: { current: index } });
  };

  const program = startProgram<State, Happening>({
    root,
    first: createState(kept, Date.now()),
    update,
    view: (state) => viewOutput(state, parts),
    onDrawn: (state) => {
      const before = looked;
      looked = state;
      followShown(state);
      planSave();
      if (before?.wraps !== state.wraps) for (const pane of Object.values(panes)) pane.refresh();
      if (state.find.isOpen && before?.find.isOpen !== true) focusInput('#find');
      if (state.goToIsOpen && before?.goToIsOpen !== true) focusInput('#go-to');
      lookForWish(before, state);
    },
  });

  function focusInput(selector: string): void {
    const input = root.querySelector<HTMLInputElement>(selector);
    input?.focus();
    input?.select();
  }

  function lookForWish(before: State | undefined, { find, active: stream, isOpened }: State): void {
    if (!isOpened) return;
    const isSame =
      before?.isOpened === true &&
      before.find.isOpen === find.isOpen &&
      before.active === stream &&
      isSameWish(before.find, find);
    if (!isSame) {
      if (find.isOpen) finder.find(stream, find, panes[stream].view.firstVisible?.from ?? 0);
      else finder.end();
      return;
    }
    // The first one found is looked at, as one types.
    if (find.current === -1 && find.matches.length > 0 && before.find.matches.length === 0)
      lookAt(findNearest(find.matches, panes[stream].view.firstVisible?.from ?? 0));
  }

  extension.onNews('job', (job) => {
    send({ kind: 'job', job });
  });
  extension.onNews('marks', takeMarks);
  extension.onNews('output', ({ stream, news }) => {
    panes[stream].take(news);
    finder.takeNews(stream);
  });
  extension.onNews('lost', (trouble) => {
    send({ kind: 'lost', trouble });
  });
  extension.onNews('connected', () => {
    send({ kind: 'connected' });
    open();
  });
  extension.onNews('goTo', ({ stream, from }) => {
    goTo(stream, from);
  });
  extension.onNews('copySelection', () => {
    active().copy();
  });
  setInterval(() => {
    send({ kind: 'tick', now: Date.now() });
  }, 1000);
  open();
});

const isSameWish = (one: FindWish, other: FindWish): boolean =>
  one.text === other.text && one.isRegex === other.isRegex && one.heedsCase === other.heedsCase;

/** The first at the place or after it, else the first of all. */
function findNearest(matches: readonly number[], from: number): number {
  const index = matches.findIndex((match) => match >= from);
  return index === -1 ? 0 : index;
}
