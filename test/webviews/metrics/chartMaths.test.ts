// The arithmetic of charts: ranges, axes, columns, smooth lines, colours, places of events.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { align } from '../../../webviews/metrics/aligned';
import { printElapsed, printX, readAxisKey, toAxisKey } from '../../../webviews/metrics/axis';
import {
  colourOf,
  contrast,
  dashOf,
  findSlot,
  readColour,
  toPalette,
} from '../../../webviews/metrics/colours';
import { gatherEvents, placeEvents } from '../../../webviews/metrics/eventMarks';
import type { AxisChoice, EventFacts } from '../../../webviews/metrics/protocol';
import { findExtent, findValueRange, keepInside, pan, zoom } from '../../../webviews/metrics/ranges';
import { smooth } from '../../../webviews/metrics/smoothing';
import { chooseEvenly, exampleDirective } from '../../../webviews/metrics/words';
import { parseScript } from '../../../language/script';
import { themeNames, themeVariables } from '../../pages/bed/themes';

const extent = { from: 0, to: 100 };
const toShown = (x: readonly number[], y: readonly number[]) => ({ x, y, min: y, max: y, marks: [] });

describe('ranges of a chart', () => {
  it('are of all lines and their marks', () => {
    const marked = { ...toShown([3], [1]), marks: [{ x: 9, kind: 'nan' as const, count: 1 }] };
    assert.deepEqual(findExtent([marked, toShown([1, 5], [0, 0])]), { from: 1, to: 9 });
    assert.deepEqual(findExtent([toShown([4], [1])]), { from: 3.5, to: 4.5 });
    assert.equal(findExtent([toShown([], [])]), undefined);
  });

  it('zoom around a place, which stays where it is', () => {
    assert.deepEqual(zoom(extent, 0.5, { at: 20, extent }), { from: 10, to: 60 });
    assert.deepEqual(zoom({ from: 10, to: 60 }, 0.5, { extent }), { from: 22.5, to: 47.5 });
    assert.equal(zoom({ from: 10, to: 60 }, 2, { extent }), null);
  });

  it('pan as far as there is something', () => {
    assert.deepEqual(pan({ from: 10, to: 30 }, 0.5, extent), { from: 20, to: 40 });
    assert.deepEqual(pan({ from: 10, to: 30 }, -5, extent), { from: 0, to: 20 });
    assert.deepEqual(pan({ from: 10, to: 30 }, 50, extent), { from: 80, to: 100 });
  });

  it('stay within what there is, and never become nothing', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, min: -500, max: 500 }),
        fc.double({ noNaN: true, min: 0, max: 300 }),
        (from, width) => {
          const kept = keepInside({ from, to: from + width }, extent);
          if (kept) assert.ok(kept.from >= 0 && kept.to <= 100 + 1e-6 && kept.to > kept.from);
          else assert.ok(width >= 99.9);
        },
      ),
    );
  });

  it('of values are those in sight, with air', () => {
    const line = toShown([0, 1, 2], [5, 10, 500]);
    const [least, most] = findValueRange([line], { from: 0, to: 1 }, 'linear');
    assert.ok(least < 5 && least > 4 && most > 10 && most < 11, `${least} to ${most}`);
    assert.deepEqual(findValueRange([line], { from: 0, to: 0 }, 'linear'), [4.5, 5.5]);
    assert.deepEqual(findValueRange([toShown([0], [0])], extent, 'linear'), [-1, 1]);
    assert.deepEqual(findValueRange([], extent, 'linear'), [0, 1]);
  });

  it('of values are above 0 on a logarithmic scale, and end with numbers of one digit', () => {
    const line = toShown([0, 1, 2, 3], [-5, 0, 0.0023, 480]);
    const [least, most] = findValueRange([line], extent, 'log');
    assert.ok(Math.abs(least - 0.002) < 1e-12 && most === 500, `${least} to ${most}`);
    assert.deepEqual(findValueRange([toShown([0], [-1])], extent, 'log'), [1, 10]);
    assert.deepEqual(findValueRange([toShown([0], [4])], extent, 'log'), [2, 8]);
  });

  it('of values that are as great as numbers can be are ranges', () => {
    const [least, most] = findValueRange([toShown([0, 1], [-1e308, 1e308])], extent, 'linear');
    assert.ok(Number.isFinite(least) && Number.isFinite(most) && least < most);
  });
});

describe('the axis of x', () => {
  const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];
  for (const [time, precision, text] of [
    [0, second, '0'],
    [30 * second, second, '30 s'],
    [1500, 100, '1.5 s'],
    [600, 200, '0.6 s'],
    [60_050, 10, '1:00.05'],
    [1234, 1, '1.234 s'],
    [90 * second, second, '1:30'],
    [59 * minute + 59_600, second, '1:00:00'],
    [3 * hour + 5 * minute + 9 * second, second, '3:05:09'],
    [2 * day + 3 * hour, hour, '2d 3:00'],
    [2 * day, day, '2d'],
    [-5 * second, second, '−5 s'],
  ] as const)
    it(`says ${time} ms as ${text}`, () => {
      assert.equal(printElapsed(time, precision), text);
    });

  it('says steps whole, and other metrics as numbers', () => {
    assert.equal(printX(12_345.4, { kind: 'step' }, 10), '12345');
    assert.equal(printX(1.5, { kind: 'metric', name: 'epoch' }, 10), '1.5');
  });

  for (const axis of [
    { kind: 'elapsed' },
    { kind: 'clock' },
    { kind: 'step' },
    { kind: 'metric', name: 'step' },
    { kind: 'metric', name: 'metric x' },
  ] as const satisfies readonly AxisChoice[])
    it(`is known again by its key: ${toAxisKey(axis)}`, () => {
      assert.deepEqual(readAxisKey(toAxisKey(axis)), axis);
    });
});

