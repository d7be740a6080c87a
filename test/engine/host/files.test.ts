// The small files that the host keeps: its log and the mark of active watchers.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ActiveMark } from '../../../engine/host/activeMark';
import { createLog } from '../../../engine/host/log';
import { useTemporaryHome } from '../temporaryHome';

describe('the log', () => {
  const home = useTemporaryHome();

  it('has a time and a process in every line, for the user alone', () => {
    const path = join(home(), 'engine.log');
    createLog(path)('Something happened.');
    assert.match(readFileSync(path, 'utf8'), /^\d{4}-\d\d-\d\dT[\d:.]+Z \[\d+\] Something happened\.\n$/);
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it('has one line at the margin for each entry, and nothing that a terminal heeds', () => {
    const path = join(home(), 'engine.log');
    const log = createLog(path);
    log('big: \x1b]0;pwned\x07Welcome\n2026-11-29T11:00:00.000Z [1] The engine ends: forged\r\u2028x');
    log('next');
    const [first = '', forged, second = '', ...rest] = readFileSync(path, 'utf8').split('\n');
    assert.match(first, /^\d{4}-.*\] big: \\x1b\]0;pwned\\x07Welcome$/);
    assert.equal(forged, '    2026-11-29T11:00:00.000Z [1] The engine ends: forged\\x0d\\u2028x');
    assert.match(second, /^\d{4}-.*\] next$/);
    assert.deepEqual(rest, ['']);
  });

  it('is bounded, and keeps one former part', () => {
    const path = join(home(), 'engine.log');
    const log = createLog(path, 1000);
    for (let line = 0; line < 100; line++) log(`line ${line}`);
    assert.ok(statSync(path).size < 1100);
    const kept = readFileSync(`${path}.1`, 'utf8') + readFileSync(path, 'utf8');
    assert.match(kept, /line 98\n[^\n]*line 99\n$/);
  });

  it('stops nobody when it cannot be written', () => {
    createLog(join(home(), 'missing', 'engine.log'))('lost');
    assert.ok(!existsSync(join(home(), 'missing')));
  });
});

describe('the mark of active watchers', () => {
  const home = useTemporaryHome();

  it('ends as it was said last', async () => {
    const path = join(home(), 'active');
    const mark = new ActiveMark(path, (line) => assert.fail(line));
    for (const active of [true, false, true]) mark.say(active);
    await mark.settled();
    assert.ok(existsSync(path));
    mark.say(false);
    await mark.settled();
    assert.ok(!existsSync(path));
  });

  it('says what went wrong, and tries again when it is said again', async () => {
    const trouble: string[] = [];
    const mark = new ActiveMark(join(home(), 'missing', 'active'), (line) => trouble.push(line));
    for (let time = 0; time < 2; time++) {
      mark.say(true);
      await mark.settled();
    }
    assert.equal(trouble.length, 2);
  });
});
