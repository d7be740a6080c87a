// What is made of selected job output: the patterns, names and watchers that an expert would write.
import assert from 'node:assert/strict';
import { piecesByExample } from '../../../language/example/patternByExample';
import { setCapture, setLevel, toCaptures, type Piece } from '../../../language/example/pieces';
import { renderPattern } from '../../../language/example/renderPattern';
import { suggestWatcher } from '../../../language/example/suggestWatcher';
import { toTokens } from '../../../language/example/tokens';
import { printDefinition } from '../../../language/print';
import { compilePattern } from '../../../language/regex/compile';
import { parseScript } from '../../../language/script';
import { patternOfSample, sampleLines, spanOfSample } from './sampleLines';

const select = (line: string, selected = line): readonly Piece[] =>
  piecesByExample({ line, span: spanOfSample({ line, selected }) });

/** The groups of the last match, which is what a watcher acts on. */
const lastGroups = (pattern: string, line: string): readonly (string | null)[] | undefined =>
  compilePattern(pattern).value?.findAll(line).matches.at(-1)?.groups;

describe('a pattern by example', () => {
  for (const sample of sampleLines) {
    const { program, line, selected, above } = sample;
    it(`${program}: ${selected ?? line}`, () => {
      const pieces = piecesByExample({ line, span: spanOfSample(sample), ...(above && { above }) });
      assert.equal(renderPattern(pieces), patternOfSample(sample));
      assert.equal(toCaptures(pieces).join(' '), sample.captures);
    });
  }

  describe('finds in other lines of the program', () => {
    const cases: readonly (readonly [
      title: string,
      from: readonly [line: string, selected?: string],
      others: Readonly<Record<string, readonly string[] | undefined>>,
    ])[] = [
      [
        'whatever a loss may be, and no word',
        ['loss: 0.31', '0.31'],
        {
          'loss: nan': ['nan'],
          'loss: -inf': ['-inf'],
          'loss: 1': ['1'],
          'loss: 5e-05, x': ['5e-05'],
          'loss: early stop': undefined,
          'val_loss: 3': undefined,
        },
      ],
      [
        'padded numbers',
        ['step [  3/100]'],
        { 'step [100/100]': ['100', '100'], 'step [ 30/100]': ['30', '100'] },
      ],
      ['percentages with decimals', ['done 45%', '45%'], { 'done 12.5%': ['12.5'] }],
      ['longer times', ['[00:12<00:15, 3.61it/s]'], { '[1:00:12<10:00, 2it/s]': ['1:00:12', '10:00', '2'] }],
      [
        'exponents of Fortran',
        ['DT = 1.0D-05', '1.0D-05'],
        { 'DT = 2.5D+10': ['2.5D+10'], 'DT = NaN': ['NaN'] },
      ],
      [
        'longer paths',
        ['saved to /a/b.pt', '/a/b.pt'],
        { 'saved to /scratch/me/run-2/c.pt': ['/scratch/me/run-2/c.pt'] },
      ],
      [
        'coloured and plain',
        ['loss: \u001b[1m0.31\u001b[0m', '0.31'],
        { 'loss: 0.5': ['0.5'], 'loss: \u001b[31m2\u001b[0m': ['2'] },
      ],
    ];
    for (const [title, from, others] of cases) {
      it(title, () => {
        const pattern = renderPattern(select(...from));
        for (const [line, groups] of Object.entries(others))
          assert.deepEqual(lastGroups(pattern, line), groups, `${pattern} in ${line}`);
      });
    }
  });

  describe('knows', () => {
    const kinds: Readonly<Record<string, readonly (readonly [text: string, kind: string])[]>> = {
      numbers: [
        '1',
        '-1.5',
        '1e-5',
        '1.0D-05',
        '1.2-103',
        '1,234,567',
        '1_000',
        'nan',
        '-inf',
        '0x1f',
        '.5',
      ].map((text) => [text, 'number'] as const),
      times: ['12:34:56', '01:23', '1-02:03:04', '3d 4h'].map((text) => [text, 'time'] as const),
      dates: ['2026-01-02', '2026-01-02T10:00:00Z', '2026/01/02 10:00:00.123'].map(
        (text) => [text, 'date'] as const,
      ),
      paths: ['/scratch/me/a.pt', './run.sh', '~/x', 'out/12.pt'].map((text) => [text, 'path'] as const),
      others: [
        ['https://example.org/a?b=c', 'url'],
        ['"a b"', 'quoted'],
        ['192.168.0.1', 'id'],
        ['8f3a2b1c', 'id'],
        ['train/loss', 'word'],
        ['node17', 'word'],
        ['████▌', 'bar'],
        ['\u001b[1m', 'colour'],
      ],
    };
    for (const [title, tokens] of Object.entries(kinds)) {
      it(title, () => {
        for (const [text, kind] of tokens)
          assert.deepEqual(
            toTokens(text).map((token) => [token.text, token.kind]),
            [[text, kind]],
          );
      });
    }

    it('units of numbers', () => {
      const parts = toTokens('3.2it/s 12GB 5.3ms 1.2k 12.5%').filter(({ kind }) => kind !== 'blank');
      assert.equal(
        parts.map(({ text, kind }) => `${text}:${kind}`).join(' '),
        '3.2:number it/s:unit 12:number GB:unit 5.3:number ms:unit 1.2:number k:unit 12.5:number %:unit',
      );
    });

    it('signs from dashes', () => {
      const numbers = (text: string): readonly string[] =>
        toTokens(text).flatMap((token) => (token.kind === 'number' ? [token.text] : []));
      assert.deepEqual(numbers('1-5'), ['1', '-5']);
      assert.deepEqual(numbers('a-5 -6 =-7 (-8) 0.1E+02-0.5E+01'), [
        '5',
        '-6',
        '-7',
        '-8',
        '0.1E+02',
        '-0.5E+01',
      ]);
    });
  });

  describe('with levels that a person has set', () => {
    const line = 'step 12 of run7: loss 0.31 at node17';
    const indexOf = (pieces: readonly Piece[], text: string): number =>
      pieces.findIndex((piece) => piece.text === text);

    it('says as much as was asked for', () => {
      const pieces = select(line, '0.31');
      const at = indexOf(pieces, 'loss');
      assert.match(renderPattern(setLevel(pieces, at, 'same')), /^\\w\+ \(/);
      assert.match(renderPattern(setLevel(pieces, at - 2, 'literal')), /^:\\s\*loss \(/);
      assert.match(renderPattern(setLevel(pieces, 0, 'literal')), /^\^\.\*\?loss \(/);
      assert.match(renderPattern(setLevel(pieces, indexOf(pieces, ' '), 'literal')), /^ .*loss \(/);
    });

    it('captures what was asked for', () => {
      const pieces = setCapture(select(line, '0.31'), indexOf(select(line), 'node17'), 'node');
      assert.deepEqual(toCaptures(pieces), ['loss', 'node']);
      assert.deepEqual(lastGroups(renderPattern(pieces), line), ['0.31', 'node17']);
      const fewer = setCapture(pieces, indexOf(pieces, '0.31'), undefined);
      assert.deepEqual(toCaptures(fewer), ['node']);
      assert.deepEqual(lastGroups(renderPattern(fewer), line), ['node17']);
    });
  });
});

describe('a suggested watcher', () => {
  for (const sample of sampleLines) {
    const { program, line, selected, above } = sample;
    it(`has nothing to warn of: ${program}: ${selected ?? line}`, () => {
      const { definition, conditions } = suggestWatcher({
        line,
        span: spanOfSample(sample),
        ...(above && { above }),
      });
      for (const condition of [null, ...conditions.map((one) => one.condition)]) {
        const text = printDefinition({ ...definition, condition });
        assert.ok(text);
        const { watchers, problems } = parseScript(`#!/bin/bash\n${text}\n`);
        assert.deepEqual(watchers[0]?.definition, { ...definition, condition });
        assert.deepEqual(
          problems.filter(({ severity }) => severity === 'error' || severity === 'warning'),
          [],
        );
      }
    });
  }

  const suggest = (line: string, selected = line): ReturnType<typeof suggestWatcher> =>
    suggestWatcher({ line, span: spanOfSample({ line, selected }) });

  it('keeps the first number as a metric, with its unit', () => {
    assert.equal(
      printDefinition(suggest('speed: 12.5 ms per step', '12.5').definition),
      '#WATCHER_BEGIN\n# name: speed\n# pattern: "\\bspeed: ([+-]?(?:\\d[\\d.eE+-]*|nan|inf))"\n# captures: [speed]\n# actions:\n#   - store_metric(name=speed, value=$speed, unit=ms)\n#WATCHER_END',
    );
  });

  it('keeps what is measured rather than the counter before it', () => {
    const { name, actions } = suggest('step 12 loss=0.31', 'step 12 loss=0.31').definition;
    assert.equal(name, 'loss');
    assert.deepEqual(actions[0]?.params, { name: 'loss', value: '$loss' });
  });

  it('keeps the loss of a progress bar', () => {
    const bar = ' 40%|####      | 2/5 [00:01<00:02,  1.20it/s, loss=1.20]';
    const { name, actions } = suggest(bar, bar).definition;
    assert.equal(name, 'loss');
    assert.deepEqual(actions[0]?.params, { name: 'loss', value: '$loss' });
  });

  it('keeps a counter if there is nothing else', () => {
    assert.deepEqual(suggest('step 12 begins', '12').definition.actions[0]?.params, {
      name: 'step',
      value: '$step',
    });
  });

  it('tells what has no number', () => {
    assert.equal(
      printDefinition(suggest('FATAL: node lost').definition),
      '#WATCHER name="fatal node lost" pattern="FATAL: node lost" action=log_event(message=$0, level=error)',
    );
  });

  it('tells of trouble, whatever numbers it has', () => {
    const { definition } = suggest('RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB');
    assert.deepEqual(definition.actions, [
      { type: 'log_event', params: { message: '$0', level: 'error' }, condition: null },
    ]);
    assert.equal(suggest('mean error: 0.03').definition.actions[0]?.type, 'store_metric');
  });

  it('does not keep as a metric what is no number for it', () => {
    assert.deepEqual(suggest('rows: 1,234,567').definition.actions[0]?.type, 'log_event');
  });

  it('offers conditions that compare numbers as numbers', () => {
    const conditionsOf = (line: string): readonly string[] =>
      suggest(line).conditions.map((one) => one.condition);
    assert.deepEqual(conditionsOf('loss: 0.31'), [
      'float(loss) > 0.31',
      'float(loss) < 0.31',
      'float(loss) != float(loss)',
    ]);
    assert.deepEqual(conditionsOf('rows: 1,234'), [
      'float(rows.replace(",", "")) > 1234',
      'float(rows.replace(",", "")) < 1234',
    ]);
    assert.deepEqual(conditionsOf('dt = 1.0D-05').slice(0, 1), [
      'float(dt.upper().replace("D", "E")) > 1.0e-05',
    ]);
  });
});
