// What the table of hosts cannot try on loopback: the address of a host, names that cannot be written, and what is asked.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WatchError } from '../../../../engine/errors';
import { parseOptions, toHostConfig } from '../../../../engine/io/ssh/hostConfig';
import { readKnownHosts, toFingerprint, verifyHostKey } from '../../../../engine/io/ssh/hostKeys';
import type { PublicKey } from '../../../../engine/io/ssh/publicKey';
import { Patience, type SshPlace } from '../../../../engine/io/ssh/sshPlace';
import type { Question } from '../../../../engine/ports';
import { printKey, toEd25519, toRsa } from './sampleKeys';

const [mine, other] = [toEd25519('mine'), toEd25519('other')];
const line = (hosts: string, { type, blob }: PublicKey): string =>
  `${hosts} ${type} ${blob.toString('base64')}\n`;

describe('the key that a host shows', () => {
  let folder: string;
  let asked: Question[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'host-key-'));
    asked = [];
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** What stands in known_hosts when it was let in. */
  const verify = async (
    known: string,
    {
      key = mine.blob,
      address = null,
      options = [],
    }: { key?: Buffer; address?: string | null; options?: readonly string[] },
  ): Promise<string> => {
    const path = join(folder, 'known_hosts');
    writeFileSync(path, known);
    const text = [
      ...options,
      'hostname login.example.org',
      `userknownhostsfile ${path}`,
      'globalknownhostsfile none',
    ];
    const host = toHostConfig('login', parseOptions(text.join('\n')), { home: folder, user: 'me' });
    const place: SshPlace = {
      name: 'big',
      prompter: {
        ask: (_cluster, question) => {
          asked.push(question);
          return Promise.resolve(['yes']);
        },
      },
      environment: () => ({}),
      configFile: null,
      log: () => undefined,
    };
    const patience = new Patience(60_000, () => undefined);
    try {
      await verifyHostKey(key, host, { known: await readKnownHosts(host), place, patience, address });
    } finally {
      patience.stop();
    }
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  const refuses = (work: Promise<unknown>, message: RegExp): Promise<void> =>
    assert.rejects(work, (error) => {
      assert.ok(error instanceof WatchError && error.code === 'needs-sign-in');
      assert.match(`${error.message} | ${error.remedy}`, message);
      return true;
    });
  const checked = (...options: readonly string[]): { options: readonly string[]; address: string } => ({
    options: ['checkhostip yes', ...options],
    address: '192.0.2.7',
  });

  it('is kept for its address too with CheckHostIP, and only then', async () => {
    assert.equal(await verify('', { address: '192.0.2.7' }), line('login.example.org', mine));
    assert.equal(await verify('', checked()), line('login.example.org,192.0.2.7', mine));
    const known = line('login.example.org', mine);
    assert.equal(await verify(known, checked()), known + line('192.0.2.7', mine));
    const both = line('login.example.org,192.0.2.7', mine);
    assert.equal(await verify(both, checked()), both);
    const hashed = await verify('', checked('hashknownhosts yes'));
    assert.equal(await verify(hashed, checked()), hashed);
    assert.match(hashed, /^\|1\|\S+ .*\n\|1\|\S+ .*\n$/);
    assert.equal(
      await verify('', checked('port 2222')),
      line('[login.example.org]:2222,[192.0.2.7]:2222', mine),
    );
    for (const address of ['127.0.0.1', '::1', null])
      assert.equal(await verify(known, { ...checked(), address }), known);
    assert.equal(await verify(known, checked('proxycommand nc')), known);
  });

  it('is refused with CheckHostIP if another one is known of the address', async () => {
    const moved = line('login.example.org', mine) + line('192.0.2.7', toRsa('other'));
    for (const mode of ['ask', 'accept-new', 'yes'])
      await refuses(
        verify(moved, checked(`stricthostkeychecking ${mode}`)),
        /for its address 192\.0\.2\.7 another one is known \(\S+known_hosts:2, CheckHostIP\).*-R 192\.0\.2\.7/,
      );
    assert.equal(await verify(moved, checked('stricthostkeychecking no')), moved);
    const revoked = `${line('login.example.org', mine)}@revoked ${line('192.0.2.7', mine)}`;
    await refuses(verify(revoked, checked('stricthostkeychecking no')), /that one is revoked/);
  });

  it('is refused where its name cannot be written, or it makes no sense', async () => {
    await refuses(verify('', { options: ['hostname login*'] }), /cannot be written to known_hosts/);
    assert.deepEqual(asked, []);
    for (const key of [
      Buffer.alloc(0),
      Buffer.from('nonsense'),
      printKey('ssh-ed25519', Buffer.alloc(31)),
      Buffer.concat([mine.blob, Buffer.alloc(1)]),
      printKey('ssh-ed25519-cert-v01@openssh.com', Buffer.alloc(8), mine.blob.subarray(-32)),
    ])
      await refuses(verify(line('*', mine), { key }), /not a key that can be read/);
  });

  it('is shown with the other names that have it', async () => {
    const known = line('login2,node', mine) + line('login3', other);
    await verify(known, {});
    assert.deepEqual(asked, [
      {
        kind: 'hostKey',
        host: 'login.example.org',
        keyType: 'ssh-ed25519',
        fingerprint: toFingerprint(mine.blob),
        otherNames: [`${join(folder, 'known_hosts')}:1: login2,node`],
      },
    ]);
  });

  it('has a command for each file that must forget the one before', async () => {
    const system = join(folder, 'system hosts');
    writeFileSync(system, line('login.example.org', other));
    await refuses(
      verify(line('*.example.org', toRsa('rsa')), { options: [`globalknownhostsfile ${system}`] }),
      /system hosts:1\).*known_hosts -R login\.example\.org && ssh-keygen -f '\S+system hosts' -R login/,
    );
  });
});
