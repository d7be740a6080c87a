// Lines as they are shown: refreshes in place, long lines folded, and what a person copies of them.
import assert from 'node:assert/strict';
import { plainStyle } from '../../../webviews/output/ansi';
import {
  countOlderRefreshes,
  findRefreshes,
  listOlderRefreshes,
  showText,
  toReadText,
} from '../../../webviews/output/lineText';

describe('a line of output', () => {
  for (const [text, last, older] of [
    ['plain\n', 'plain', []],
    ['windows\r\n', 'windows', []],
    ['10%\r50%\r100%\n', '100%', ['10%', '50%']],
    ['\r10%\r100%', '100%', ['10%']],
    ['10%\r100%\r', '100%', ['10%']],
    ['10%\r100%\r\r\n', '100%', ['10%']],
    ['', '', []],
    ['\n', '', []],
  ] as const)
    it(`shows the last refresh of ${JSON.stringify(text)}`, () => {
      assert.equal(findRefreshes(text).last, last);
      assert.deepEqual(listOlderRefreshes(text, 100), older);
      assert.equal(countOlderRefreshes(text), older.length);
    });

  it('keeps the colour that an older refresh has begun', () => {
    assert.equal(findRefreshes('\x1b[32m1%\r2%').style.foreground, 2);
  });

  it('lists the newest of many older refreshes', () => {
    const text = Array.from({ length: 1000 }, (_, index) => `${index}%`).join('\r');
    assert.deepEqual(listOlderRefreshes(text, 2), ['997%', '998%']);
    assert.equal(countOlderRefreshes(text), 999);
  });

  it('is folded if it is long, and says how much more there is', () => {
    const { pieces, folded } = showText('x'.repeat(5_000_000), plainStyle);
    assert.equal(pieces[0]?.text.length, 2000);
    assert.equal(folded, 4_998_000);
    assert.equal(showText('x'.repeat(2000), plainStyle).folded, 0);
  });

  it('is read without its colours and its older refreshes', () => {
    assert.equal(toReadText('0%\r\x1b[1;32m100%\x1b[0m done\x07\n'), '100% done\\x07');
  });
});
