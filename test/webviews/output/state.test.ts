// What the page of an output shows beside its lines: following, troubles, finding, as pure steps.
import assert from 'node:assert/strict';
import type { ShownJob } from '../../../webviews/output/protocol';
import {
  createState,
  describeFound,
  listShown,
  toKept,
  toPattern,
  update,
  type Happening,
  type State,
} from '../../../webviews/output/state';
import { compilePattern } from '../../../language/regex/compile';

const job = (stderr: string | null): ShownJob => ({
  ...{ name: 'train', id: '9', cluster: 'hpc', state: 'running', look: 'running', canCancel: true },
  ...{ started: 0, ended: null, limitSeconds: null, outputs: { stdout: '/a', stderr } },
});

const after = (...happenings: readonly Happening[]): State =>
  happenings.reduce(update, createState(undefined, 0));

const opened = (stderr: string | null): Happening => ({
  kind: 'opened',
  opened: { job: job(stderr), marks: [], place: null },
});
const arrived: Happening = { kind: 'arrived', stream: 'stdout', lines: 3 };
const scrolled = (isAtEnd: boolean): Happening => ({ kind: 'scrolled', stream: 'stdout', isAtEnd });

describe('the state of an output’s page', () => {
  it('follows until one scrolls up, counts what comes then, and forgets that at the end', () => {
    assert.equal(after(arrived).streams.stdout.newLines, 0);
    const away = [arrived, scrolled(false), arrived, arrived];
    assert.deepEqual(
      [after(...away).streams.stdout.newLines, after(...away).streams.stdout.isFollowing],
      [6, false],
    );
    const back = after(...away, scrolled(true)).streams.stdout;
    assert.deepEqual([back.newLines, back.isFollowing], [0, true]);
  });

  it('waits for a file, has it, and says when nothing more comes', () => {
    const news = (kind: 'absent' | 'ended'): Happening => ({
      kind: 'news',
      stream: 'stdout',
      news: kind === 'ended' ? { kind, time: 0, endState: 'completed' } : { kind, time: 0 },
    });
    const phase = (...happenings: readonly Happening[]): string => after(...happenings).streams.stdout.phase;
    assert.equal(phase(), 'opening');
    assert.equal(phase({ kind: 'followed', stream: 'stdout' }), 'live');
    assert.equal(phase(news('absent')), 'absent');
    assert.equal(phase(news('absent'), arrived), 'live');
    assert.equal(phase(arrived, news('ended')), 'ended');
  });

  it('has a trouble until something comes again', () => {
    const trouble: Happening = {
      kind: 'news',
      stream: 'stdout',
      news: { kind: 'trouble', message: 'Permission denied.', time: 0 },
    };
    assert.equal(after(trouble).streams.stdout.trouble?.message, 'Permission denied.');
    assert.equal(after(trouble, arrived).streams.stdout.trouble, null);
    assert.equal(after(trouble).streams.stderr.trouble, null);
  });

  it('shows one stream if both are one file', () => {
    assert.deepEqual(listShown(after(opened('/a'), { kind: 'show', shown: 'both' })), ['stdout']);
    assert.deepEqual(listShown(after(opened(null))), ['stdout']);
    assert.deepEqual(listShown(after(opened('/b'))), ['stdout']);
    assert.deepEqual(listShown(after(opened('/b'), { kind: 'show', shown: 'both' })), ['stdout', 'stderr']);
    assert.deepEqual(listShown(after(opened('/b'), { kind: 'show', shown: 'stderr' })), ['stderr']);
  });

  it('begins finding anew with each change of what is looked for', () => {
    const found: Happening = { kind: 'found', found: { matches: [1, 2], current: 1 } };
    const state = after({ kind: 'openFind' }, { kind: 'wish', wish: { text: 'loss' } }, found);
    assert.deepEqual([state.find.matches, state.find.current], [[1, 2], 1]);
    const next = update(state, { kind: 'wish', wish: { isRegex: true } });
    assert.deepEqual([next.find.text, next.find.matches, next.find.current], ['loss', [], -1]);
  });

  it('keeps what a person has chosen', () => {
    const state = after(
      opened('/b'),
      { kind: 'show', shown: 'both' },
      { kind: 'openFind', text: 'loss' },
      { kind: 'wrap' },
    );
    const kept = toKept(state, { stdout: 4711, stderr: null });
    const again = createState(kept, 0);
    assert.deepEqual(toKept(again, kept.places), kept);
    assert.deepEqual(
      [again.shown, again.find.text, again.find.isOpen, again.wraps, again.streams.stdout.isFollowing],
      ['both', 'loss', true, true, false],
    );
  });

  it('draws nothing while nobody runs', () => {
    const state = after({
      kind: 'opened',
      opened: { job: { ...job('/a'), ended: 5 }, marks: [], place: null },
    });
    assert.equal(update(state, { kind: 'tick', now: 99 }), state);
  });
});

describe('what was found', () => {
  const words = (found: Partial<State['find']>): string =>
    describeFound({ ...createState(undefined, 0).find, text: 'x', ...found });
  for (const [found, expected] of [
    [{ text: '' }, ''],
    [{}, 'No results'],
    [{ progress: 0.351 }, 'Searching, 35 % searched'],
    [{ matches: [1, 2, 3] }, '3 lines'],
    [{ matches: [1, 2, 3], current: 1 }, '2 of 3'],
    [{ matches: [1], current: 0, hasMore: true }, '1 of 1+'],
    [{ matches: [1], current: 0, progress: 0.5 }, '1 of 1, 50 % searched'],
    [{ problem: 'missing )' }, 'missing )'],
    [{ isIncomplete: true }, 'No results, too slow for some lines'],
  ] as const)
    it(`is said as "${expected}"`, () => {
      assert.equal(words(found), expected);
    });
});

describe('the pattern of a search', () => {
  for (const [text, isRegex, heedsCase, line, matches] of [
    ['loss=0.5 (a|b)', false, false, 'LOSS=0.5 (A|B)', true],
    ['loss=0.5', false, true, 'LOSS=0.5', false],
    ['loss=0.5', false, true, 'loss=075', false],
    ['a\\b', false, true, 'a\\b', true],
    ['loss: (\\d+)', true, false, 'Loss: 7', true],
    ['(?x) a b', true, false, 'AB', true],
    ['(?i)a', true, false, 'A', true],
  ] as const)
    it(`finds ${text} as it is meant`, () => {
      const { value } = compilePattern(toPattern({ text, isRegex, heedsCase }));
      assert.equal((value?.findAll(line).matches.length ?? 0) > 0, matches);
    });
});
