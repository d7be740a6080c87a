// Stretches of an output as lines: whatever comes in which order, lines are whole, offsets are bytes, and memory has a bound.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { OutputBuffer, type Line } from '../../../webviews/output/buffer';

const bytesOf = (text: string): number => Buffer.byteLength(text);

/** A file of which stretches are read, as the engine reads them. */
function createFile(text: string) {
  const bytes = Buffer.from(text);
  const isTail = (at: number): boolean => ((bytes[at] ?? 0) & 0xc0) === 0x80;
  return {
    size: bytes.length,
    read: (from: number, to: number) => {
      while (from < bytes.length && isTail(from)) from += 1;
      while (to < bytes.length && to > from && isTail(to)) to -= 1;
      const end = Math.min(to, bytes.length);
      return { from, to: end, text: bytes.subarray(from, end).toString() };
    },
  };
}

function listLines(buffer: OutputBuffer): Line[] {
  const lines: Line[] = [];
  for (let line = buffer.firstLine; line; line = buffer.lineAfter(line)) lines.push(line);
  return lines;
}

const textOf = (buffer: OutputBuffer): string =>
  listLines(buffer)
    .map(({ text }) => text)
    .join('');

describe('the buffer of an output', () => {
  it('has lines with their numbers and byte offsets', () => {
    const buffer = new OutputBuffer();
    const text = 'epoch 1\nlöss: 0.5 🙂\n\nlast';
    buffer.add({ from: 0, to: bytesOf(text), text }, bytesOf(text), 0);
    assert.deepEqual(
      listLines(buffer).map(({ from, to, text: line, number }) => ({ from, to, line, number })),
      [
        { from: 0, to: 8, line: 'epoch 1\n', number: 1 },
        { from: 8, to: 24, line: 'löss: 0.5 🙂\n', number: 2 },
        { from: 24, to: 25, line: '\n', number: 3 },
        { from: 25, to: 29, line: 'last', number: 4 },
      ],
    );
  });

  it('counts a byte that is not UTF-8 as one', () => {
    const buffer = new OutputBuffer();
    buffer.add({ from: 0, to: 12, text: 'a\ufffd\ufffdb\nüber\nx' }, 12, 0);
    assert.deepEqual(
      listLines(buffer).map(({ from }) => from),
      [0, 5, 11],
    );
  });

  it('leaves out lines that the edges of a stretch cut', () => {
    const buffer = new OutputBuffer();
    buffer.add({ from: 100, to: 120, text: 'cut\nwhole\nwhole\ncut?' }, 1000, 100);
    assert.equal(textOf(buffer), 'whole\nwhole\n');
    assert.deepEqual(buffer.stretchAround(104), { from: 104, to: 116 });
    assert.equal(buffer.lineAt(103), undefined);
    assert.equal(buffer.firstLine?.number, undefined);
  });

  it('keeps the unfinished last line of the file, and completes it', () => {
    const buffer = new OutputBuffer();
    buffer.add({ from: 0, to: 9, text: 'one\nhalf ' }, 9, 0);
    assert.equal(buffer.lastLine?.text, 'half ');
    buffer.append({ from: 9, to: 20, text: 'done\nthree\n' }, 0);
    assert.deepEqual(
      listLines(buffer).map(({ text, number }) => `${number ?? '?'} ${text}`),
      ['1 one\n', '2 half done\n', '3 three\n'],
    );
    assert.equal(buffer.size, 20);
  });

  it('spreads line numbers to what is read before and after', () => {
    const text = Array.from({ length: 100 }, (_, index) => `line ${index + 1}\n`).join('');
    const file = createFile(text);
    const buffer = new OutputBuffer();
    buffer.add(file.read(300, 500), file.size, 300);
    assert.equal(buffer.firstLine?.number, undefined);
    const first = buffer.firstLine?.from ?? 0;
    buffer.add(file.read(0, first), file.size, 300);
    for (const line of listLines(buffer)) assert.equal(line.text, `line ${line.number ?? '?'}\n`);
    buffer.add(file.read(600, file.size), file.size, 700);
    const far = buffer.lineAt(700);
    assert.equal(far?.number, undefined);
    buffer.setNumber(far?.from ?? 0, Number(/\d+/.exec(far?.text ?? '')?.[0]));
    for (let line = buffer.lineAt(620); line; line = buffer.lineAfter(line))
      assert.equal(line.text, `line ${line.number ?? '?'}\n`);
  });

  it('has a line that is longer than a block in parts, of one number', () => {
    const buffer = new OutputBuffer({ block: 100, all: 10_000 });
    const text = `short\n${'x'.repeat(950)}\nend\n`;
    buffer.add({ from: 0, to: text.length, text }, text.length, 0);
    assert.equal(textOf(buffer), text);
    const parts = listLines(buffer).filter(({ number }) => number === 2);
    assert.equal(parts.length, 10);
    assert.deepEqual(
      parts.map(({ beginsLine }) => beginsLine),
      [true, ...Array<boolean>(9).fill(false)],
    );
    assert.equal(buffer.lastLine?.number, 3);
  });

  it('keeps a bounded part of an endless output, and the numbers of its lines', () => {
    const buffer = new OutputBuffer({ block: 1000, all: 10_000 });
    let from = 0;
    for (let number = 1; number <= 30_000; number += 1) {
      const text = `line ${number}\n`;
      buffer.append({ from, to: from + text.length, text }, from);
      from += text.length;
    }
    assert.ok(buffer.length <= 11_000, `${buffer.length} characters`);
    assert.equal(buffer.lastLine?.number, 30_000);
    assert.equal(buffer.lastLine.text, 'line 30000\n');
  });

  it('goes on in the style in which the line before has ended', () => {
    const buffer = new OutputBuffer({ block: 16, all: 10_000 });
    const text = '\x1b[31mred\nstill\nstill\nstill red\n\x1b[0mplain\nplain\n';
    buffer.add({ from: 0, to: text.length, text }, text.length, 0);
    assert.deepEqual(
      listLines(buffer).map(({ style }) => style.foreground),
      [-1, 1, 1, 1, 1, -1],
    );
  });

  it('is the file, whichever stretches are read in whichever order', () => {
    const lines = fc.array(fc.constantFrom('', 'a', 'loss: 0.5', 'ü🙂', '\r50%\r100%', 'x'.repeat(70)), {
      maxLength: 40,
    });
    const reads = fc.array(fc.tuple(fc.nat(1500), fc.integer({ min: 80, max: 600 })), { maxLength: 12 });
    fc.assert(
      fc.property(lines, reads, fc.boolean(), (parts, stretches, isOpen) => {
        const text = parts.join('\n') + (isOpen ? '' : '\n');
        const file = createFile(text);
        const buffer = new OutputBuffer({ block: 64, all: 100_000 });
        for (const [at, length] of stretches)
          if (at < file.size) buffer.add(file.read(at, at + length), file.size, at);
        for (const stretch of buffer.stretches)
          assert.equal(stretch.text, file.read(stretch.from, stretch.to).text);
        // What lacks is read from its edges, as a page does that is scrolled.
        for (let at = 0, turn = 0; at < file.size && turn < 1000; turn += 1) {
          const known = buffer.stretchAround(at);
          if (known) at = known.to;
          else buffer.add(file.read(at, at + 300), file.size, at);
        }
        assert.equal(textOf(buffer), text);
        let number = 0;
        for (const line of listLines(buffer)) {
          if (line.beginsLine) number += 1;
          assert.equal(line.number, number);
          assert.equal(line.text, file.read(line.from, line.to).text);
        }
      }),
      { numRuns: 300 },
    );
  });
});