describe('columns of a chart', () => {
  it('have every x in rising order, as often as a line needs it, and each line has its values there', () => {
    assert.deepEqual(
      align([
        { x: [1, 3, 3], y: [10, 20, 30] },
        { x: [2, 3], y: [5, null] },
      ]),
      [
        [1, 2, 3, 3],
        [10, null, 20, 30],
        [null, 5, null, null],
      ],
    );
    assert.deepEqual(align([]), [[]]);
  });
});

describe('smooth lines', () => {
  it('are the values at weight 0, and begin at the first one', () => {
    const values = [4, 2, 8];
    assert.equal(smooth(values, 0), values);
    assert.equal(smooth(values, 0.9)[0]?.toFixed(9), '4.000000000');
  });

  it('stay between the least and the greatest', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1000, max: 1000, noNaN: true }), { minLength: 1 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (values, weight) => {
          for (const value of smooth(values, weight))
            assert.ok(value >= Math.min(...values) - 1e-6 && value <= Math.max(...values) + 1e-6);
        },
      ),
    );
  });
});

describe('colours of lines', () => {
  for (const [text, colour] of [
    ['#f00', [255, 0, 0]],
    [' #00ff7f80 ', [0, 255, 127]],
    ['rgb(1, 2, 3)', [1, 2, 3]],
    ['rgba(234, 92, 0, 0.33)', [234, 92, 0]],
    ['', undefined],
    ['red', undefined],
    ['rgb(x, y, z)', undefined],
  ] as const)
    it(`are read from "${text}"`, () => {
      assert.deepEqual(readColour(text), colour);
    });

  for (const name of themeNames)
    it(`can be seen and told apart in the theme ${name}`, () => {
      const { kind, variables } = themeVariables(name);
      const palette = toPalette({
        valueOf: (variable) => variables[variable] ?? '',
        hasHighContrast: kind.includes('high-contrast'),
      });
      const background = readColour(palette.background);
      assert.ok(background);
      for (const colour of palette.lines) {
        const read = readColour(colour);
        assert.ok(read && contrast(read, background) >= 3, `${colour} on ${palette.background}`);
      }
      const looks = Array.from(
        { length: 24 },
        (_, slot) => `${colourOf(slot, palette)} ${dashOf(slot, palette).join()}`,
      );
      assert.equal(new Set(looks).size, looks.length);
      if (palette.hasHighContrast)
        assert.equal(new Set([0, 1, 2, 3].map((slot) => dashOf(slot, palette).join())).size, 4);
    });

  it('are had by default if a theme has none', () => {
    assert.equal(toPalette({ valueOf: () => '', hasHighContrast: false }).lines.length, 12);
  });

  it('are taken by no line if they are free', () => {
    assert.equal(findSlot([]), 0);
    assert.equal(findSlot([0, 2]), 1);
  });
});

describe('events of a chart', () => {
  const toEvent = (id: number, time: number, job = 'a'): EventFacts => ({
    ...{ id, time, job, words: '', level: 'info' as const },
  });
  const jobs = new Map([['a', { key: 'a', title: '', state: '', start: 100 }]]);
  const events = [toEvent(1, 110), toEvent(2, 130), toEvent(3, 140, 'gone')];

  it('stand at the time of their job, or of the clock, and nowhere else', () => {
    const place = (axis: AxisChoice) => placeEvents(events, axis, (job) => jobs.get(job)).map(({ x }) => x);
    assert.deepEqual(place({ kind: 'elapsed' }), [10, 30]);
    assert.deepEqual(place({ kind: 'clock' }), [110, 130, 140]);
    assert.deepEqual(place({ kind: 'step' }), []);
  });

  it('are one mark if they are close together', () => {
    const placed = [30, 10, 12].map((x, id) => ({ x, event: toEvent(id, x) }));
    assert.deepEqual(
      gatherEvents(placed, 5).map(({ x, events: own }) => [x, own.map(({ id }) => id)]),
      [
        [10, [1, 2]],
        [30, [0]],
      ],
    );
  });
});

describe('the table of values', () => {
  it('has the first, the last, and others evenly in between', () => {
    assert.deepEqual(chooseEvenly([...Array(101).keys()], 5), [0, 25, 50, 75, 100]);
    assert.deepEqual(chooseEvenly([1, 2], 5), [1, 2]);
  });
});

describe('the example of a chart without metrics', () => {
  it('is a directive without problems that stores a metric', () => {
    const { watchers, problems } = parseScript(`#!/bin/bash\n${exampleDirective}\necho\n`);
    assert.deepEqual(problems, []);
    assert.equal(watchers[0]?.definition.actions[0]?.type, 'store_metric');
  });
});
