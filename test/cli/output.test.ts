// What people and programs read: tables, errors with remedies, exit codes, and nothing that moves the cursor.
import assert from 'node:assert/strict';
import { toMetricJson } from '../../engine/recordJson';
import {
  createOutput,
  paint,
  reportError,
  toMisuseJson,
  toNotes,
  toTable,
  withColumn,
  type Output,
} from '../../cli/output';
import { WatchError } from '../../engine/errors';

interface Captured extends Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly lines: readonly string[];
  readonly notes: readonly string[];
}

function capture(isTTY = false, environment: NodeJS.ProcessEnv = {}): Captured {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) => ({
    isTTY,
    write: (text: string) => (written[name] += text),
  });
  const toLines = (text: string): readonly string[] => text.split('\n').slice(0, -1);
  return {
    ...createOutput({ stdout: stream('stdout'), stderr: stream('stderr') }, environment),
    get stdout() {
      return written.stdout;
    },
    get stderr() {
      return written.stderr;
    },
    get lines() {
      return toLines(written.stdout);
    },
    get notes() {
      return toLines(written.stderr);
    },
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

describe('one more column', () => {
  it('is there only if a row has something in it', () => {
    const rows = [['1'], ['2']];
    assert.deepEqual(withColumn(['ID'], rows, { title: 'CHAIN', cells: [undefined, undefined] }), [
      ['ID'],
      rows,
    ]);
    assert.deepEqual(withColumn(['ID'], rows, { title: 'CHAIN', cells: [undefined, 'x'] }), [
      ['ID', 'CHAIN'],
      [
        ['1', ''],
        ['2', 'x'],
      ],
    ]);
  });
});

describe('what others have written', () => {
  it('is as wide in a table as it is shown', () => {
    assert.deepEqual(toTable(['A', 'B'], [['\x1b', 'x']]), ['A     B', '\\x1b  x']);
  });

  it('forges no line in an error over several lines', () => {
    const output = capture(true, { NO_COLOR: '1' });
    const message = 'sbatch: error: \x1b]0;pwned\x07\nJob 42 ended COMPLETED';
    reportError(new WatchError('submission-refused', message, 'Mend\nit.'), output, false);
    assert.deepEqual(output.notes, [
      'error: sbatch: error: \\x1b]0;pwned\\x07',
      '    Job 42 ended COMPLETED',
      '  Mend\\x0ait.',
    ]);
  });

  it('is the same data in JSON, without a character that a terminal heeds', () => {
    const value = { text: '\x1b\x7f\x9b\u2028\u2029\u202e\u200b\u{e0041}ü', list: [1] };
    for (const form of ['line', 'pretty'] as const) {
      const output = capture(true);
      output.json(value, form);
      assert.deepEqual(JSON.parse(output.stdout), value);
      assert.match(output.stdout, /^[\x20-\x7e\nü]*$/);
      toNotes(output).json(value);
      assert.deepEqual(JSON.parse(output.stderr), value);
    }
  });

  it('goes byte for byte to a file, and visibly to a terminal', () => {
    const text = 'a\tb\r\n\x1b[31m\u202e\n';
    const [file, terminal] = [capture(false), capture(true)];
    file.raw(text);
    terminal.raw(text);
    assert.equal(file.stdout, text);
    assert.equal(terminal.stdout, 'a\tb\n\\x1b[31m\\u202e\n');
  });

  it('slows the printing of a hundred thousand events by little', () => {
    const time = (print: (text: string) => void): number => {
      const begun = performance.now();
      for (let index = 0; index < 100_000; index++)
        print(`epoch ${index}: loss=0.31, ü and the rest of a line`);
      return performance.now() - begun;
    };
    // What a pipe takes is copied as bytes: without that, writing costs nothing.
    const stream = { write: (text: string) => Buffer.from(text).length };
    const output = createOutput({ stdout: stream, stderr: stream }, {});
    const event = (text: string): void => {
      output.line(paint('dim', '12:00:00'), '  4242    ', paint('green', text));
    };
    const bare = (text: string): void => {
      JSON.stringify({ time: '12:00:00', job: '4242', text });
      stream.write(`12:00:00  4242    ${text}\n`);
    };
    time(event);
    time(bare);
    const ratio = Math.min(...[1, 2, 3].map(() => time(event) / time(bare)));
    assert.ok(ratio < 10, `printing takes ${ratio.toFixed(1)} times as long as reading what is printed`);
  });
});

describe('text from a job', () => {
  const shown = (text: string, expected: string): void => {
    it(`${JSON.stringify(text)} is shown as ${expected}`, () => {
      const output = capture(true);
      output.line(text);
      output.note(text);
      assert.equal(output.stdout, `${expected}\n`);
      assert.equal(output.stderr, `${expected}\n`);
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
    assert.match(output.notes.join('\n'), /output\.test/);
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
  const paintX = (isTTY: boolean, environment: NodeJS.ProcessEnv = {}): string => {
    const output = capture(isTTY, environment);
    output.line(paint('red', 'x\x1b[2J'), '\x1b[31m');
    return output.stdout;
  };
  it('are for terminals alone, and only those that we paint', () => {
    assert.equal(paintX(true), '\x1b[31mx\\x1b[2J\x1b[39m\\x1b[31m\n');
    assert.equal(paintX(false), 'x\\x1b[2J\\x1b[31m\n');
  });
  it('are switched off by NO_COLOR', () => {
    assert.equal(paintX(true, { NO_COLOR: '1' }), 'x\\x1b[2J\\x1b[31m\n');
  });
  it('are not written to a file of errors while the answer goes to a terminal', () => {
    let written = '';
    const stderr = { isTTY: false, write: (text: unknown) => ((written += String(text)), true) };
    const output = createOutput({ stdout: { isTTY: true, write: () => true }, stderr }, {});
    reportError(new WatchError('not-found', 'It is gone.', 'Look elsewhere.'), output, false);
    assert.equal(written, 'error: It is gone.\n  Look elsewhere.\n');
  });
});
