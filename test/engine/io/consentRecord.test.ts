// What was agreed to is kept in a file that its user alone can read, and what cannot be read means that people are asked again.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConsentRecord } from '../../../engine/io/consentRecord';
import { WatchError } from '../../../engine/errors';
import type { AgreedPower } from '../../../engine/ports';
import { useTemporaryHome } from '../temporaryHome';

const toAgreed = (key: string, limit: number | null): AgreedPower => ({
  ...{ key, limit, sentence: `"w" does ${key}.`, place: 'big, /work', time: 1000 },
});

describe('the record of what was agreed to', () => {
  const home = useTemporaryHome();
  const logged: string[] = [];
  const open = (name: string): ReturnType<typeof createConsentRecord> =>
    createConsentRecord(join(home(), name), (line) => logged.push(line));

  it('is kept for the next engine, and for its user alone', async () => {
    const record = open('kept');
    assert.equal(record.find('a'), undefined);
    await record.add([toAgreed('a', null)]);
    await Promise.all([record.add([toAgreed('b', 3)]), record.add([toAgreed('c', null)])]);
    const next = open('kept');
    assert.equal(next.find('a')?.limit, null);
    assert.equal(next.find('b')?.limit, 3);
    assert.equal(next.find('c')?.limit, null);
    if (process.platform !== 'win32') assert.equal(statSync(join(home(), 'kept')).mode & 0o777, 0o600);
    assert.deepEqual(
      readdirSync(home()).filter((name) => name.startsWith('kept.')),
      [],
    );
    assert.deepEqual(logged, []);
  });

  it('is listed with its words, and is no more once it is taken back', async () => {
    const record = open('listed');
    await record.add([toAgreed('a', null), toAgreed('b', 3), toAgreed('c', null)]);
    assert.deepEqual(record.list(), [toAgreed('a', null), toAgreed('b', 3), toAgreed('c', null)]);
    await record.remove(['b', 'unknown']);
    assert.equal(record.find('b'), undefined);
    assert.deepEqual(open('listed').list(), [toAgreed('a', null), toAgreed('c', null)]);
  });

  it('reads what an older version has kept', () => {
    writeFileSync(join(home(), 'older'), '{"agreed": {"a": {"limit": 3}}}');
    assert.deepEqual(open('older').list(), [{ key: 'a', limit: 3, sentence: null, place: null, time: null }]);
  });

  it('keeps the greatest number of resubmissions that was agreed to', async () => {
    const record = open('greatest');
    await record.add([toAgreed('a', 10), toAgreed('a', 3)]);
    await record.add([toAgreed('a', 2)]);
    assert.equal(record.find('a')?.limit, 10);
    assert.equal(open('greatest').find('a')?.limit, 10);
  });

  it('knows nothing where its file is none of ours, and says so', () => {
    for (const text of ['', '{', '[]', '{"agreed": {"a": true}}', '{"agreed": {"a": {"limit": "3"}}}']) {
      logged.length = 0;
      writeFileSync(join(home(), 'wrong'), text);
      assert.equal(open('wrong').find('a'), undefined, text);
      assert.match(logged[0] ?? '', /people are asked again/, text);
    }
    for (const name of ['toString', '__proto__', 'constructor'])
      assert.equal(open('none').find(name), undefined);
  });

  it('says so if it cannot be written: nothing happens then that nobody would know of later', async () => {
    mkdirSync(join(home(), 'folder'));
    await assert.rejects(
      open('folder').add([toAgreed('a', null)]),
      (error) => error instanceof WatchError && error.code === 'store-unavailable',
    );
  });

  it('forgets what was agreed to longest ago when there is much', async () => {
    const record = open('much');
    await record.add(Array.from({ length: 10_001 }, (_, index) => toAgreed(String(index), null)));
    assert.equal(record.find('0'), undefined);
    assert.ok(record.find('10000'));
    assert.equal(
      Object.keys((JSON.parse(readFileSync(join(home(), 'much'), 'utf8')) as { agreed: object }).agreed)
        .length,
      10_000,
    );
  });
});
