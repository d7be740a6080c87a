// Reading of local files: whatever stands in a file's place costs that file alone, and never a thread of the engine.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileReader } from '../../../engine/io/fileReader';
import type { ReadAnswer, ReadRequest } from '../../../engine/ports';
import { waitFor } from '../../waitFor';
import { createOwnFileReader } from './ownFileReader';

describe('the reader of local files', () => {
  let folder: string;
  let reader: FileReader;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'file-reader-'));
    reader = createOwnFileReader();
  });
  afterEach(() => {
    reader.close();
    rmSync(folder, { recursive: true });
  });
  const at = (name: string): string => join(folder, name);
  const toRequest = (path: string, more: Partial<ReadRequest> = {}): ReadRequest => ({
    ...{ path, from: 0, maxBytes: 1 << 20, before: 0, head: 0, fresh: false },
    ...more,
  });
  const show = (answer: ReadAnswer): string =>
    answer.kind === 'read'
      ? Buffer.from(answer.bytes).toString()
      : answer.kind === 'failed'
        ? `failed: ${answer.message}${answer.isLasting ? ' (lasting)' : ''}`
        : answer.kind;
  const read = async (...names: string[]): Promise<string[]> =>
    (await reader.read(names.map((name) => toRequest(name.startsWith('/') ? name : at(name))))).map(show);

  it('reads regular files alone, and says what the others are', async () => {
    writeFileSync(at('file'), 'text\n');
    symlinkSync('file', at('link'));
    mkdirSync(at('folder'));
    execFileSync('mkfifo', [at('fifo')]);
    symlinkSync('fifo', at('link to fifo'));
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(at('socket'), resolve));
    try {
      assert.deepEqual(
        await read('fifo', 'file', 'folder', '/dev/zero', 'socket', 'link to fifo', 'link', 'none'),
        [
          'failed: it is not a regular file but a FIFO (lasting)',
          'text\n',
          'failed: it is not a regular file but a directory (lasting)',
          'failed: it is not a regular file but a device (lasting)',
          'failed: it is not a regular file but a socket (lasting)',
          'failed: it is not a regular file but a FIFO (lasting)',
          'text\n',
          'missing',
        ],
      );
    } finally {
      server.close();
    }
  });

  it('lets no writer of a FIFO go on', async () => {
    execFileSync('mkfifo', [at('fifo')]);
    // The shell waits for a reader; were there one, the file would appear.
    execFileSync('/bin/sh', ['-c', '(exec > fifo; echo x > opened) > /dev/null 2>&1 &'], { cwd: folder });
    for (let round = 0; round < 5; round++) await read('fifo');
    assert.deepEqual(readdirSync(folder), ['fifo']);
    execFileSync('cat', [at('fifo')]);
  });

  it('tells when a file was written last', async () => {
    writeFileSync(at('file'), 'x');
    execFileSync('touch', ['-d', '@1700000000', at('file')]);
    const [answer] = await reader.read([toRequest(at('file'))]);
    assert.ok(answer?.kind === 'read');
    assert.equal(answer.modified, 1_700_000_000_000);
  });

  it('reads much, in calls that overlap, each answer in its place', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `big ${index}`);
    for (const [index, name] of names.entries()) writeFileSync(at(name), String(index % 10).repeat(700_000));
    const calls = await Promise.all([read(...names), read(...names), read('big 3')]);
    const isRight = (text: string, index: number): boolean => text === String(index % 10).repeat(700_000);
    for (const texts of calls.slice(0, 2)) assert.ok(texts.length === 40 && texts.every(isRight));
    assert.equal(calls[2][0]?.length, 700_000);
  });

  /** A program in the place of ours that gives no answer for files whose name has a word in it, while a file `hang` is there. */
  const hangingProgram = (): FileReader => {
    const program = at('program.cjs');
    writeFileSync(
      program,
      `const { readSync, writeSync, existsSync, appendFileSync } = require('node:fs');
appendFileSync(${JSON.stringify(at('started'))}, process.pid + '\\n');
const take = (n) => { const b = Buffer.alloc(n); for (let f = 0; f < n;) { const c = readSync(0, b, f, n - f, null); if (c === 0) process.exit(); f += c; } return b; };
writeSync(1, Buffer.of(0));
for (;;) for (const { path } of JSON.parse(take(take(4).readUInt32LE()))) {
  if (path.includes('hung') && existsSync(${JSON.stringify(at('hang'))})) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  const text = JSON.stringify({ kind: 'read', size: 2, modified: null, lengths: [0, 2, 0] });
  const length = Buffer.alloc(4); length.writeUInt32LE(text.length);
  writeSync(1, Buffer.concat([length, Buffer.from(text), Buffer.from('ok')]));
}`,
    );
    return new FileReader({ program: [process.execPath, program], limitMs: 700 });
  };
  const isAlive = (pid: number): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };

  it('gives up a file that gives no answer, alone, and reads it again once it does', async () => {
    reader.close();
    reader = hangingProgram();
    writeFileSync(at('hang'), '');
    const silence = 'failed: it gave no answer within 0.7 s (its file system may hang)';
    assert.deepEqual(await read('a', 'hung 1', 'b', 'hung 2', 'c'), ['ok', silence, 'ok', silence, 'ok']);
    const begun = performance.now();
    assert.deepEqual(await read('hung 1', 'c'), [silence, 'ok']);
    assert.ok(performance.now() - begun < 600, 'nobody waits for it again');
    rmSync(at('hang'));
    await waitFor(
      'the file',
      async () => (await read('hung 1', 'hung 2')).every((text) => text === 'ok'),
      60_000,
    );
    const pids = readFileSync(at('started'), 'utf8').trim().split('\n').map(Number);
    reader.close();
    await waitFor('the end of all of them', () => !pids.some(isAlive));
  }).timeout(90_000);

  it('ends its process with itself, and starts another if it was killed', async () => {
    reader.close();
    reader = hangingProgram();
    assert.deepEqual(await read('a'), ['ok']);
    const first = Number(readFileSync(at('started'), 'utf8'));
    process.kill(first, 'SIGKILL');
    await waitFor('its end', () => !isAlive(first));
    assert.deepEqual(await read('a'), ['ok']);
  });

  it('says so if its process cannot be run', async () => {
    reader.close();
    reader = new FileReader({ program: ['/nowhere/node'] });
    const [answer] = await read('a');
    assert.match(answer ?? '', /^failed: the process that reads files cannot be run: .*ENOENT/);
  });

  it('reads on from where it was', async () => {
    writeFileSync(at('file'), 'one\n');
    appendFileSync(at('file'), 'two\n');
    const [answer] = await reader.read([toRequest(at('file'), { from: 4, before: 2, head: 3 })]);
    assert.ok(answer?.kind === 'read');
    assert.deepEqual(
      [answer.before, answer.bytes, answer.head].map((bytes) => Buffer.from(bytes).toString()),
      ['e\n', 'two\n', 'one'],
    );
  });
});
