// What a command finds in its environment: names that are ours alone, and values that a program can be given.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { toCommandEnvironment } from '../../../language/shell/commandEnvironment';

function refusalOf(captures: Readonly<Record<string, string | null>>): string {
  const environment = toCommandEnvironment(captures);
  return 'refusals' in environment
    ? environment.refusals.map(({ name, reason }) => `${name}: ${reason}`).join('; ')
    : '';
}

describe('the environment of a command', () => {
  it('has each capture under a name of its own', () => {
    assert.deepEqual(
      toCommandEnvironment({ loss: '0.5', PATH: '/tmp', LD_PRELOAD: '/a', none: null, _a1: 'a\n"$(b)"' }),
      {
        variables: {
          WATCHER_loss: '0.5',
          WATCHER_PATH: '/tmp',
          WATCHER_LD_PRELOAD: '/a',
          WATCHER_none: '',
          WATCHER__a1: 'a\n"$(b)"',
        },
        leftOut: [],
      },
    );
  });

  it('leaves out what is not a name', () => {
    for (const name of ['', '1', 'a b', 'a=b', 'größe', 'a\n', 'a\0', 'a-b', 'BASH_FUNC_ls%%', '__proto__ '])
      assert.deepEqual(toCommandEnvironment({ [name]: 'x' }), { variables: {}, leftOut: [name] });
  });

  it('is refused with what no program can be given', () => {
    assert.match(refusalOf({ a: 'x\0y' }), /^a: it holds a NUL/);
    assert.match(refusalOf({ a: '\udc00' }), /^a: it holds half/);
    assert.match(refusalOf({ a: 'x'.repeat(100_001) }), /^a: it is longer/);
    assert.match(refusalOf({ a: '😀'.repeat(25_001) }), /^a: it is longer/);
    assert.equal(refusalOf({ a: '😀'.repeat(25_000) }), '');
    assert.match(refusalOf({ a: '() { :;}; id' }), /^a: it begins as a function/);
    const five = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, 'x'.repeat(90_000)]));
    assert.match(refusalOf(five), /^: all captures together/);
    assert.match(refusalOf({ a: '\0', b: '\0' }), /^a: .*; b: /);
  });

  it('is taken by a real program at its largest', () => {
    const four = Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, 'ä'.repeat(49_500)]));
    const environment = toCommandEnvironment(four);
    assert.ok('variables' in environment);
    const { stdout } = spawnSync('sh', ['-c', 'printf %s "$WATCHER_d"'], {
      env: { PATH: process.env['PATH'], ...environment.variables },
      maxBuffer: 1 << 20,
    });
    assert.equal(stdout.toString(), 'ä'.repeat(49_500));
  });
});
