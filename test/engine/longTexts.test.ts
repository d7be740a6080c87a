// Lines of a megabyte that trigger: what is kept of them is bounded, and what runs with them is whole or refused.
import assert from 'node:assert/strict';
import type { OutsideActions } from '../../engine/actions/action';
import { cutText } from '../../engine/keptText';
import { ownActions } from './ownActions';
import { setStage, type Stage } from './play';

describe('a capture of a megabyte', () => {
  let stage: Stage;
  let ran: Readonly<Record<string, string>>[];
  const watch = async (rest: string, line: string): Promise<void> => {
    ran = [];
    const actions: OutsideActions = {
      ...ownActions,
      run_command: {
        run: (_, { captures }) => {
          ran.push(captures);
          return Promise.resolve({ success: true, result: 'done' });
        },
      },
    };
    stage = await setStage({ actions });
    const id = await stage.submit(`#WATCHER name=w pattern="go (.*)" captures=[x] interval=1s ${rest}`);
    await stage.clock.advanceTo(5000);
    stage.cluster.print(id, `${line}\n`);
    await stage.clock.advanceTo(20_000);
  };
  afterEach(() => stage.engine.close());

  it('is kept with its beginning, while conditions see all of it', async () => {
    await watch(
      'condition="len(x) == 1000000" actions=[log_event(message="got $x"), log_event(message="b") if len(x) < 5]',
      `go ${'y'.repeat(1_000_000)}`,
    );
    const events = await stage.engine.events({});
    const logged = events.find(({ action }) => action === 'log_event');
    assert.match(logged?.result ?? '', /^got y+… \(\d+ more characters\)$/);
    assert.match(logged?.captures['x'] ?? '', /^y+… \(\d+ more characters\)$/);
    const trigger = events.find(({ kind }) => kind === 'trigger');
    assert.match(trigger?.result ?? '', /^go y+… \(\d+ more characters\); left out: log_event \(/);
    assert.equal(trigger?.result.startsWith(trigger.matchedText ?? 'none'), true);
    for (const event of events) assert.ok(JSON.stringify(event).length < 400_000, event.kind);
  });

  it('refuses a command as it does, and one that fits has all of it', async () => {
    await watch('action=run_command(command="cat")', `go ${'y'.repeat(1_000_000)}`);
    assert.match((await stage.lines()).at(-1) ?? '', /run_command FAILED .*longer than 100000 bytes/);
    assert.equal(ran.length, 0);
    await stage.engine.close();
    await watch('action=run_command(command="cat")', `go ${'y'.repeat(90_000)}`);
    assert.deepEqual(
      ran.map(({ x }) => x?.length),
      [90_000],
    );
  });

  it('is cut at a whole character, and once', () => {
    const text = '\u{1f600}'.repeat(50_000);
    const cut = cutText(`a${text}`);
    assert.ok(cut.length <= 65_536);
    assert.doesNotMatch(cut, /\p{Surrogate}/u);
    assert.equal(cutText(cut), cut);
    assert.equal(cutText('short'), 'short');
  });
});
