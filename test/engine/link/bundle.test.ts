// The engine's files that stay.
import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { WatchError } from '../../../engine/errors';
import { installBundle, sweepBundles } from '../../../engine/link/bundle';
import { useTemporaryHome } from '../temporaryHome';

describe('the bundle', () => {
  const directory = useTemporaryHome();
  const home = (): string => join(directory(), 'home');
  const source = (): string => join(directory(), 'dist');
  const install = (version = '1.0.0'): Promise<string> =>
    installBundle({ home: home(), version, bundleDirectory: source() });

  beforeEach(() => {
    mkdirSync(source());
    writeFileSync(join(source(), 'host.js'), 'host');
    writeFileSync(join(source(), 'sql-wasm.wasm'), Buffer.from([0, 255]));
  });

  it('is copied whole, under its version', async () => {
    const target = await install();
    assert.match(basename(target), /^1\.0\.0-[0-9a-f]{12}$/);
    assert.deepEqual(readdirSync(target), ['host.js', 'sql-wasm.wasm']);
    assert.deepEqual([...readFileSync(join(target, 'sql-wasm.wasm'))], [0, 255]);
  });

  it('is copied once', async () => {
    const target = await install();
    const { ino } = statSync(target);
    assert.equal(await install(), target);
    assert.equal(statSync(target).ino, ino);
  });

  it('is copied once by many at the same time, and leaves nothing half', async () => {
    const targets = await Promise.all(Array.from({ length: 8 }, () => install()));
    assert.equal(new Set(targets).size, 1);
    assert.deepEqual(readdirSync(join(home(), 'engine')), [basename(String(targets[0]))]);
  });

  it('has another place for every other content', async () => {
    const first = await install();
    writeFileSync(join(source(), 'host.js'), 'host, rebuilt');
    const second = await install();
    assert.notEqual(first, second);
    assert.equal(readFileSync(join(first, 'host.js'), 'utf8'), 'host');
  });

  it('is copied again where the copy was damaged', async () => {
    const target = await install();
    writeFileSync(join(target, 'host.js'), '');
    assert.equal(await install(), target);
    assert.equal(readFileSync(join(target, 'host.js'), 'utf8'), 'host');
  });

  for (const [what, change] of [
    [
      'others may write to it',
      (target: string) => {
        chmodSync(target, 0o777);
      },
    ],
    [
      'others may write to a file of it',
      (target: string) => {
        chmodSync(join(target, 'host.js'), 0o666);
      },
    ],
    [
      'a file of it is a link',
      (target: string) => {
        rmSync(join(target, 'host.js'));
        symlinkSync(join(source(), 'host.js'), join(target, 'host.js'));
      },
    ],
    [
      'there is more in it',
      (target: string) => {
        mkdirSync(join(target, 'node_modules'));
      },
    ],
    [
      'it is a link',
      (target: string) => {
        renameSync(target, join(directory(), 'moved'));
        symlinkSync(join(directory(), 'moved'), target);
      },
    ],
  ] as const)
    it(`is copied again if ${what}`, async () => {
      const target = await install();
      change(target);
      assert.equal(await install(), target);
      assert.ok(lstatSync(target).isDirectory());
      assert.deepEqual(readdirSync(target), ['host.js', 'sql-wasm.wasm']);
      for (const path of [target, join(target, 'host.js')]) assert.equal(lstatSync(path).mode & 0o022, 0);
      assert.ok(lstatSync(join(target, 'host.js')).isFile());
    });

  it('is not made up for by a copy that somebody has changed', async () => {
    const target = await install();
    rmSync(source(), { recursive: true });
    writeFileSync(join(target, 'host.js'), 'something else');
    await assert.rejects(install(), /The engine's files are missing/);
  });

  it('is made up for by a former copy of the version when its source was deleted', async () => {
    const target = await install();
    rmSync(source(), { recursive: true });
    assert.equal(await install(), target);
    await assert.rejects(install('2.0.0'), (error) => {
      assert.ok(error instanceof WatchError);
      assert.equal(error.code, 'engine-unreachable');
      return true;
    });
  });

  it('is swept when it is old and nobody uses it', async () => {
    const used = await install('1.0.0');
    const old = await install('1.0.1');
    const fresh = await install('1.0.2');
    for (const path of [used, old]) utimesSync(path, 0, 0);
    await sweepBundles(home(), [used]);
    assert.deepEqual([used, old, fresh].map(existsSync), [true, false, true]);
  });
});
