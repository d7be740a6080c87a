// What known_hosts files say of a key: names, patterns, hashes and markers of sshd(8).
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  findKnownTypes,
  findOtherNames,
  isMeant,
  judgeHostKey,
  printKnownHost,
  toHostName,
} from '../../../../engine/io/ssh/knownHosts';
import { parseKeyWords, type PublicKey } from '../../../../engine/io/ssh/publicKey';
import { printKey, printRsa, toEd25519, toRsa } from './sampleKeys';

const [mine, other] = [toEd25519('mine'), toEd25519('other')];
const rsa = toRsa('rsa');
const line = (hosts: string, { type, blob }: PublicKey): string =>
  `${hosts} ${type} ${blob.toString('base64')} a comment`;

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

  it('takes a key of any other type for changed, and names the line that tells most', () => {
    assert.equal(judge(line('login.example.org', rsa)), 'changed known_hosts:1');
    const lines = [rsa, other, toRsa('another')].map((key) => line('login.example.org', key));
    assert.equal(judge(lines.join('\n')), 'changed known_hosts:2');
    assert.equal(judge([lines[0], lines[2]].join('\n')), 'changed known_hosts:2');
    const verdict = judgeHostKey(
      [
        { path: 'mine', text: lines.join('\n') },
        { path: 'system', text: line('*', other) },
      ],
      { name: 'login.example.org', plainName: 'login.example.org' },
      mine,
    );
    assert.ok(verdict.kind === 'changed');
    assert.deepEqual(
      verdict.places.map(({ path, line: number }) => `${path}:${number}`),
      ['mine:1', 'mine:2', 'mine:3', 'system:1'],
    );
  });

  it('passes over keys that cannot be read, whatever they are', () => {
    const base64 = mine.blob.toString('base64');
    for (const text of [
      `login.example.org ssh-rsa ${base64}`,
      `login.example.org ssh-ed25519 ${base64}=`,
      `login.example.org ssh-ed25519 ${base64.slice(0, -4)}`,
      `login.example.org ssh-ed25519 ${base64}AAAA`,
      `login.example.org ssh-mldsa87 ${printKey('ssh-mldsa87', Buffer.alloc(32)).toString('base64')}`,
      line('login.example.org', toRsa('short', 127)),
      'login.example.org 1024 35 1234567890',
    ]) {
      assert.equal(judge(text, mine), 'unknown', text);
      assert.equal(judge(text, other), 'unknown', text);
    }
  });

  it('sees a revoked key in every spelling of it', () => {
    const padded = toRsa('rsa', 256, 3);
    assert.ok(padded.blob.equals(rsa.blob));
    const spelled = printRsa('rsa', 256, 3).toString('base64');
    assert.notEqual(spelled, rsa.blob.toString('base64'));
    assert.equal(judge(`@revoked * ssh-rsa ${spelled}`, rsa), 'revoked known_hosts:1');
    assert.equal(judge(`login.example.org ssh-rsa ${spelled}`, rsa), 'known');
    assert.equal(judge(`@revoked ${line('*', rsa)}`, padded), 'revoked known_hosts:1');
    const base64 = mine.blob.toString('base64');
    for (const text of [`@revoked * ssh-ed25519 ${base64}=`, `@revoked\t*\tssh-ed25519\t${base64} mine`])
      assert.equal(judge(text), 'revoked known_hosts:1', text);
  });

  it('takes the key of a revoked certificate for revoked, and a certificate for no key of a host', () => {
    const certificate = printKey(
      'ssh-ed25519-cert-v01@openssh.com',
      Buffer.alloc(8),
      mine.blob.subarray(-32),
    );
    const words = `ssh-ed25519-cert-v01@openssh.com ${certificate.toString('base64')}`;
    assert.equal(judge(`@revoked * ${words}`), 'revoked known_hosts:1');
    assert.equal(judge(`login.example.org ${words}`), 'changed known_hosts:1');
  });

  it('passes over hashes with another salt than ssh writes', () => {
    const [hosts = '', ...words] = printKnownHost('login.example.org', mine, true).split(' ');
    const salt = Buffer.alloc(8);
    const hash = createHmac('sha1', salt).update('login.example.org').digest('base64');
    assert.equal(judge([hosts, ...words].join(' ')), 'known');
    assert.equal(judge([`|1|${salt.toString('base64')}|${hash}`, ...words].join(' ')), 'unknown');
  });

  it('tells by which other names a key is known', () => {
    const text = [
      line('login', mine),
      line('other,node', mine),
      `@revoked ${line('third', mine)}`,
      line('fourth', other),
      printKnownHost('secret', mine, true),
    ].join('\n');
    assert.deepEqual(findOtherNames([{ path: 'k', text }], 'login', mine), [
      'k:2: other,node',
      'k:5: [hashed name]',
    ]);
    const many = Array.from({ length: 20 }, (_, index) => line(`node${index}`, mine)).join('\n');
    assert.equal(findOtherNames([{ path: 'k', text: many }], 'login', mine).length, 8);
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
    assert.equal(at(`${line('login', mine)}\n${line('[login]:2222', rsa)}`), 'changed known_hosts:2');
    assert.equal(at(`@revoked ${line('login', mine)}\n${line('login', mine)}`), 'revoked known_hosts:1');
    assert.equal(at(`@revoked ${line('login', mine)}`), 'revoked known_hosts:1');
    assert.equal(at(`@cert-authority ${line('login', other)}`), 'authority known_hosts:1');
    assert.equal(at(`@cert-authority ${line('[login]:2222', other)}\n${line('login', mine)}`), 'known');
  });

  it('finds the types that are known of a host', () => {
    const text = `${line('login', rsa)}\n${line('other', mine)}\n@revoked ${line('login', mine)}\nlogin ssh-ed25519 AAAA`;
    assert.deepEqual(findKnownTypes([{ path: '', text }], 'login'), ['ssh-rsa']);
    assert.deepEqual(findKnownTypes([{ path: '', text }], '[login]:2222'), []);
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
        const [type = '', base64 = ''] = readFileSync(`${key}.pub`, 'utf8').split(' ');
        const blob = parseKeyWords(type, base64);
        assert.ok(blob);
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
