// Frames around a command's answer: any cut of the stream, any noise around it, and real shells.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { frameCommand, FrameReader, maxAnswer } from '../../../../engine/io/ssh/frame';

const nonce = '0123456789abcdef01234567';
const open = `\x1e${nonce} 77\x1e`;
const close = `\x1e${nonce} end 3\x1e`;

function readIn(pieces: readonly Buffer[]): FrameReader {
  const reader = new FrameReader(nonce);
  for (const piece of pieces) reader.push(piece);
  return reader;
}

describe('frames', () => {
  it('are found however the stream is cut, and whatever stands around and within them', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.uint8Array({ maxLength: 300 }),
        fc.string(),
        fc.array(fc.nat(400), { maxLength: 30 }),
        (before, content, behind, cuts) => {
          const all = Buffer.concat([
            Buffer.from(before),
            Buffer.from(open),
            content,
            Buffer.from(close),
            Buffer.from(behind),
          ]);
          const pieces: Buffer[] = [];
          let position = 0;
          for (const cut of cuts) {
            pieces.push(all.subarray(position, position + cut));
            position += cut;
          }
          const reader = new FrameReader(nonce);
          const taken: Buffer[] = [];
          for (const piece of [...pieces, all.subarray(position)]) {
            reader.push(piece);
            taken.push(reader.takeNew());
          }
          assert.deepEqual(Buffer.concat(taken), Buffer.from(content));
          assert.deepEqual(reader.closed, { content: Buffer.from(content), label: 'end 3' });
          assert.equal(reader.pid, 77);
        },
      ),
    );
  });

  it('give what has come so far, but what may be their end', () => {
    const reader = readIn([Buffer.from(`noise${open}ab\x1ec\x1e0123`)]);
    assert.equal(reader.takeNew().toString(), 'ab');
    reader.push(Buffer.from('x, which was none'));
    reader.push(Buffer.from(' and much more of it'));
    assert.equal(reader.takeNew().toString(), '\x1ec\x1e0123x, which was none and much more of it');
    assert.equal(reader.takeNew().length, 0);
  });

  it('that are not closed are no answer', () => {
    const reader = readIn([Buffer.from(`noise${open}half an ans`)]);
    assert.equal(reader.closed, undefined);
    assert.equal(reader.noise, '');
    assert.equal(
      readIn([Buffer.from('This account is not available.\n')]).noise,
      'This account is not available.',
    );
  });

  it('end where they are too long, and so does noise before them', () => {
    const chunk = Buffer.alloc(1 << 20, 'x');
    for (const before of ['', open]) {
      const reader = readIn([Buffer.from(before)]);
      for (let size = before.length; size <= maxAnswer; size += chunk.length) {
        assert.equal(reader.isTooLong, false);
        reader.push(chunk);
      }
      assert.equal(reader.isTooLong, true);
      assert.equal(reader.closed, undefined);
      assert.equal(reader.noise, '', 'nothing is kept');
      reader.push(Buffer.from(close));
      assert.equal(reader.closed, undefined);
    }
    assert.ok(readIn([chunk]).noise.length < chunk.length);
  });

  it('are not waited for at a mark that never ends', () => {
    const fake = Buffer.from(`\x1e${nonce} ${'x'.repeat(1000)}`);
    const reader = readIn([fake, Buffer.from(`${open}answer${close}`)]);
    assert.equal(reader.closed?.content.toString(), 'answer');
  });

  it('are not made for a script that no command line holds', () => {
    assert.equal(frameCommand('x'.repeat(200_000), nonce), undefined);
  });

  it('write nothing into the command line that a login shell could take for its own', () => {
    fc.assert(
      fc.property(fc.string(), (script) => {
        const framed = frameCommand(script, nonce);
        assert.ok(framed);
        const [, ...words] = framed.text.split("' '");
        assert.match(words.join(' '), /^[\w ./=:,@+\\-]*'?$/);
        assert.ok(words.length === 2 && !framed.text.includes('\n'));
      }),
    );
  });

  if (process.platform === 'win32') console.log('Absent here: login shells of Unix.');
  else
    for (const shell of ['sh', 'bash', 'dash', 'zsh', 'ksh', 'csh', 'tcsh', 'fish']) {
      if (spawnSync(shell, ['-c', 'true']).status !== 0) {
        console.log(`Absent here: ${shell}.`);
        continue;
      }
      it(`carry a script through ${shell}`, () => {
        const script = `printf '%s\\n' '!bang $HOME "q" \\\\ é ;|&' ; echo 'it'"'"'s' >&2; exit 9 # %`;
        const framed = frameCommand(script, nonce);
        assert.ok(framed);
        const { stdout, stderr } = spawnSync(shell, ['-c', framed.text]);
        const out = readIn([stdout]).closed;
        const err = readIn([stderr]).closed;
        assert.equal(out?.content.toString(), '!bang $HOME "q" \\\\ é ;|&\n');
        assert.equal(out.label, 'end 9');
        assert.equal(err?.content.toString(), "it's\n");
      });
    }
});
