// What every matcher promises, whatever it is made of: run on the fake and on the worker.
import assert from 'node:assert/strict';
import type { Matcher, MatchRequest, MatchResult } from '../../engine/ports';

/** [segment, line, matched text, ...groups]; line only where it is not the segment. */
type Short = readonly unknown[];

const shorten = ({ hits }: MatchResult): Short[] =>
  hits.map(({ line, segment, groups }) => [line === segment ? segment : [line, segment], ...groups]);

const toBytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export function matcherConformance(name: string, make: () => Matcher): void {
  describe(`matcher conformance: ${name}`, () => {
    let matcher: Matcher;
    before(() => {
      matcher = make();
    });
    after(() => matcher.close());

    const match = (
      bytes: Uint8Array,
      patterns: readonly string[],
      more: Partial<MatchRequest> = {},
    ): Promise<readonly MatchResult[]> =>
      matcher.match({
        bytes,
        offset: 0,
        patterns: patterns.map((pattern, index) => ({ watcher: `w${index}`, pattern, from: 0 })),
        ...more,
      });
    const check = async (output: string | Uint8Array, pattern: string, expected: Short[]): Promise<void> => {
      const [result] = await match(typeof output === 'string' ? toBytes(output) : output, [pattern]);
      assert.ok(result);
      assert.deepEqual(shorten(result), expected);
      assert.equal(result.overrun, null);
    };

    describe('lines and segments', () => {
      const cases: [title: string, output: string, pattern: string, expected: Short[]][] = [
        ['a line', 'loss: 0.5\n', 'loss: ([\\d.]+)', [[0, 'loss: 0.5', '0.5']]],
        [
          'lines',
          'a 1\nb 2\na 3\n',
          'a (\\d)',
          [
            [0, 'a 1', '1'],
            [8, 'a 3', '3'],
          ],
        ],
        ['nothing', '', '.*', []],
        ['no hit', 'abc\n', 'x', []],
        [
          'empty lines',
          '\n\nx\n\n',
          '^$',
          [
            [0, ''],
            [1, ''],
            [4, ''],
          ],
        ],
        [
          'CRLF is no part of a line',
          'ab\r\ncd\r\n',
          '.+$',
          [
            [0, 'ab'],
            [4, 'cd'],
          ],
        ],
        ['an empty line that ends in CRLF', '\r\nx\r\n', '^$', [[0, '']]],
        [
          'the last line without its end',
          'a\nb',
          '[ab]',
          [
            [0, 'a'],
            [2, 'b'],
          ],
        ],
        [
          'refreshes of a line',
          '10%\r20%\r30%\n40%\n',
          '(\\d+)%',
          [
            [0, '10%', '10'],
            [[0, 4], '20%', '20'],
            [[0, 8], '30%', '30'],
            [12, '40%', '40'],
          ],
        ],
        [
          'a refresh at the end',
          '10%\r20%\r',
          '\\d+',
          [
            [0, '10'],
            [[0, 4], '20'],
          ],
        ],
        [
          'a refresh at the beginning',
          '\r10%\n',
          '^.*$',
          [
            [0, ''],
            [[0, 1], '10%'],
          ],
        ],
        [
          'a refresh before CRLF',
          'a\r\r\nb\n',
          '^.*$',
          [
            [0, 'a'],
            [[0, 2], ''],
            [4, 'b'],
          ],
        ],
        [
          'many returns',
          '\r\r\r\n',
          '^$',
          [
            [0, ''],
            [[0, 1], ''],
            [[0, 2], ''],
          ],
        ],
        [
          'each segment stands alone',
          'ab\ncd\ref\n',
          '[^x]+',
          [
            [0, 'ab'],
            [3, 'cd'],
            [[3, 6], 'ef'],
          ],
        ],
        ['white space does not reach the next line', 'a\n\nb\n', 'a\\s*', [[0, 'a']]],
        ['look-around does not reach the next line', 'a\nb\n', 'a(?!\\s)', [[0, 'a']]],
        [
          'text anchors are those of the segment',
          'ab\nab\n',
          '\\Aab\\Z',
          [
            [0, 'ab'],
            [3, 'ab'],
          ],
        ],
        ['line feeds in a pattern match nothing', 'a\nb\n', 'a\\nb', []],
      ];
      for (const [title, output, pattern, expected] of cases)
        it(title, () => check(output, pattern, expected));
    });

    describe('matches', () => {
      const cases: [title: string, output: string, pattern: string, expected: Short[]][] = [
        [
          'several in a segment, from left to right',
          'a=1 b=2\n',
          '(\\w)=(\\d)',
          [
            [0, 'a=1', 'a', '1'],
            [0, 'b=2', 'b', '2'],
          ],
        ],
        ['a group that did not take part', 'b\n', '(a)|(b)', [[0, 'b', null, 'b']]],
        ['named groups in their order', 'x7\n', '(?P<a>x)(?P<b>\\d)', [[0, 'x7', 'x', '7']]],
        [
          'alternatives',
          'ok\nFAIL\nan ERROR\nok\n',
          'ERROR|FAIL',
          [
            [3, 'FAIL'],
            [8, 'ERROR'],
          ],
        ],
        [
          'alternatives of which one is anything',
          'ok\nERROR\n',
          'ERROR|o.',
          [
            [0, 'ok'],
            [3, 'ERROR'],
          ],
        ],
        ['alternatives inside', 'warn low\nnote low\n', '(?:warn|error) low', [[0, 'warn low']]],
        [
          'without regard to case',
          'Error\nERROR\neRRoR\nerr\n',
          '(?i)error',
          [
            [0, 'Error'],
            [6, 'ERROR'],
            [12, 'eRRoR'],
          ],
        ],
        [
          'without regard to case, beyond ASCII',
          'ta\u212ae ri\u017f\u212a\n',
          '(?i)k',
          [
            [0, '\u212a'],
            [0, '\u212a'],
          ],
        ],
        [
          'without regard to case, for a part',
          'ab AB aB\n',
          'a(?i:b)',
          [
            [0, 'ab'],
            [0, 'aB'],
          ],
        ],
        [
          'an optional beginning',
          'loss\nxloss\n',
          'x?loss',
          [
            [0, 'loss'],
            [5, 'xloss'],
          ],
        ],
        ['repetition', 'abab\nab\n', '(?:ab){2}', [[0, 'abab']]],
        [
          'a back-reference',
          'aa\nab\ncc\n',
          '(\\w)\\1',
          [
            [0, 'aa', 'a'],
            [6, 'cc', 'c'],
          ],
        ],
        [
          'a conditional',
          '<a>\na\n<a\n',
          '^(<)?a(?(1)>|)$',
          [
            [0, '<a>', '<'],
            [4, 'a', null],
          ],
        ],
        ['an atomic group', 'foobar\n', '(?>foo|foob)bar', [[0, 'foobar']]],
        ['comments and verbose patterns', 'loss 1\n', '(?x) loss \\s (\\d) # the loss', [[0, 'loss 1', '1']]],
        [
          'empty matches',
          'ab\n',
          'x*',
          [
            [0, ''],
            [0, ''],
            [0, ''],
          ],
        ],
      ];
      for (const [title, output, pattern, expected] of cases)
        it(title, () => check(output, pattern, expected));
    });

    describe('bytes and text', () => {
      it('counts bytes, not characters', () =>
        check('größe 🙂\nloss 1\n', 'loss (\\d)', [[13, 'loss 1', '1']]));
      it('gives text beyond ASCII', () =>
        check('|██▌  | 25% é 🙂\rloss=ü\n', '(\\S+)\\s+\\| (\\d+)% (.) (.)', [
          [0, '|██▌  | 25% é 🙂', '|██▌', '25', 'é', '🙂'],
        ]));
      it('finds text beyond ASCII', () => check('ok\nfür 🙂\n', 'ü.*🙂', [[3, 'ür 🙂']]));
      it('reads a byte that is no UTF-8 as U+FFFD', () =>
        check(Uint8Array.of(0xe9, 0x20, 0x31, 0x0a, 0x32, 0x0a), '(.) ?(\\d)?$', [
          [0, '\ufffd 1', '\ufffd', '1'],
          [4, '2', '2', null],
        ]));
      it('finds U+FFFD where a byte is no UTF-8', () =>
        check(Uint8Array.of(0x61, 0x0a, 0xff, 0x62, 0x0a), '\ufffdb', [[2, '\ufffdb']]));
      it('cuts no line at a byte of a character', () => check('\u010a\u0d0a x\n', 'x', [[0, 'x']]));
      it('keeps NUL and escapes', () =>
        check('a\u0000\u001b[31mb\n', 'a(.*)b', [[0, 'a\u0000\u001b[31mb', '\u0000\u001b[31m']]));
      it('keeps a byte order mark', () => check('\ufeffa\n', '^.a', [[0, '\ufeffa']]));
    });

    describe('requests', () => {
      it('give offsets of the file', async () => {
        const [result] = await match(toBytes('a\rb\n'), ['\\w'], {
          offset: 5000,
          patterns: [{ watcher: 'w', pattern: '\\w', from: 0 }],
        });
        assert.ok(result);
        assert.deepEqual(shorten(result), [
          [5000, 'a'],
          [[5000, 5002], 'b'],
        ]);
      });

      it("respect each watcher's own position, for equal patterns too", async () => {
        const positions = [0, 100, 101, 102, 104, 106, 200];
        const results = await match(toBytes('a\ra\na\n'), [], {
          offset: 100,
          patterns: positions.map((from) => ({ watcher: `from ${from}`, pattern: 'a', from })),
        });
        assert.deepEqual(
          results.map(({ watcher, hits }) => [watcher, ...hits.map(({ segment }) => segment)]),
          [
            ['from 0', 100, 102, 104],
            ['from 100', 100, 102, 104],
            ['from 101', 102, 104],
            ['from 102', 102, 104],
            ['from 104', 104],
            ['from 106'],
            ['from 200'],
          ],
        );
      });

      it('answer for every watcher in the order of the request', async () => {
        const results = await match(toBytes('a b\n'), ['b', 'c', 'a']);
        assert.deepEqual(
          results.map(({ watcher, hits }) => [watcher, hits.length]),
          [
            ['w0', 1],
            ['w1', 0],
            ['w2', 1],
          ],
        );
      });

      it('without patterns have no results', async () => {
        assert.deepEqual(await match(toBytes('a\n'), []), []);
      });

      for (const [kind, whole] of [
        ['an array', toBytes('xx\nloss 1\nyy\n')],
        ['a buffer', Buffer.from('xx\nloss 1\nyy\n')],
      ] as const)
        it(`leave the caller its bytes, of ${kind}`, async () => {
          const part = whole.subarray(3, 10);
          const [result] = await match(part, ['loss']);
          assert.equal(result?.hits.length, 1);
          assert.equal(new TextDecoder().decode(part), 'loss 1\n');
          assert.equal(whole.length, 13);
        });

      it('may be under way together', async () => {
        const answers = await Promise.all(
          Array.from({ length: 20 }, (_, index) => match(toBytes(`value ${index}\n`), ['value (\\d+)'])),
        );
        assert.deepEqual(
          answers.map(([result]) => result?.hits[0]?.groups[1]),
          Array.from({ length: 20 }, (_, index) => String(index)),
        );
      });

      it('find many hits, all of them once', async () => {
        const lines = Array.from({ length: 20_000 }, (_, index) => `step ${index} é`);
        const [result] = await match(toBytes(`${lines.join('\r')}\n`), ['step (\\d+)']);
        assert.ok(result);
        assert.deepEqual(
          result.hits.map(({ groups }) => Number(groups[1])),
          lines.map((_, index) => index),
        );
        assert.ok(result.hits.every(({ line }) => line === 0));
        assert.equal(result.hits.at(-1)?.segment, toBytes(`${lines.slice(0, -1).join('\r')}\r`).length);
      });
    });

    describe('a pattern that takes too long', () => {
      const hopeless = '(?P<part>a|a)*(?P=part)b';
      const evil = `${'a'.repeat(5000)}!b\n`;
      const output = toBytes(`first ab 1\naaab 2\n${evil}last ab 3\n`);

      it('stops, names what it did not match, and keeps what it found before', async () => {
        const [result] = await match(output, [`^(?:first|aaab|last|a+).* (\\d)$|^${hopeless}`]);
        assert.ok(result?.overrun);
        assert.deepEqual(result.overrun, { from: 18, to: output.length });
        assert.deepEqual(
          result.hits.map(({ segment }) => segment),
          [0, 11],
        );
      });

      it('does not keep the others from their hits', async () => {
        const results = await match(output, ['ab (\\d)', hopeless, 'last', hopeless]);
        assert.deepEqual(
          results.map(({ overrun }) => overrun !== null),
          [false, true, false, true],
        );
        assert.deepEqual(
          results[0]?.hits.map(({ groups }) => groups[1]),
          ['1', '2', '3'],
        );
        assert.equal(results[2]?.hits.length, 1);
      });

      it('stops only watchers that have to match what takes too long', async () => {
        const positions = [0, 12, 18, 19, 18 + evil.length, output.length];
        const results = await match(output, [], {
          patterns: positions.map((from) => ({ watcher: String(from), pattern: hopeless, from })),
        });
        assert.deepEqual(
          results.map(({ overrun }) => overrun?.from ?? null),
          [18, 18, 18, null, null, null],
        );
      });

      it('is no reason to stop the next request', async () => {
        const [result] = await match(toBytes('ab\n'), [hopeless]);
        assert.equal(result?.overrun, null);
      });
    });
  });
}
