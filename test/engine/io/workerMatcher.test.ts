// The matcher in its worker keeps what every matcher promises; what only a time limit can stop is stopped.
import assert from 'node:assert/strict';
import { createWorkerMatcher } from '../../../engine/io/workerMatcher';
import type { WatchError } from '../../../engine/errors';
import type { Matcher, MatchResult } from '../../../engine/ports';
import { matcherConformance } from '../matcherConformance';
import { findBundle } from './storeFolder';

const make = (): Matcher => createWorkerMatcher({ workerPath: findBundle('matchWorker.js'), budgetMs: 50 });

matcherConformance('worker', make);

describe('worker matcher', () => {
  let matcher: Matcher;
  beforeEach(() => {
    matcher = make();
  });
  afterEach(() => matcher.close());

  const match = (output: string, ...patterns: string[]): Promise<readonly MatchResult[]> =>
    matcher.match({
      bytes: new TextEncoder().encode(output),
      offset: 0,
      patterns: patterns.map((pattern, index) => ({ watcher: `w${index}`, pattern, from: 0 })),
    });

  it('stops what runs on the engine of JavaScript, too', async () => {
    const evil = `${'a'.repeat(60)}!\n`;
    const good = Array.from({ length: 49 }, (_, index) => `loss ${index}$`);
    const output = `a\n${evil}loss 7\n`;
    const results = await match(output, '(a+)+$', ...good);
    assert.deepEqual(results[0], {
      watcher: 'w0',
      hits: [{ line: 0, segment: 0, groups: ['a', 'a'] }],
      overrun: { from: 2, to: output.length },
    });
    assert.deepEqual(
      results.slice(1).map(({ hits, overrun }) => [hits.length, overrun]),
      good.map((_, index) => [index === 7 ? 1 : 0, null]),
    );
    assert.deepEqual((await match('aaa\n', '(a+)+$'))[0]?.overrun, null);
  });

  it('finds the same in memory that threads share', async () => {
    const output = Buffer.from(`é loss 7\n${'x'.repeat(100)}\nloss 8\nloss 9`);
    const shared = Buffer.from(new SharedArrayBuffer(output.length + 20)).subarray(10, output.length + 10);
    output.copy(shared);
    const find = (bytes: Uint8Array): Promise<readonly MatchResult[]> =>
      matcher.match({
        bytes,
        offset: 5,
        patterns: [{ watcher: 'w', pattern: '(.) loss|loss (\\d)', from: 5 }],
      });
    assert.deepEqual(await find(shared), await find(output));
    assert.equal((await find(shared))[0]?.hits.length, 3);
    assert.deepEqual(shared, output);
  });

  it('can be made ready before the first request, and closed before one comes', async () => {
    matcher.prepare();
    matcher.prepare();
    assert.equal((await match('loss 7\n', 'loss'))[0]?.hits.length, 1);
    const unused = make();
    unused.prepare();
    await unused.close();
    unused.prepare();
    await assert.rejects(
      unused.match({ bytes: new Uint8Array(), offset: 0, patterns: [] }),
      (error: WatchError) => error.code === 'engine-stopping',
    );
  });

  it('has patience with what is slow but honest', async () => {
    // A back-reference: the language's own matcher.
    const lines = Array.from({ length: 30_000 }, (_, index) => `step ${index} of ${index}`);
    const [result] = await match(`${lines.join('\n')}\n`, '(\\d+) of \\1');
    assert.equal(result?.overrun, null);
    assert.equal(result.hits.length, lines.length);
  });

  it('has patience with very many lines, be they empty', async () => {
    const output = `${'\n'.repeat(1 << 18)}x\n`;
    const [result] = await match(output, '^[xy]+$');
    assert.equal(result?.overrun, null);
    assert.deepEqual(
      result.hits.map(({ segment }) => segment),
      [1 << 18],
    );
  });

  it('answers with an overrun for what is no pattern', async () => {
    assert.deepEqual(await match('a\n', '('), [{ watcher: 'w0', hits: [], overrun: { from: 0, to: 2 } }]);
  });

  it('has room for more patterns than it keeps', async () => {
    const patterns = Array.from({ length: 2500 }, (_, index) => `value ${index}$`);
    for (let round = 0; round < 2; round++) {
      const results = await match('value 3\nvalue 2400\n', ...patterns);
      assert.deepEqual(
        results.flatMap(({ hits }, index) => (hits.length === 1 ? [index] : [])),
        [3, 2400],
      );
    }
  });

  it('refuses to match once it is closed', async () => {
    await match('a\n', 'a');
    const isStopping = (error: WatchError): boolean => error.code === 'engine-stopping';
    const refused = assert.rejects(match('a\n', 'a'), isStopping);
    await matcher.close();
    await refused;
    await assert.rejects(match('a\n', 'a'), isStopping);
    await matcher.close();
  });
});
