// What people and programs read: tables, errors with remedies, exit codes, and nothing that moves the cursor.
import assert from 'node:assert/strict';
import { toMetricJson } from '../../cli/json';
import { createOutput, printable, reportError, toMisuseJson, toTable, type Output } from '../../cli/output';
import { WatchError } from '../../engine/errors';

function capture(): Output & { readonly lines: string[]; readonly notes: string[] } {
  const lines: string[] = [];
  const notes: string[] = [];
  return {
    lines,
    notes,
    line: (text) => lines.push(text),
    text: (text) => lines.push(text),
    note: (text) => notes.push(text),
    paint: (_, text) => text,
  };
}

describe('tables', () => {
  it('aligns the columns and leaves no blanks at the end', () => {
    assert.deepEqual(
      toTable(
        ['ID', 'NAME'],
        [
          ['1', 'loss'],
          ['100', ''],
        ],
      ),
      ['ID   NAME', '1    loss', '100'],
    );
  });
});

describe('text from a job', () => {
  const shown = (text: string, expected: string): void => {
    it(`${JSON.stringify(text)} is shown as ${expected}`, () => {
      assert.equal(printable(text), expected);
    });
  };
  shown('plain ünïcode 😀', 'plain ünïcode 😀');
  shown('\x1b[31mred', '\\x1b[31mred');
  shown('a\rb\nc', 'a\\x0db\\x0ac');
  shown('\x07\x9b', '\\x07\\x9b');
  shown('a\tb', 'a b');
});

describe('errors', () => {
  const exits = (code: ConstructorParameters<typeof WatchError>[0], expected: number): void => {
    it(`${code} exits with ${expected}`, () => {
      assert.equal(reportError(new WatchError(code, 'It broke.', 'Mend it.'), capture(), false), expected);
    });
  };
  exits('script-problems', 1);
  exits('submission-refused', 1);
  exits('bad-request', 2);
  exits('not-found', 2);
  exits('engine-unreachable', 3);
  exits('cluster-unreachable', 3);

  it('say what happened and what to do', () => {
    const output = capture();
    reportError(new WatchError('timed-out', 'It took too long.', 'Try again.'), output, false);
    assert.deepEqual(output.notes, ['error: It took too long.', '  Try again.']);
    assert.deepEqual(output.lines, []);
  });

  it('are one object with --json', () => {
    const output = capture();
    reportError(new WatchError('timed-out', 'It took too long.', 'Try again.'), output, true);
    assert.deepEqual(
      output.notes.map((line) => JSON.parse(line) as unknown),
      [{ error: { code: 'timed-out', message: 'It took too long.', remedy: 'Try again.' } }],
    );
  });

  it('of wrong use are one, too', () => {
    assert.deepEqual(JSON.parse(toMisuseJson("error: unknown option '--x'\n")), {
      error: {
        code: 'bad-request',
        message: "unknown option '--x'",
        remedy: 'See --help of the command.',
      },
    });
  });

  it('that nobody foresaw say so, with their stack', () => {
    const output = capture();
    assert.equal(reportError(new TypeError('x is not a function'), output, false), 1);
    assert.match(output.notes[0] ?? '', /Unexpected: x is not a function/);
    assert.match(output.notes.at(-1) ?? '', /output\.test/);
  });
});

describe('numbers in JSON', () => {
  const metric = {
    id: 1,
    time: 0,
    cluster: 'c',
    job: 'j',
    jobId: '1',
    watcherId: 'w',
    watcher: 'n',
    name: 'loss',
    unit: null,
    step: 0,
  };
  const value = (number: number): unknown =>
    (toMetricJson({ ...metric, value: number }) as { value: unknown }).value;
  it('keep nan and the infinities', () => {
    assert.deepEqual([0.5, NaN, Infinity, -Infinity].map(value), [0.5, 'nan', 'inf', '-inf']);
  });
});

describe('colours', () => {
  const paint = (isTTY: boolean, environment: NodeJS.ProcessEnv): string => {
    const stream = { isTTY, write: () => true };
    return createOutput({ stdout: stream, stderr: stream }, environment).paint('red', 'x');
  };
  it('are for terminals alone', () => {
    assert.equal(paint(true, {}), '\x1b[31mx\x1b[39m');
    assert.equal(paint(false, {}), 'x');
  });
  it('are switched off by NO_COLOR', () => {
    assert.equal(paint(true, { NO_COLOR: '1' }), 'x');
  });
  it('are not written to a file of errors while the answer goes to a terminal', () => {
    let written = '';
    const stderr = { isTTY: false, write: (text: unknown) => ((written += String(text)), true) };
    const output = createOutput({ stdout: { isTTY: true, write: () => true }, stderr }, {});
    reportError(new WatchError('not-found', 'It is gone.', 'Look elsewhere.'), output, false);
    assert.equal(written, 'error: It is gone.\n  Look elsewhere.\n');
  });
});
