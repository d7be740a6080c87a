// What every machine must do, whatever it is behind: commands and their outputs, and reading of files.
import assert from 'node:assert/strict';
import { WatchError } from '../../engine/errors';
import type { Command, CommandResult, Machine, ReadAnswer, ReadRequest } from '../../engine/ports';

export interface MachineStage {
  readonly machine: Machine;
  /** A folder of the machine that its commands and we may write to; an absolute path. */
  readonly folder: string;
  /** Writes, or with `append` goes on writing, a file as another program would; paths are absolute. */
  write(path: string, content: string | Uint8Array, how?: { readonly append?: boolean }): Promise<void>;
  /** Puts another file in the place of one, as `mv` does. */
  replace(path: string, content: string): Promise<void>;
  close(): Promise<void>;
}

const hugeCount = 3_000_000;

export function machineConformance(name: string, setStage: () => Promise<MachineStage>): void {
  describe(`machine ${name}`, () => {
    let stage: MachineStage;
    let count = 0;
    before(async () => {
      stage = await setStage();
    });
    after(() => stage.close());

    const run = (script: string, more: Partial<Command> = {}): Promise<CommandResult> =>
      stage.machine.run({ script, timeLimitMs: 20_000, ...more });
    const freshPath = (): string => {
      count += 1;
      return `${stage.folder}/file ${count} with 'quotes' and ünïcode`;
    };
    const request = (path: string, more: Partial<ReadRequest> = {}): ReadRequest => ({
      path,
      from: 0,
      maxBytes: 1 << 20,
      before: 0,
      head: 0,
      fresh: false,
      ...more,
    });
    const readOne = async (path: string, more: Partial<ReadRequest> = {}): Promise<ReadAnswer> => {
      const answers = await stage.machine.read([request(path, more)]);
      assert.equal(answers.length, 1);
      const [answer] = answers;
      assert.ok(answer);
      return answer;
    };
    const show = (answer: ReadAnswer): unknown => {
      if (answer.kind !== 'read') return answer.kind;
      const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
      return {
        size: answer.size,
        bytes: text(answer.bytes),
        before: text(answer.before),
        head: text(answer.head),
      };
    };

    describe('commands', () => {
      it('give their output, their errors and their exit code', async () => {
        assert.deepEqual(await run('echo out; echo err >&2; exit 3'), {
          code: 3,
          stdout: 'out\n',
          stderr: 'err\n',
        });
        assert.deepEqual(await run('printf "no line end"'), { code: 0, stdout: 'no line end', stderr: '' });
        assert.deepEqual(await run('true'), { code: 0, stdout: '', stderr: '' });
      });

      it('are for /bin/sh, whatever is written in them', async () => {
        const script = `
          set -e
          text='single "double" \`tick\` $HOME !bang \\n % ~ # é'
          printf '%s\\n' "$text"
          cat <<'END'
it's here; \\t $(stays)
END
          false || echo "or"`;
        assert.equal(
          (await run(script)).stdout,
          `single "double" \`tick\` $HOME !bang \\n % ~ # é\nit's here; \\t $(stays)\nor\n`,
        );
      });

      it('tell of a script that no shell understands', async () => {
        const { code, stderr } = await run('if then (');
        assert.notEqual(code, 0);
        assert.match(stderr, /\S/);
      });

      it('read their input to its end, and nothing where there is none', async () => {
        const input = `first line\nitalics: \x1b[3m é 漢\n${'x'.repeat(300_000)}`;
        assert.equal((await run('cat', { input })).stdout, input);
        assert.equal((await run('cat; echo end')).stdout, 'end\n');
        assert.equal((await run('read -r line; echo "<$line>"', { input: 'a b\nc\n' })).stdout, '<a b>\n');
        assert.equal((await run('echo ignores', { input: 'y'.repeat(300_000) })).stdout, 'ignores\n');
      });

      it('tell what they write to standard error as it comes', async () => {
        const path = `${stage.folder}/go-on`;
        let told = '';
        const onErrorText = (text: string): void => {
          told += text;
          if (told === 'one é\n') void stage.write(path, '');
        };
        const script = `echo 'one é' >&2; while [ ! -e '${path}' ]; do sleep 0.1; done; printf 'two' >&2; echo out`;
        assert.deepEqual(await run(script, { onErrorText }), {
          code: 0,
          stdout: 'out\n',
          stderr: 'one é\ntwo',
        });
        assert.equal(told, 'one é\ntwo');
      });

      it('tell all of much that they write to standard error', async () => {
        let told = 0;
        const onErrorText = (text: string): void => void (told += text.length);
        const { stderr } = await run(`head -c 500000 /dev/zero | tr '\\0' e >&2`, { onErrorText });
        assert.deepEqual([told, stderr.length], [500_000, 500_000]);
      });

      it('may write much, on both streams at once', async () => {
        const { code, stdout, stderr } = await run(
          `i=0; while [ $i -lt 30 ]; do head -c ${hugeCount / 30} /dev/zero | tr '\\0' o; head -c ${hugeCount / 30} /dev/zero | tr '\\0' e >&2; i=$((i+1)); done`,
        );
        assert.equal(code, 0);
        assert.equal(stdout.length, hugeCount);
        assert.equal(stderr.length, hugeCount);
        assert.match(stdout, /^o+$/);
        assert.match(stderr, /^e+$/);
      });

      it('may write anything: characters that are cut between two pieces, bytes that are no text', async () => {
        const long = '漢字é'.repeat(40_000);
        assert.equal((await run('cat', { input: long })).stdout, long);
        assert.equal((await run("printf '\\000\\036\\377\\033[0m'")).stdout, '\0\x1e\ufffd\x1b[0m');
      });

      it('do not wait for what they leave running', async () => {
        const { stdout } = await run('sleep 30 & echo left');
        assert.equal(stdout, 'left\n');
      });

      it('are given up when their time is over, and end there too', async () => {
        const path = freshPath();
        await stage.write(path, '');
        const quoted = `'${path.replaceAll("'", `'\\''`)}'`;
        await assert.rejects(
          run(`while :; do echo alive >> ${quoted}; sleep 0.1; done`, { timeLimitMs: 1000 }),
          (error) => error instanceof WatchError && error.code === 'timed-out',
        );
        // It is quiet once two looks, some rounds of it apart, see the same.
        const end = performance.now() + 15_000;
        let [last, same] = [-1, 0];
        while (same < 5) {
          assert.ok(performance.now() < end, 'it still writes');
          const answer = await readOne(path);
          const size = answer.kind === 'read' ? answer.size : -1;
          same = size === last ? same + 1 : 0;
          last = size;
          await run('sleep 0.2');
        }
        assert.ok(last > 0, 'it has begun');
        assert.equal((await run('echo after')).stdout, 'after\n');
      });

      it('can be many at once', async () => {
        const results = await Promise.all(
          Array.from({ length: 25 }, (_, index) => run(`sleep 0.1; echo ${index}`)),
        );
        assert.deepEqual(
          results.map(({ stdout }) => stdout),
          results.map((_, index) => `${index}\n`),
        );
      });

      it('are counted', async () => {
        const { commands, reads } = stage.machine.counts;
        await Promise.all([run('true'), run('true')]);
        assert.equal(stage.machine.counts.commands, commands + 2);
        assert.equal(stage.machine.counts.reads, reads);
        assert.equal(stage.machine.connection, 'connected');
      });
    });

    describe('reading', () => {
      it('gives the stretch from the position, what is before it, and the head', async () => {
        const path = freshPath();
        await stage.write(path, '0123456789');
        assert.deepEqual(show(await readOne(path)), { size: 10, bytes: '0123456789', before: '', head: '' });
        assert.deepEqual(show(await readOne(path, { from: 6, maxBytes: 3, before: 2, head: 4 })), {
          size: 10,
          bytes: '678',
          before: '45',
          head: '0123',
        });
        assert.deepEqual(show(await readOne(path, { from: 1, before: 5, head: 50 })), {
          size: 10,
          bytes: '123456789',
          before: '0',
          head: '0123456789',
        });
      });

      it('counts bytes, not characters, and leaves them as they are', async () => {
        const path = freshPath();
        const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256);
        await stage.write(path, bytes);
        const answer = await readOne(path, { from: 3, before: 3, head: 4 });
        assert.ok(answer.kind === 'read');
        assert.deepEqual(Buffer.from(answer.bytes), Buffer.from(bytes.subarray(3)));
        assert.deepEqual([...answer.before], [...bytes.subarray(0, 3)]);
        assert.deepEqual([...answer.head], [...bytes.subarray(0, 4)]);
      });

      it('finds a file missing, and present once it is there', async () => {
        const path = freshPath();
        assert.equal(show(await readOne(path)), 'missing');
        await stage.write(path, 'now\n');
        assert.deepEqual(show(await readOne(path)), { size: 4, bytes: 'now\n', before: '', head: '' });
        await stage.machine.run({
          script: `rm -f '${path.replaceAll("'", `'\\''`)}'`,
          timeLimitMs: 10_000,
        });
        assert.equal(show(await readOne(path)), 'missing');
      });

      it('follows a file that grows', async () => {
        const path = freshPath();
        await stage.write(path, '');
        let [from, text] = [0, ''];
        for (let round = 0; round < 20; round++) {
          const line = `${'abc'.repeat(round)}\n`;
          await stage.write(path, line, { append: true });
          text += line;
          const answer = await readOne(path, { from, before: 8, head: 3 });
          assert.deepEqual(show(answer), {
            size: text.length,
            bytes: text.slice(from),
            before: text.slice(Math.max(0, from - 8), from),
            head: text.slice(0, 3),
          });
          from = text.length;
          const quiet = await readOne(path, { from, before: 8, head: 3 });
          assert.ok(quiet.kind === 'read');
          assert.equal(quiet.bytes.length, 0);
          assert.equal(quiet.size, text.length);
        }
      });

      it('shows the beginning of a file where that is asked for afresh, also where nothing is new', async () => {
        const path = freshPath();
        await stage.write(path, 'line 1\n');
        await readOne(path);
        await stage.write(path, 'line 2\n');
        assert.deepEqual(show(await readOne(path, { from: 7, before: 3, head: 7, fresh: true })), {
          size: 7,
          bytes: '',
          before: ' 2\n',
          head: 'line 2\n',
        });
      });

      it('shows a file that was cut, and what is written to it then', async () => {
        const path = freshPath();
        await stage.write(path, 'a long first text\n');
        await readOne(path);
        await stage.write(path, 'short\n');
        assert.deepEqual(show(await readOne(path, { from: 18, before: 4, head: 3 })), {
          size: 6,
          bytes: '',
          before: '',
          head: 'sho',
        });
        assert.deepEqual(show(await readOne(path)), { size: 6, bytes: 'short\n', before: '', head: '' });
      });

      it('reads the file that a path means now, not the one that it meant', async () => {
        for (const next of ['other text\n', 'longer other text\n', 'x\n']) {
          const path = freshPath();
          await stage.write(path, 'first text\n');
          await readOne(path);
          await stage.replace(path, next);
          // A twin in size and time is told by nothing but its content: at the latest the second look opens it.
          await readOne(path, { from: 11 });
          assert.deepEqual(show(await readOne(path, { head: 3 })), {
            size: next.length,
            bytes: next,
            before: '',
            head: next.slice(0, 3),
          });
          await stage.replace(path, 'third\n');
          assert.deepEqual(show(await readOne(path, { fresh: true })), {
            size: 6,
            bytes: 'third\n',
            before: '',
            head: '',
          });
        }
      });

      it('tells the size where no bytes are wanted', async () => {
        const path = freshPath();
        await stage.write(path, '0123456789');
        assert.deepEqual(show(await readOne(path, { from: 10, maxBytes: 0, before: 3, head: 2 })), {
          size: 10,
          bytes: '',
          before: '789',
          head: '01',
        });
      });

      it('reads many files in one request, each answer in its place', async () => {
        const paths = Array.from({ length: 100 }, freshPath);
        await Promise.all(paths.map((path, index) => stage.write(path, `file ${index}\n`)));
        const wanted = paths.flatMap((path, index) =>
          index % 10 === 0 ? [path, `${path} is not there`] : [path],
        );
        for (let round = 0; round < 2; round++) {
          const { commands, reads } = stage.machine.counts;
          const answers = await stage.machine.read(wanted.map((path) => request(path)));
          assert.equal(stage.machine.counts.reads, reads + 1);
          assert.ok(stage.machine.counts.commands - commands <= 2, 'commands for reading');
          assert.deepEqual(
            answers.map(show),
            wanted.map((path) => {
              const index = paths.indexOf(path);
              const text = `file ${index}\n`;
              return index === -1 ? 'missing' : { size: text.length, bytes: text, before: '', head: '' };
            }),
          );
        }
        assert.deepEqual(await stage.machine.read([]), []);
      });

      it('reads one file for two requests', async () => {
        const path = freshPath();
        await stage.write(path, '0123456789');
        for (let round = 0; round < 2; round++) {
          const answers = await stage.machine.read([request(path, { from: 2 }), request(path, { from: 8 })]);
          assert.deepEqual(
            answers.map((answer) => answer.kind === 'read' && Buffer.from(answer.bytes).toString()),
            ['23456789', '89'],
          );
          await stage.write(path, '', { append: true });
        }
      });

      it('gives no more than is wanted of a long file, and all of it in pieces', async () => {
        const path = freshPath();
        const content = Buffer.alloc(2_500_000, 'abcdefghijklmnopqrstuvwxyz\n');
        await stage.write(path, content);
        const pieces: Buffer[] = [];
        for (let from = 0; from < content.length;) {
          const answer = await readOne(path, { from });
          assert.ok(answer.kind === 'read' && answer.bytes.length > 0 && answer.bytes.length <= 1 << 20);
          pieces.push(Buffer.from(answer.bytes));
          from += answer.bytes.length;
        }
        assert.ok(Buffer.concat(pieces).equals(content));
      });

      it('tells when a file was written last', async () => {
        const path = freshPath();
        await stage.write(path, 'x\n');
        const quoted = path.replaceAll("'", `'\\''`);
        await run(`touch -d @1700000000 '${quoted}'`);
        for (const more of [{}, { from: 2 }]) {
          const answer = await readOne(path, more);
          assert.ok(answer.kind === 'read');
          assert.equal(answer.modified, 1_700_000_000_000);
        }
      });

      it('reads regular files alone; what else stands in the place of one costs that one alone', async () => {
        const [file, fifo, link] = [freshPath(), freshPath(), freshPath()];
        await stage.write(file, 'text\n');
        const quote = (path: string): string => `'${path.replaceAll("'", `'\\''`)}'`;
        await run(`mkfifo ${quote(fifo)}; ln -s ${quote(fifo)} ${quote(link)}`);
        for (let round = 0; round < 2; round++) {
          const answers = await stage.machine.read(
            [fifo, file, '/dev/zero', link, stage.folder].map((path) => request(path)),
          );
          assert.deepEqual(
            answers.map((answer) =>
              answer.kind === 'failed'
                ? [answer.message, answer.isLasting]
                : (show(answer) as { bytes: string }).bytes,
            ),
            [
              ['it is not a regular file but a FIFO', true],
              'text\n',
              ['it is not a regular file but a device', true],
              ['it is not a regular file but a FIFO', true],
              ['it is not a regular file but a directory', true],
            ],
          );
        }
      });

      it('gives up a file whose place a FIFO takes while it is followed, and reads it again afterwards', async () => {
        const path = freshPath();
        const quoted = `'${path.replaceAll("'", `'\\''`)}'`;
        await stage.write(path, 'one\n');
        assert.deepEqual(show(await readOne(path)), { size: 4, bytes: 'one\n', before: '', head: '' });
        await run(`rm ${quoted}; mkfifo ${quoted}`);
        for (let round = 0; round < 2; round++)
          assert.equal((await readOne(path, { from: 4 })).kind, 'failed');
        await run(`rm ${quoted}`);
        await stage.write(path, 'one\ntwo\n');
        assert.deepEqual(show(await readOne(path, { from: 4 })), {
          size: 8,
          bytes: 'two\n',
          before: '',
          head: '',
        });
      });

      it('says of a folder, and of what must not be read, that it failed', async () => {
        const folder = await readOne(stage.folder);
        assert.ok(folder.kind === 'failed' && folder.message !== '', JSON.stringify(folder));
        const { stdout } = await run('test -r /etc/shadow && echo yes || echo no');
        if (stdout !== 'no\n') return;
        const secret = await readOne('/etc/shadow');
        assert.ok(secret.kind === 'failed');
        assert.match(secret.message, /permission|EACCES/i);
      });
    });
  });
}
