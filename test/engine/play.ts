// Plays: a script with watchers, what its job prints and when, and what follows. Everything on a fake clock.
import assert from 'node:assert/strict';
import { startEngine, type Engine, type EngineParts } from '../../engine/engine';
import { createConsentMemory } from '../../engine/consent';
import { ConsentNeeded } from '../../engine/errors';
import type { WatchEvent } from '../../engine/model';
import type { SubmitRequest, Submitted } from '../../engine/protocol';
import { createFakeClock, settle, type FakeClock } from './fakeClock';
import { FakeCluster, toDirectory } from './fakeCluster';
import { inThreadMatcher } from './inThreadMatcher';
import { MemoryStore } from './memoryStore';
import { ownActions } from './ownActions';

export interface Stage {
  readonly clock: FakeClock;
  readonly cluster: FakeCluster;
  readonly store: MemoryStore;
  engine: Engine;
  /** Ends the engine as a crash does, and starts another one on what it has stored. */
  restart(): Promise<void>;
  /** Submits a script whose job runs until the test ends it, and agrees to what it may do; gives its id. */
  submit(script: string): Promise<string>;
  /** Events so far, as the lines of a play. */
  lines(): Promise<readonly string[]>;
}

export async function setStage(
  parts: Partial<
    Pick<
      EngineParts,
      'actions' | 'matcher' | 'secrets' | 'workRecord' | 'allowedCommands' | 'mailTo' | 'slackHosts'
    >
  > = {},
  clock = createFakeClock(),
): Promise<Stage> {
  const cluster = new FakeCluster(clock);
  const store = new MemoryStore();
  let count = 0;
  const consentRecord = createConsentMemory();
  const ids = { next: () => `id${++count}` };
  const start = (): Promise<Engine> =>
    startEngine({
      clusters: toDirectory(cluster),
      store,
      matcher: inThreadMatcher,
      clock,
      ids,
      random: () => 0.5,
      actions: ownActions,
      consentRecord,
      ...parts,
    });
  const stage: Stage = {
    clock,
    cluster,
    store,
    engine: await start(),
    restart: async () => {
      await stage.engine.close();
      stage.engine = await start();
      await settle();
    },
    submit: async (script) => {
      const text = `#!/bin/bash\n${script}\nsleep 1000000\n`;
      const { job } = await submitAgreed(stage.engine, toPlaySubmission(text));
      await settle();
      return job.id;
    },
    lines: async () => (await store.events({})).flatMap(toLine),
  };
  return stage;
}

export const toPlaySubmission = (script: string): SubmitRequest => ({
  cluster: 'fake',
  scriptName: 'play.sh',
  script,
  workdir: '/jobs',
  options: [],
});

/** As a person does who agrees to everything. */
export const submitAgreed = (engine: Engine, request: SubmitRequest): Promise<Submitted> =>
  askAgreed((agreed) => engine.submit({ ...request, ...agreed }));

export async function askAgreed<Answer>(
  ask: (agreed: { readonly agreed?: string }) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask({});
  } catch (error) {
    if (!(error instanceof ConsentNeeded)) throw error;
    return ask({ agreed: error.consent.hash });
  }
}

/** Triggers are not shown: their actions are. Submissions are not, either. */
function toLine({ kind, action, success, result, watcher }: WatchEvent): string[] {
  if (kind === 'trigger') return [];
  if (kind === 'action') return [`${action ?? ''} ${success === true ? '' : 'FAILED '}${result}`.trim()];
  if (kind === 'state' && watcher === null) return result.startsWith('submitted') ? [] : [result];
  return [`${kind} ${result}`];
}

const timeLine = /^(\d+(?:\.\d+)?)s(?:\s+(.*))?$/;

/**
 * `30s text` prints a line at that time; `30s | text` prints it without its line end; `30s ! STATE` or `! STATE 3:0`
 * ends the job; `30s restart` restarts the engine; `-> …` is what must follow before the next time. `\r` in a text is a carriage return.
 */
export async function play(text: string): Promise<void> {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const script = lines.filter((line) => line.startsWith('#')).join('\n');
  const stage = await setStage();
  const id = await stage.submit(script);
  const acts = toActs(lines.filter((line) => !line.startsWith('#')));
  let seen = 0;
  for (const [index, { at, what, expected }] of acts.entries()) {
    await stage.clock.advanceTo(at * 1000);
    await perform(stage, id, what);
    const next = acts[index + 1];
    await stage.clock.advanceTo(next ? next.at * 1000 - 1 : at * 1000 + 600_000);
    const all = await stage.lines();
    assert.deepEqual(all.slice(seen), expected, `after ${at}s ${what}`);
    seen = all.length;
  }
  await stage.engine.close();
}

interface Act {
  readonly at: number;
  readonly what: string;
  readonly expected: string[];
}

function toActs(lines: readonly string[]): readonly Act[] {
  const acts: Act[] = [];
  for (const line of lines) {
    const time = timeLine.exec(line);
    if (time) acts.push({ at: Number(time[1]), what: time[2] ?? '', expected: [] });
    else if (line.startsWith('->')) acts.at(-1)?.expected.push(line.slice(2).trim());
    else throw new Error(`This is no line of a play: ${line}`);
  }
  return acts;
}

async function perform({ cluster, ...stage }: Stage, id: string, what: string): Promise<void> {
  const unescaped = what.replaceAll('\\r', '\r').replaceAll('\\n', '\n');
  const [, state, exitCode] = /^! (\w+)(?: (\d+:\d+))?$/.exec(what) ?? [];
  if (state !== undefined) cluster.end(id, state as Parameters<FakeCluster['end']>[1], exitCode);
  else if (what === 'restart') await stage.restart();
  else if (what.startsWith('| ')) cluster.print(id, unescaped.slice(2));
  else if (what !== '') cluster.print(id, `${unescaped}\n`);
}
