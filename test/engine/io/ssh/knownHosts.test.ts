// What known_hosts files say of a key: names, patterns, hashes and markers of sshd(8).
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  findKnownTypes,
  isMeant,
  judgeHostKey,
  printKnownHost,
  toHostName,
} from '../../../../engine/io/ssh/knownHosts';

const toKey = (type: string, content: string): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(type.length);
  return Buffer.concat([length, Buffer.from(type), Buffer.from(content)]);
};
const mine = toKey('ssh-ed25519', 'mine');
const other = toKey('ssh-ed25519', 'other');
const rsa = toKey('ssh-rsa', 'rsa');
const line = (hosts: string, key: Buffer, type = 'ssh-ed25519'): string =>
  `${hosts} ${type} ${key.toString('base64')} a comment`;

const judge = (text: string, key = mine, name = 'login.example.org', plainName = name): string => {
  const verdict = judgeHostKey([{ path: 'known_hosts', text }], { name, plainName }, key);
  return 'place' in verdict ? `${verdict.kind} ${verdict.place.path}:${verdict.place.line}` : verdict.kind;
};

describe('known_hosts', () => {
  it('means hosts by name, list, pattern and negation, in any case', () => {
    const cases: readonly (readonly [string, string, boolean])[] = [
      ['login', 'login', true],
      ['login', 'login2', false],
      ['LOGIN.Example.org', 'login.example.org', true],
      ['a,b,login', 'login', true],
      ['log?n', 'login', true],
      ['*.example.org', 'login.example.org', true],
      ['*.example.org', 'example.org', false],
      ['*.example.org,!login.example.org', 'login.example.org', false],
      ['!login.example.org', 'node.example.org', false],
      ['[login]:2222', '[login]:2222', true],
      ['[login]:*', '[login]:2222', true],
      ['[login]:2222', 'login', false],
      ['login.example.org', 'loginxexample.org', false],
      ['', 'login', false],
    ];
    for (const [hosts, name, is] of cases) assert.equal(isMeant(hosts, name), is, `${hosts} for ${name}`);
  });

  it('names a host with its port only where it is not the usual one', () => {
    assert.equal(toHostName('Login', 22), 'login');
    assert.equal(toHostName('Login', 2222), '[login]:2222');
  });

  it('knows a key, and tells a changed one with its line', () => {
    assert.equal(judge(line('login.example.org', mine)), 'known');
    assert.equal(judge(`# old\n\n${line('login.example.org', other)}`), 'changed known_hosts:3');
    assert.equal(judge(`${line('login.example.org', other)}\n${line('login.example.org', mine)}`), 'known');
    assert.equal(judge(line('elsewhere', mine)), 'unknown');
    assert.equal(judge(''), 'unknown');
    assert.equal(
      judge(`login.example.org\nnonsense ssh-ed25519\r\n${line('login.example.org', mine)}\r\n`),
      'known',
    );
  });

  it('takes a key of another type for unknown, not for changed', () => {
    assert.equal(judge(line('login.example.org', rsa, 'ssh-rsa')), 'unknown');
  });

  it('heeds the markers', () => {
    const known = line('login.example.org', mine);
    assert.equal(judge(`${known}\n@revoked ${line('*', mine)}`), 'revoked known_hosts:2');
    assert.equal(judge(`@revoked ${line('*', other)}\n${known}`), 'known');
    assert.equal(judge(`@cert-authority ${line('*.example.org', other)}`), 'authority known_hosts:1');
    assert.equal(judge(`@cert-authority ${line('*.example.org', other)}\n${known}`), 'known');
    assert.equal(judge(`@cert-authority ${line('*.elsewhere', other)}`), 'unknown');
    assert.equal(judge(`@new-marker ${known}`), 'unknown');
  });

  it('accepts at another port what is known of the host, and refuses there nothing', () => {
    const at = (text: string): string => judge(text, mine, '[login]:2222', 'login');
    assert.equal(at(line('login', mine)), 'known');
    assert.equal(at(line('login', other)), 'unknown');
    assert.equal(at(`${line('login', mine)}\n${line('[login]:2222', other)}`), 'changed known_hosts:2');
  });

  it('finds the types that are known of a host', () => {
    const text = `${line('login', rsa, 'ssh-rsa')}\n${line('other', mine)}\n@revoked ${line('login', mine)}`;
    const names = { name: 'login', plainName: 'login' };
    assert.deepEqual(findKnownTypes([{ path: '', text }], names), ['ssh-rsa']);
  });

  for (const hashed of [false, true])
    it(`reads what it writes${hashed ? ', hashed' : ''}`, () => {
      const text = printKnownHost('[login]:2222', mine, hashed);
      assert.equal(text.includes('login'), !hashed);
      assert.equal(judge(text, mine, '[login]:2222', 'login'), 'known');
      assert.equal(judge(text, other, '[login]:2222', 'login'), 'changed known_hosts:1');
      assert.equal(judge(text, mine, 'login'), 'unknown');
    });

  const hasKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;
  if (!hasKeygen) console.log('Absent here: ssh-keygen.');
  else
    it('reads what ssh-keygen has hashed, and ssh-keygen finds what it has hashed itself', () => {
      const folder = mkdtempSync(join(tmpdir(), 'known-hosts-'));
      try {
        const key = join(folder, 'key');
        assert.equal(spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]).status, 0);
        const blob = Buffer.from(readFileSync(`${key}.pub`, 'utf8').split(' ')[1] ?? '', 'base64');
        const file = join(folder, 'known_hosts');
        writeFileSync(file, printKnownHost('[login]:2222', blob, false));
        assert.equal(spawnSync('ssh-keygen', ['-H', '-f', file]).status, 0);
        const text = readFileSync(file, 'utf8');
        assert.match(text, /^\|1\|/);
        assert.equal(judge(text, blob, '[login]:2222', 'login'), 'known');
        writeFileSync(file, printKnownHost('[login]:2222', blob, true));
        assert.equal(spawnSync('ssh-keygen', ['-F', '[login]:2222', '-f', file]).status, 0);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
});
