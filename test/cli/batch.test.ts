// Bulk mode: requests on standard input, one answer a line, in order, whatever the lines hold.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './inProcess';

type Answer = Readonly<Record<string, unknown>>;

const toAnswers = (stdout: string): readonly Answer[] =>
  stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Answer]));

async function ask(command: string, requests: readonly object[]): Promise<readonly Answer[]> {
  const input = requests.map((request) => `${JSON.stringify(request)}\n`);
  const { code, stdout, stderr } = await runCommand([command, '--batch'], input);
  assert.deepEqual([code, stderr], [0, '']);
  const answers = toAnswers(stdout);
  assert.equal(answers.length, requests.length);
  return answers;
}

describe('bulk mode of eval', () => {
  const answers = (request: object, expected: object): void => {
    it(`${JSON.stringify(request)} is ${JSON.stringify(expected)}`, async () => {
      assert.deepEqual(await ask('eval', [request]), [expected]);
    });
  };
  answers({ expr: '1 < 2' }, { ok: true, type: 'bool', repr: 'True', truth: true });
  answers({ expr: 'x', vars: { x: '' } }, { ok: true, type: 'str', repr: "''", truth: false });
  answers({ expr: 'x', vars: { x: null } }, { ok: true, type: 'NoneType', repr: 'None', truth: false });
  answers(
    { expr: 'trigger_count > 2', vars: { trigger_count: 3 } },
    { ok: true, type: 'bool', repr: 'True', truth: true },
  );
  answers({ expr: "'\u2028'" }, { ok: true, type: 'str', repr: "'\\u2028'", truth: true });
  answers(
    { expr: '1 + float("x")' },
    {
      ok: false,
      error: { type: 'ValueError', message: "could not convert string to float: 'x'", offset: 4 },
    },
  );
  answers(
    { expr: '1 +' },
    { ok: false, error: { type: 'SyntaxError', message: 'the condition ends too early', offset: 3 } },
  );
  answers(
    { expr: '__proto__', vars: JSON.parse('{"__proto__": "x"}') as object },
    { ok: true, type: 'str', repr: "'x'", truth: true },
  );

  it('says where a whole number is too long to be printed', async () => {
    const [answer] = await ask('eval', [{ expr: '10 ** 4400' }]);
    assert.equal((answer?.['error'] as Answer)['type'], 'ValueError');
  });
});

describe('bulk mode of match', () => {
  it('refuses a pattern that is longer than one of a watcher may be', async () => {
    assert.deepEqual(await ask('match', [{ pattern: '(a)?'.repeat(10_000), text: 'a' }]), [
      { ok: false, error: { message: 'the pattern has 40000 characters; 5000 are allowed', offset: 0 } },
    ]);
  });

  const answers = (request: object, expected: object): void => {
    it(`${JSON.stringify(request)} is ${JSON.stringify(expected)}`, async () => {
      assert.deepEqual(await ask('match', [request]), [expected]);
    });
  };
  const one = (span: readonly number[], groups: readonly (string | null)[] = []): object => ({
    span,
    groups,
    group_spans: groups.map((text) => (text === null ? null : span)),
  });
  answers(
    { pattern: '(?P<n>\\d+)|x', text: 'x 12' },
    { ok: true, group_count: 1, group_names: { n: 1 }, matches: [one([0, 1], [null]), one([2, 4], ['12'])] },
  );
  // The whole text at once; M alone where flags are absent.
  answers(
    { pattern: '^b', text: 'a\nb' },
    { ok: true, group_count: 0, group_names: {}, matches: [one([2, 3])] },
  );
  answers(
    { pattern: '^b', text: 'a\nb', flags: '' },
    { ok: true, group_count: 0, group_names: {}, matches: [] },
  );
  answers(
    { pattern: 'B', text: '😀b', flags: 'I' },
    { ok: true, group_count: 0, group_names: {}, matches: [one([2, 3])] },
  );
  answers(
    { pattern: 'a(', text: '' },
    { ok: false, error: { message: 'missing ), unterminated subpattern', offset: 1 } },
  );
  it('refuses flags that Python does not have', async () => {
    const { code, stdout } = await runCommand(
      ['match', '--batch'],
      ['{"pattern": "a", "text": "a", "flags": "MQ"}'],
    );
    const message = 'There is no flag "Q"; the flags are M, I, S, X, A, U.';
    assert.deepEqual([code, toAnswers(stdout)], [1, [{ ok: false, error: { message, offset: 0 } }]]);
  });

  it('gives up a pattern that explodes, and goes on', async () => {
    const hopeless = { pattern: '(a+)+$', text: `${'a'.repeat(40)}b` };
    const begun = performance.now();
    const [first, second] = await ask('match', [hopeless, { pattern: 'a', text: 'b' }]);
    assert.ok(performance.now() - begun < 5000);
    assert.deepEqual([first?.['ok'], second?.['ok']], [false, true]);
  });
});

describe('bulk mode of parse', () => {
  it('gives what section 11 of the language describes, of every example', async () => {
    const { cases } = JSON.parse(readFileSync(join(__dirname, '../vectors/directives.json'), 'utf8')) as {
      cases: readonly { script: string; watchers: readonly Answer[]; clean_script: string }[];
    };
    /** The fields that the case names: later ones have their defaults. */
    const pick = (watcher: Answer, named: Answer): Answer =>
      Object.fromEntries(Object.keys(named).map((key) => [key, watcher[key]]));
    const answers = await ask(
      'parse',
      cases.map(({ script }) => ({ script })),
    );
    answers.forEach((answer, index) => {
      assert.deepEqual(Object.keys(answer), ['watchers', 'problems', 'clean_script']);
      const wanted = cases[index]?.watchers ?? [];
      const watchers = answer['watchers'] as readonly Answer[];
      assert.equal(watchers.length, wanted.length);
      assert.deepEqual(
        watchers.map((watcher, at) => pick(watcher, wanted[at] ?? {})),
        wanted,
      );
      assert.equal(answer['clean_script'], cases[index]?.clean_script);
    });
  });
});

describe('bulk mode', () => {
  it('answers lines that are no requests, too, and exits with 1', async () => {
    const lines = 'junk\n[1]\n{"vars": {}}\n{"expr": 1}\n{"expr": "1", "vars": 2}\n{"expr": "2"}\n';
    const { code, stdout } = await runCommand(['eval', '--batch'], [lines]);
    assert.equal(code, 1);
    const errors = toAnswers(stdout).map((answer) =>
      answer['ok'] === true ? answer['repr'] : (answer['error'] as Answer)['type'],
    );
    assert.deepEqual(errors, ['BadRequest', 'BadRequest', 'BadRequest', 'BadRequest', 'BadRequest', '2']);
  });

  it('reads lines in whatever pieces they come, and the last one without its end', async () => {
    const bytes = Buffer.from('{"expr": "\'é\u2028😀\'"}\r\n\n{"expr": "2"}');
    const pieces = Array.from(bytes, (_, index) => bytes.subarray(index, index + 1));
    const { stdout } = await runCommand(['eval', '--batch'], pieces);
    assert.deepEqual(
      toAnswers(stdout).map((answer) => answer['repr']),
      ["'é\\u2028😀'", '2'],
    );
  });

  for (const command of ['parse', 'eval', 'match']) {
    it(`${command} without anything to do is wrong use`, async () => {
      const { code, stderr } = await runCommand([command]);
      assert.equal(code, 2);
      assert.match(stderr, /--batch/);
    });
  }
});
