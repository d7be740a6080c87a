// A home that cannot be used: full, read-only, or no directory at all. Clients say so, and what to do about it.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WatchError } from '../../../engine/errors';
import { connectEngine } from '../../../engine/link/connect';
import { explainHome } from '../../../engine/link/connectErrors';
import { useTemporaryHome } from '../temporaryHome';

describe('a home that cannot be used', () => {
  const directory = useTemporaryHome();
  const connect = async (home: string, location: 'childProcess' | 'thisProcess'): Promise<unknown> => {
    const bundleDirectory = join(directory(), 'bundle');
    mkdirSync(bundleDirectory, { recursive: true });
    writeFileSync(join(bundleDirectory, 'host.js'), 'process.exitCode = 3;');
    return connectEngine({
      ...{ home, version: '1.0.0', bundleDirectory, clientName: 'test', keepRunning: null, start: true },
      ...{ location, onChange: () => undefined, onLost: () => undefined },
    });
  };
  const isRefused = (home: string, remedy: RegExp) => (error: unknown) =>
    error instanceof WatchError &&
    error.code === 'engine-unreachable' &&
    error.message.startsWith(`The engine's directory ${home} cannot be used: `) &&
    remedy.test(error.remedy);

  for (const location of ['childProcess', 'thisProcess'] as const)
    it(`because a file is in its place is named (${location})`, async () => {
      writeFileSync(join(directory(), 'file'), '');
      for (const home of [join(directory(), 'file'), join(directory(), 'file/home')])
        await assert.rejects(
          connect(home, location),
          isRefused(home, /^A file is in its place: .*SLURM_WATCHERS_HOME/),
        );
    });

  it('for another reason is named with what the system says', async () => {
    const home = join(directory(), 'home');
    mkdirSync(join(home, 'engine.log'), { recursive: true });
    await assert.rejects(connect(home, 'childProcess'), isRefused(home, /^Look at the disk/));
  });

  for (const [code, remedy] of [
    ['ENOSPC', /^Free some space/],
    ['EDQUOT', /^Your quota is used up/],
    ['EROFS', /^Make it writable/],
    ['EACCES', /^Make it writable/],
  ] as const)
    it(`with ${code} is told with its remedy`, () => {
      const failed = Object.assign(new Error(`${code}: it says, write`), { code, syscall: 'write' });
      assert.ok(isRefused('/home/ada/state', remedy)(explainHome(failed, '/home/ada/state')));
      const elsewhere = Object.assign(new Error(code), { code, syscall: 'open', path: '/package/host.js' });
      assert.equal(explainHome(elsewhere, '/home/ada/state'), elsewhere);
    });

  it('is not made of errors that say already what to do', () => {
    const known = new WatchError('version-mismatch', 'No.', 'Update.');
    assert.equal(explainHome(known, '/home'), known);
  });
});
