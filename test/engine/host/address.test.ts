// Where the engine listens.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { WatchError } from '../../../engine/errors';
import { pipeName, prepareSocketPath, sweepSockets } from '../../../engine/host/address';
import { checkPrivateDirectory } from '../../../engine/link/privateDirectory';
import { useTemporaryHome } from '../temporaryHome';

const user = process.getuid?.() ?? 0;

describe('the address of the engine', () => {
  const directory = useTemporaryHome();
  const prepare = (seeds: Partial<Parameters<typeof prepareSocketPath>[0]> = {}): Promise<string> =>
    prepareSocketPath({
      home: '/h',
      generation: 3,
      runtimeDirectory: directory(),
      user,
      temporary: '/tmp',
      ...seeds,
    });
  const isRefused = (words: RegExp) => (error: unknown) =>
    error instanceof WatchError && words.test(`${error.message} ${error.remedy}`);

  it('lies in a directory of its own in the runtime directory', async () => {
    const path = await prepare();
    assert.match(path.slice(directory().length), /^\/slurm-watchers\/[0-9a-f]{16}-3\.sock$/);
    assert.equal(lstatSync(dirname(path)).mode & 0o777, 0o700);
  });

  it('differs between homes', async () => {
    assert.notEqual(await prepare({ home: '/one' }), await prepare({ home: '/other' }));
  });

  for (const [why, runtimeDirectory] of [
    ['there is no runtime directory', undefined],
    ['it is relative', 'run'],
    ['it is in the home directory of the user', join(homedir(), 'run')],
    ['its path is too long', `/tmp/${'x'.repeat(60)}`],
    ['it does not exist', '/nonexistent'],
  ] as const) {
    it(`lies in /tmp where ${why}`, async () => {
      const path = await prepare({ runtimeDirectory });
      assert.equal(dirname(path), `/tmp/slurm-watchers-${user}`);
      assert.ok(Buffer.byteLength(path) <= 100);
    });
  }

  for (const [what, take] of [
    [
      'something that is no directory',
      (path: string) => {
        writeFileSync(path, '');
      },
    ],
    [
      'a link',
      (path: string) => {
        symlinkSync(directory(), path);
      },
    ],
    [
      'a directory of somebody else',
      (path: string) => {
        mkdirSync(path, { mode: 0o755 });
      },
    ],
  ] as const)
    it(`has a name of its own in /tmp if ${what} has the usual one, and the same the next time`, async () => {
      const temporary = join(directory(), 'tmp');
      mkdirSync(temporary);
      const taken = join(temporary, `slurm-watchers-${user}`);
      take(taken);
      const place = dirname(await prepare({ runtimeDirectory: undefined, temporary }));
      assert.match(place, new RegExp(`^${taken}-\\w{6}$`));
      assert.equal(lstatSync(place).mode & 0o777, 0o700);
      assert.equal(dirname(await prepare({ runtimeDirectory: undefined, temporary })), place);
    });

  it('is refused with what can be done if nothing can be made in /tmp', async () => {
    const temporary = join(directory(), 'missing');
    await assert.rejects(
      prepare({ runtimeDirectory: undefined, temporary }),
      isRefused(/Make \/tmp usable, or set/),
    );
  });

  it('needs a real directory without rights for others', async () => {
    const place = join(directory(), 'place');
    writeFileSync(place, '');
    await assert.rejects(checkPrivateDirectory(place, user), isRefused(/not a directory/));
    rmSync(place);
    symlinkSync(directory(), place);
    await assert.rejects(checkPrivateDirectory(place, user), isRefused(/not a directory/));
    rmSync(place);
    mkdirSync(place);
    for (const mode of [0o755, 0o770, 0o701, 0o777]) {
      chmodSync(place, mode);
      await assert.rejects(checkPrivateDirectory(place, user), isRefused(/chmod 700/), mode.toString(8));
    }
    chmodSync(place, 0o700);
    await checkPrivateDirectory(place, user);
    await assert.rejects(checkPrivateDirectory(place, user + 1), isRefused(/another user/));
  });

  it('leaves the sockets of other homes alone when it sweeps those of dead engines', async () => {
    const [old, own, other] = [
      await prepare({ generation: 1 }),
      await prepare({ generation: 2 }),
      await prepare({ home: '/other' }),
    ];
    for (const path of [old, own, other]) writeFileSync(path, '');
    await sweepSockets(own, '/h');
    assert.deepEqual([old, own, other].map(existsSync), [false, true, true]);
  });

  it('is a pipe that cannot be guessed on Windows', () => {
    assert.match(pipeName(), /^\\\\\.\\pipe\\slurm-watchers-[0-9a-f]{32}$/);
    assert.notEqual(pipeName(), pipeName());
  });
});
