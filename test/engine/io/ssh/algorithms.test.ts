// What is offered to a host: never more than the configuration allows.
import assert from 'node:assert/strict';
import { WatchError } from '../../../../engine/errors';
import {
  allows,
  chooseAlgorithms,
  isAccepted,
  isAcceptedType,
  toSignature,
  type Algorithms,
} from '../../../../engine/io/ssh/algorithms';
import { parseOptions, toHostConfig, type HostConfig } from '../../../../engine/io/ssh/hostConfig';
import type { SshPlace } from '../../../../engine/io/ssh/sshPlace';

const read = (text: string): HostConfig =>
  toHostConfig('login', parseOptions(text), { home: '/home/me', user: 'me' });
const place: SshPlace = {
  name: 'big',
  prompter: { ask: () => Promise.resolve(null) },
  environment: () => ({}),
  configFile: null,
  log: () => undefined,
};
const choose = (text: string, ...knownTypes: readonly string[]): Algorithms =>
  chooseAlgorithms(read(text), { place, knownTypes });

describe('algorithms', () => {
  it('are the usual ones, in our order, if nothing is said', () => {
    const { cipher, hmac, kex, serverHostKey } = choose('');
    assert.equal(cipher[0], 'aes128-gcm@openssh.com');
    assert.equal(hmac[0], 'hmac-sha2-256-etm@openssh.com');
    assert.equal(kex[0], 'curve25519-sha256');
    assert.equal(serverHostKey[0], 'ssh-ed25519');
    for (const names of [cipher, kex, serverHostKey])
      assert.doesNotMatch(names.join(), /cbc|group1-|-sha1$|ssh-rsa/);
  });

  it('begin with the type of key that is known', () => {
    assert.equal(choose('', 'ssh-rsa').serverHostKey[0], 'rsa-sha2-512');
    assert.equal(choose('', 'ecdsa-sha2-nistp256').serverHostKey[0], 'ecdsa-sha2-nistp256');
  });

  it('are those alone that the configuration allows', () => {
    assert.deepEqual(choose('ciphers aes256-ctr,chacha20-poly1305@openssh.com,aes256-cbc').cipher.sort(), [
      'aes256-cbc',
      'aes256-ctr',
      'chacha20-poly1305@openssh.com',
    ]);
    assert.deepEqual(choose('macs umac-64@openssh.com,hmac-sha2-512').hmac, ['hmac-sha2-512']);
    assert.deepEqual(choose('hostkeyalgorithms rsa-sha2-512', 'ssh-ed25519').serverHostKey, ['rsa-sha2-512']);
  });

  for (const [option, wanted] of [
    ['Ciphers', 'aes128-gcm'],
    ['MACs', 'umac-128-etm@openssh.com'],
    ['KexAlgorithms', 'sntrup761x25519-sha512@openssh.com,mlkem768x25519-sha256'],
    ['HostKeyAlgorithms', 'ssh-ed25519-cert-v01@openssh.com'],
  ])
    it(`are refused by name if ${option} allows none that we have`, () => {
      assert.throws(
        () => choose(`${option} ${wanted}`),
        (error) =>
          error instanceof WatchError &&
          error.code === 'needs-sign-in' &&
          error.message.includes(`${option} of ssh's configuration allows nothing for login`) &&
          error.message.includes(wanted ?? '') &&
          /Allow one of these for it: \S+, .*Remote-SSH/.test(error.remedy),
      );
    });

  it('may be added to the usual ones, or taken from them, by names and patterns', () => {
    const cases: readonly (readonly [string, string, boolean, boolean])[] = [
      ['', 'a', true, true],
      ['', 'a', false, false],
      ['a,b', 'b', false, true],
      ['a,b', 'c', true, false],
      ['+ssh-*', 'ssh-rsa', false, true],
      ['+ssh-*', 'usual', true, true],
      ['^x,y', 'y', false, true],
      ['^x', 'usual', true, true],
      ['-*-cbc,x?', 'aes128-cbc', true, false],
      ['-*-cbc,x?', 'x1', true, false],
      ['-*-cbc', 'aes128-ctr', true, true],
      ['-*-cbc', 'old', false, false],
    ];
    for (const [list, name, isUsual, expected] of cases)
      assert.equal(allows(list === '' ? [] : list.split(','), name, isUsual), expected, `${list}: ${name}`);
  });

  it('by which a key signs are those of PubkeyAcceptedAlgorithms', () => {
    assert.equal(toSignature('ssh-rsa', 'sha512'), 'rsa-sha2-512');
    assert.equal(toSignature('ssh-rsa', undefined), 'ssh-rsa');
    assert.equal(toSignature('ssh-ed25519', undefined), 'ssh-ed25519');
    const usual = read('');
    assert.equal(isAccepted(usual, 'rsa-sha2-256'), true);
    assert.equal(isAccepted(usual, 'ssh-rsa'), false);
    assert.equal(isAccepted(read('pubkeyacceptedalgorithms +ssh-rsa'), 'ssh-rsa'), true);
    const strict = read('pubkeyacceptedalgorithms ssh-ed25519,rsa-sha2-512');
    assert.equal(isAcceptedType(strict, 'ssh-rsa'), true);
    assert.equal(isAccepted(strict, 'rsa-sha2-256'), false);
    assert.equal(isAcceptedType(strict, 'ecdsa-sha2-nistp256'), false);
    assert.equal(isAcceptedType(read('pubkeyacceptedkeytypes ssh-ed25519'), 'ssh-rsa'), false);
  });
});
