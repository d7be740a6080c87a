// Which clusters there are, and what a name means.
import assert from 'node:assert/strict';
import {
  createClusterDirectory,
  defaultSettings,
  type SlurmPlace,
} from '../../../engine/io/clusterDirectory';
import { WatchError } from '../../../engine/errors';
import type { ClusterDirectory, OpenedCluster } from '../../../engine/ports';
import { createFakeClock } from '../fakeClock';
import { FakeCluster } from '../fakeCluster';

const opened: OpenedCluster = {
  cluster: new FakeCluster(createFakeClock()),
  findWorkdir: (path) => Promise.resolve(path ?? '/'),
  allowSignIn: () => undefined,
};

describe('the clusters by name', () => {
  let places: SlurmPlace[];
  let directory: ClusterDirectory;
  beforeEach(() => {
    places = [];
    directory = createClusterDirectory({
      settings: () => ({
        clusters: {
          big: { ...defaultSettings, host: 'login1', rootDirectory: '/scratch' },
          login2: { ...defaultSettings, settleSeconds: 5 },
          here: { ...defaultSettings, kind: 'local' },
        },
        sshConfigFile: null,
      }),
      findSshHosts: () => Promise.resolve(['login1', 'login2']),
      hasLocalSlurm: () => Promise.resolve(true),
      openSandbox: () => opened,
      openSlurm: (place) => {
        places.push(place);
        return opened;
      },
    });
  });

  it('are the sandbox, this machine, those of the settings and every host, each once', async () => {
    assert.deepEqual(
      (await directory.list()).map(({ name, kind }) => `${name} ${kind}`),
      ['sandbox sandbox', 'local local', 'big ssh', 'login2 ssh', 'here local', 'login1 ssh'],
    );
    assert.deepEqual(places, []);
  });

  const means = (name: string, expected: Partial<SlurmPlace>): void => {
    it(`${name} means ${JSON.stringify(expected)}`, async () => {
      await directory.open(name);
      const [place] = places;
      assert.deepEqual({ ...place, settings: undefined }, { name, settings: undefined, ...expected });
    });
  };
  means('big', { kind: 'ssh', host: 'login1' });
  means('login1', { kind: 'ssh', host: 'login1' });
  means('login2', { kind: 'ssh', host: 'login2' });
  means('here', { kind: 'local', host: 'here' });
  means('local', { kind: 'local', host: 'local' });
  means('me@login9.example.org', { kind: 'ssh', host: 'me@login9.example.org' });

  it('bring their settings', async () => {
    await directory.open('login2');
    assert.equal(places[0]?.settings.settleSeconds, 5);
  });

  const refuses = (name: string, remedy: RegExp): void => {
    it(`"${name}" is none: ${remedy.source}`, async () => {
      await assert.rejects(
        directory.open(name),
        (error) => error instanceof WatchError && error.code === 'not-found' && remedy.test(error.remedy),
      );
      assert.deepEqual(places, []);
    });
  };
  refuses('logni1', /Did you mean "login1"\?/);
  refuses('nothing-like-it', /Known clusters: sandbox, local, big, login2, here, login1\./);
  refuses('-oProxyCommand=x@y', /Known clusters/);
  refuses('me@-oProxyCommand=x', /Known clusters/);
  refuses('', /Known clusters/);
});
