// Values of metrics as people expect to read them.
import assert from 'node:assert/strict';
import {
  describeMetric,
  describeMetricInWords,
  findTrend,
  printNumber,
  printWithUnit,
  toSparkline,
} from '../../engine/metricWords';
import { NameBuilder, type PlainNumber } from '../../engine/metricSeries';

const toName = (values: readonly number[], unit: string | null = null) => {
  const builder = new NameBuilder('j', 'loss', 8);
  for (const [step, value] of values.entries())
    builder.add({ id: step, time: step, step, value, watcher: 'w', watcherName: 'w', unit });
  const name = builder.toName();
  assert.ok(name);
  return name;
};

describe('numbers of metrics', () => {
  for (const [value, text] of [
    [0, '0'],
    [-0, '0'],
    [0.31, '0.31'],
    [0.310_04, '0.31'],
    [1 / 3, '0.3333'],
    [-2.5, '-2.5'],
    [340, '340'],
    [9999, '9999'],
    [9999.6, '10k'],
    [12_400, '12.4k'],
    [999_900, '1M'],
    [1_234_567, '1.23M'],
    [-4.5e9, '-4.5G'],
    [7e12, '7T'],
    [1e15, '1e15'],
    [1.2e-5, '1.2e-5'],
    [0.000_999, '9.99e-4'],
    [0.001, '0.001'],
    [5e-324, '4.94e-324'],
    [Number.MAX_VALUE, '1.8e308'],
    ['nan', 'nan'],
    ['-inf', '-inf'],
  ] as const)
    it(`${value} is ${text}`, () => {
      assert.equal(printNumber(value), text);
    });

  it('have their units after them', () => {
    assert.equal(printWithUnit(12_400, 'tokens/s'), '12.4k tokens/s');
    assert.equal(printWithUnit(85.5, '%'), '85.5%');
    assert.equal(printWithUnit('nan', null), 'nan');
    assert.equal(printWithUnit(1, 'a\u202eb\n'), '1 a\\u202eb');
  });
});

describe('small pictures of metrics', () => {
  for (const [values, picture] of [
    [[], ''],
    [[1], '▄'],
    [[2, 2, 2], '▄▄▄'],
    [[0, 1, 2, 3, 4, 5, 6, 7], '▁▂▃▄▅▆▇█'],
    [[1, 'nan', 0, 'inf'], '█×▁×'],
    [['nan'], '×'],
    [[-Number.MAX_VALUE, 0, Number.MAX_VALUE], '▁▅█'],
  ] as readonly (readonly [readonly PlainNumber[], string])[])
    it(`of ${values.join(' ')} is ${picture}`, () => {
      assert.equal(toSparkline(values), picture);
    });

  for (const [values, trend] of [
    [[], undefined],
    [['nan', 1], undefined],
    [[1, 1], 'steady'],
    [[3, 2, 1], 'falling'],
    [[1, 2, 3, 4], 'rising'],
    [[1, 'nan', 2], 'rising'],
    [[1, 5, 1, 5, 1, 5], 'steady'],
    [[-Number.MAX_VALUE, Number.MAX_VALUE], 'rising'],
  ] as readonly (readonly [readonly PlainNumber[], string | undefined])[])
    it(`of ${values.join(' ')} goes ${trend ?? 'nowhere'}`, () => {
      assert.equal(findTrend(values), trend);
    });

  it('stand after the last value in the list, and are words for ears', () => {
    const falling = toName([2.4, 1.2, 0.8, 0.31], 's');
    assert.equal(describeMetric(falling), '0.31 s ↓ █▄▂▁');
    assert.equal(describeMetricInWords(falling), '0.31 s, falling, between 0.31 and 2.4 s, 4 values');
  });

  it('leave out what one value does not tell', () => {
    assert.equal(describeMetric(toName([7])), '7');
    assert.equal(describeMetricInWords(toName([7])), '7, 1 value');
  });

  it('say what is not finite', () => {
    assert.equal(describeMetric(toName([1, NaN])), 'nan');
    assert.equal(
      describeMetricInWords(toName([1, 2, Infinity, NaN, NaN])),
      'nan, rising, between 1 and 2, 5 values, 2 times nan, 1 time inf',
    );
  });
});
