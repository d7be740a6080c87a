// What ssh's configuration says of a host: the text of `ssh -G`, tokens, hops, and the way without an ssh.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findSshHosts, listHosts } from '../../../../engine/io/ssh/configFiles';
import {
  parseOptions,
  parseProxyJump,
  toHostConfig,
  type HostConfig,
} from '../../../../engine/io/ssh/hostConfig';
import { readOptions } from '../../../../engine/io/ssh/resolveHost';

const local = { home: '/home/me', user: 'me' };
const read = (text: string): HostConfig => toHostConfig('login', parseOptions(text), local);

describe('the configuration of a host', () => {
  it('is what ssh -G prints', () => {
    const host = read(
      [
        'hostname login.example.org',
        'port 2222',
        'user researcher',
        'hashknownhosts yes',
        'stricthostkeychecking accept-new',
        'identitiesonly yes',
        'identityfile ~/.ssh/id_ed25519',
        'identityfile /keys/%r@%h',
        'identityagent SSH_AUTH_SOCK',
        'userknownhostsfile /home/me/.ssh/known hosts /home/me/.ssh/known_hosts2',
        'globalknownhostsfile none',
        'preferredauthentications keyboard-interactive,password,publickey',
        'passwordauthentication no',
        'serveraliveinterval 5',
        'serveralivecountmax 4',
        'connecttimeout none',
        'ciphers aes256-ctr,aes128-ctr',
        'hostkeyalias alias',
      ].join('\n'),
    );
    assert.equal(host.hostname, 'login.example.org');
    assert.equal(host.port, 2222);
    assert.equal(host.user, 'researcher');
    assert.equal(host.hashKnownHosts, true);
    assert.equal(host.strictHostKeys, 'accept-new');
    assert.equal(host.identitiesOnly, true);
    assert.deepEqual(host.identityFiles, ['/home/me/.ssh/id_ed25519', '/keys/researcher@login.example.org']);
    assert.deepEqual(host.userKnownHosts, ['/home/me/.ssh/known hosts', '/home/me/.ssh/known_hosts2']);
    assert.deepEqual(host.globalKnownHosts, []);
    assert.deepEqual(host.methods, ['keyboard-interactive', 'publickey']);
    assert.equal(host.aliveIntervalMs, 5000);
    assert.equal(host.aliveCountMax, 4);
    assert.equal(host.connectTimeoutMs, 20_000);
    assert.deepEqual(host.algorithms.ciphers, ['aes256-ctr', 'aes128-ctr']);
    assert.equal(host.hostKeyAlias, 'alias');
  });

  it('has sensible answers where it says nothing', () => {
    const host = read('');
    assert.equal(host.hostname, 'login');
    assert.equal(host.port, 22);
    assert.equal(host.user, 'me');
    assert.equal(host.strictHostKeys, 'ask');
    assert.equal(host.proxyJump, null);
    assert.equal(host.proxyCommand, null);
    assert.equal(host.aliveIntervalMs, 10_000);
    assert.deepEqual(host.methods, ['publickey', 'keyboard-interactive', 'password']);
  });

  it('reads every word for strictness that ssh prints', () => {
    const cases = {
      true: 'yes',
      yes: 'yes',
      false: 'no',
      no: 'no',
      off: 'no',
      ask: 'ask',
      'accept-new': 'accept-new',
    };
    for (const [word, meaning] of Object.entries(cases))
      assert.equal(read(`stricthostkeychecking ${word}`).strictHostKeys, meaning, word);
  });

  it('expands what ssh leaves to be expanded', () => {
    const host = read('hostname h\nport 7\nuser u\nproxycommand nc -x 100%% %h %p %r %n');
    assert.equal(host.proxyCommand, 'nc -x 100% h 7 u login');
    assert.equal(read('proxycommand none').proxyCommand, null);
    assert.equal(read('identityagent ~/agent').identityAgent, '/home/me/agent');
  });

  it('says what is forbidden, by the names that ssh has and had for it', () => {
    const host = read(
      'batchmode yes\nnumberofpasswordprompts 1\nrequiredrsasize 3072\nrevokedhostkeys ~/.ssh/revoked\ncheckhostip yes\nbindaddress 10.0.0.1\nbindinterface none',
    );
    assert.equal(host.isBatch, true);
    assert.deepEqual(host.methods, ['publickey']);
    assert.equal(host.maxPrompts, 1);
    assert.equal(host.minRsaBits, 3072);
    assert.equal(host.revokedHostKeys, '/home/me/.ssh/revoked');
    assert.equal(host.checksAddress, true);
    assert.equal(host.bindAddress, '10.0.0.1');
    assert.equal(host.bindInterface, null);
    const without = (text: string): readonly string[] => read(text).methods;
    assert.deepEqual(without('pubkeyauthentication no'), ['keyboard-interactive', 'password']);
    for (const name of ['kbdinteractiveauthentication', 'challengeresponseauthentication'])
      assert.deepEqual(without(`${name} no`), ['publickey', 'password']);
    assert.equal(read('requiredrsasize 1').minRsaBits, 1024);
    assert.equal(read('revokedhostkeys none').revokedHostKeys, null);
  });

  it('names what must not be passed over', () => {
    assert.deepEqual(read('').refusals, []);
    assert.deepEqual(read('knownhostscommand none\nproxyusefdpass no').refusals, []);
    assert.deepEqual(read('knownhostscommand /bin/keys %H').refusals, ['KnownHostsCommand']);
    assert.deepEqual(read('proxyusefdpass yes').refusals, []);
    assert.deepEqual(read('proxyusefdpass yes\nproxycommand nc').refusals, ['ProxyUseFdpass']);
    assert.deepEqual(read('refuseconnection "not from here"').refusals, ['RefuseConnection']);
  });

  it('reads hops', () => {
    assert.deepEqual(parseProxyJump('me@first:2222,second,ssh://u@third:7,[::1]:22,fe80::1'), [
      { host: 'first', user: 'me', port: 2222 },
      { host: 'second', user: null, port: null },
      { host: 'third', user: 'u', port: 7 },
      { host: '::1', user: null, port: 22 },
      { host: 'fe80::1', user: null, port: null },
    ]);
  });

  describe('without an ssh', () => {
    let folder: string;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'ssh-config-'));
      mkdirSync(join(folder, '.ssh/conf.d'), { recursive: true });
      const write = (name: string, text: string): void => {
        writeFileSync(join(folder, '.ssh', name), text);
      };
      write(
        'config',
        'Include conf.d/*.conf\nHost login other # mine\n  User fromConfig\nHost *.org !x\n  Port 2\nHost *\n  User anybody\n',
      );
      write(
        'conf.d/a.conf',
        'Host login\n  HostName login.example.org\n  IdentityFile ~/.ssh/one\n  IdentityFile ~/.ssh/two\n',
      );
      write('conf.d/b.conf', 'Include ../config\nHost=second "third"\n  ProxyJump login\n');
      write('conf.d/.hidden.conf', 'Host hidden\n');
    });
    after(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    it('is read from the files, with all that they include', async () => {
      const here = { home: folder, user: 'me' };
      const resolve = async (host: string): Promise<HostConfig> =>
        toHostConfig(host, await readOptions(host, null, here), here);
      const login = await resolve('login');
      assert.equal(login.hostname, 'login.example.org');
      assert.equal(login.user, 'fromConfig');
      assert.equal(login.port, 22);
      assert.deepEqual(login.identityFiles, [join(folder, '.ssh/one'), join(folder, '.ssh/two')]);
      assert.deepEqual(
        login.userKnownHosts,
        ['known_hosts', 'known_hosts2'].map((name) => join(folder, '.ssh', name)),
      );
      assert.equal((await resolve('node.org')).port, 2);
      assert.equal((await resolve('second')).proxyJump, 'login');
      assert.equal((await resolve('nobody')).identityFiles.length, 3);
    });

    const compute = async (text: string, system = ''): Promise<HostConfig> => {
      const here = { home: mkdtempSync(join(folder, 'home-')), user: 'me' };
      mkdirSync(join(here.home, '.ssh'));
      writeFileSync(join(here.home, '.ssh/config'), text);
      const systemFile = join(here.home, 'ssh_config');
      writeFileSync(systemFile, system);
      return toHostConfig('login', await readOptions('login', null, here, systemFile), here);
    };

    it('runs nothing for it, and says so where it would matter', async () => {
      const ran = join(folder, 'ran');
      const touch = `Match host login exec "touch ${ran}"`;
      assert.deepEqual((await compute(`${touch}\n  BatchMode yes\n`)).refusals, [
        'Match exec (which only an installed ssh can answer)',
      ]);
      assert.deepEqual(
        (await compute(`Match host other exec "touch ${ran}"\n  BatchMode yes\n`)).refusals,
        [],
      );
      assert.deepEqual(
        (await compute(`Host login\n  BatchMode no\n${touch}\n  BatchMode yes\n`)).refusals,
        [],
      );
      assert.equal(
        (await compute('Match host login user me\n  BatchMode yes\nMatch all\n  Port 7\n')).port,
        7,
      );
      const path = process.env['PATH'];
      const tools = join(folder, 'tools');
      mkdirSync(tools);
      writeFileSync(join(tools, 'nslookup'), `#!/bin/sh\n: > ${ran}\n`, { mode: 0o755 });
      process.env['PATH'] = tools;
      try {
        const text = 'Host login\n  CanonicalizeHostname yes\n  CanonicalDomains example.org\n  Port 8\n';
        assert.equal((await compute(text)).port, 8);
      } finally {
        process.env['PATH'] = path;
      }
      assert.equal(existsSync(ran), false);
    });

    it('takes what the system says after what the user says', async () => {
      const host = await compute(
        'Host login\n  Port 9\n',
        'Port 10\nHost *\n  RevokedHostKeys /etc/revoked\n',
      );
      assert.equal(host.port, 9);
      assert.equal(host.revokedHostKeys, '/etc/revoked');
    });

    it('names the hosts that can be offered, in their order', async () => {
      assert.deepEqual(await findSshHosts({ home: folder }), ['login', 'second', 'third', 'other']);
      assert.deepEqual(listHosts('Host a b*c !d "e f"\n#Host g\nHostName h\n\tHost\ti\n'), ['a', 'e f', 'i']);
    });
  });
});
