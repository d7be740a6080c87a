// The private folder of scripts and answers, as a shell makes and checks it: tried by users who mean harm, and by unlucky ones.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  homeCommand,
  privateFolderFunctions,
  privateFolderOf,
  toPrivateWords,
} from '../../engine/slurm/privateFolder';
import { ensureResearcher, type Account } from '../slurm/account';
import { findObstacle } from '../slurm/packages';

/** Of the system, and nobody of this test's. */
const attacker = { uid: 5, gid: 60 };

/** Source: Linux, include/uapi/linux/posix_acl_xattr.h: version 2; then tag, rights and id of each entry. */
function setAccessList(path: string, uid: number): void {
  const nobody = 0xffffffff;
  const entries = [
    [1, 7, nobody],
    [2, 7, uid],
    [4, 0, nobody],
    [16, 7, nobody],
    [32, 0, nobody],
  ] as const;
  const bytes = Buffer.alloc(4 + 8 * entries.length);
  bytes.writeUInt32LE(2);
  for (const [index, [tag, rights, id]] of entries.entries()) {
    bytes.writeUInt16LE(tag, 4 + 8 * index);
    bytes.writeUInt16LE(rights, 6 + 8 * index);
    bytes.writeUInt32LE(id, 8 + 8 * index);
  }
  const script =
    'import os, sys; os.setxattr(sys.argv[1], "system.posix_acl_access", bytes.fromhex(sys.argv[2]))';
  execFileSync('python3', ['-c', script, path, bytes.toString('hex')]);
}

const obstacle = findObstacle();
if (obstacle !== undefined) console.log(`Absent here: private folders of several users (${obstacle}).`);
else {
  for (const shell of ['dash', 'bash'])
    describe(`a private folder, made by ${shell}`, () => {
      let victim: Account;
      let root: string;
      let home: string;
      before(() => {
        victim = ensureResearcher();
      });
      beforeEach(() => {
        root = mkdtempSync(join(tmpdir(), 'private-'));
        chmodSync(root, 0o755);
        home = join(root, 'home of mine');
        make(home, victim, 0o700);
      });
      afterEach(() => {
        rmSync(root, { recursive: true, force: true });
      });

      const own = (path: string, { uid, gid }: { uid: number; gid: number }, mode: number): void => {
        chownSync(path, uid, gid);
        chmodSync(path, mode);
      };
      const make = (path: string, owner: { uid: number; gid: number }, mode: number): void => {
        mkdirSync(path);
        own(path, owner, mode);
      };
      const run = (script: string, environment: Readonly<Record<string, string>> = {}): [number, string] => {
        const words = [`--reuid=${victim.uid}`, `--regid=${victim.gid}`, '--init-groups'];
        const { status, stdout, stderr } = spawnSync('setpriv', [...words, shell, '-c', script], {
          encoding: 'utf8',
          env: { PATH: process.env['PATH'], HOME: home, ...environment },
          cwd: '/',
        });
        return [status ?? -1, `${stdout}${stderr}`];
      };
      const ask = (further = ''): [number, string] =>
        run(
          `umask 000\n${privateFolderFunctions}\nprivate_folder ${toPrivateWords(privateFolderOf(home, 'here'))} ${further}`,
        );
      const folder = (): string => join(home, '.slurm-watchers');
      const refuses = (words: RegExp, code = 2, further = ''): void => {
        const [status, text] = ask(further);
        assert.match(text, words);
        assert.equal(status, code);
      };
      const accepts = (further = ''): void => {
        assert.deepEqual(ask(further), [0, '']);
      };

      it('is made for its owner alone, whatever the umask, and found again', () => {
        accepts('token .submission');
        accepts('token .submission');
        for (const path of ['', '/here', '/here/token', '/here/token/.submission']) {
          const { mode, uid } = statSync(folder() + path);
          assert.deepEqual([mode & 0o7777, uid], [0o700, victim.uid]);
        }
      });

      it('is not another user’s, who was there first', () => {
        make(folder(), attacker, 0o777);
        refuses(/\.slurm-watchers belongs to another user \(5\)/);
        assert.deepEqual(readdirSync(folder()), []);
      });

      it('is not one that others may write to', () => {
        for (const mode of [0o777, 0o770, 0o702, 0o1777]) {
          if (!existsSync(folder())) mkdirSync(folder());
          own(folder(), victim, mode);
          refuses(/\.slurm-watchers is writable for others/);
        }
      });

      it('is closed to others who may only look', () => {
        make(folder(), victim, 0o755);
        accepts();
        assert.equal(statSync(folder()).mode & 0o777, 0o700);
      });

      it('is not at the end of a link, whoever made it and at whatever depth', () => {
        const elsewhere = join(root, 'elsewhere');
        make(elsewhere, victim, 0o700);
        symlinkSync(elsewhere, folder());
        refuses(/\.slurm-watchers is a symbolic link/);
        rmSync(folder());
        symlinkSync(join(root, 'nothing'), folder());
        refuses(/\.slurm-watchers is a symbolic link/);
        rmSync(folder());
        accepts();
        symlinkSync(elsewhere, join(folder(), 'here/token'));
        refuses(/here\/token is a symbolic link/, 2, 'token');
        assert.deepEqual(readdirSync(elsewhere), []);
      });

      it('is not a file', () => {
        writeFileSync(folder(), '');
        refuses(/\.slurm-watchers is not a directory/);
      });

      it('is not below a folder in which others may rename it', () => {
        accepts();
        for (const [path, owner, mode, words] of [
          [home, victim, 0o777, /home of mine is writable for everybody/],
          [home, { ...victim, gid: 100 }, 0o770, /home of mine is writable for its group \(100\)/],
          [home, { uid: 0, gid: victim.gid + 5000 }, 0o775, /home of mine is writable for its group/],
          [home, attacker, 0o755, /home of mine belongs to another user \(5\)/],
          [root, { uid: 0, gid: 0 }, 0o777, /private-\w+ is writable for everybody/],
          [root, attacker, 0o1777, /private-\w+ belongs to another user \(5\)/],
          [root, { uid: 0, gid: 5000 }, 0o775, /private-\w+ is writable for its group \(5000\)/],
          // Many sites have given numbers below 1000 to groups of people, and all of them are in `users` elsewhere.
          [root, { uid: 0, gid: 500 }, 0o775, /private-\w+ is writable for its group \(500\)/],
          [root, { uid: 0, gid: 100 }, 0o775, /private-\w+ is writable for its group \(100\)/],
        ] as const) {
          own(path, owner, mode);
          refuses(words);
          own(home, victim, 0o700);
          own(root, { uid: 0, gid: 0 }, 0o755);
        }
      });

      it('is not below a folder into which an access control list lets others', () => {
        own(home, victim, 0o770);
        accepts();
        setAccessList(home, attacker.uid);
        refuses(/home of mine is writable for others by its access control list/);
        own(home, victim, 0o750);
        accepts();
      });

      it('is below homes as sites have them', () => {
        for (const [path, owner, mode] of [
          // A group of the user alone, and the umask 002.
          [home, victim, 0o775],
          [home, victim, 0o1777],
          [root, { uid: 0, gid: 0 }, 0o1777],
          // Of the administrators.
          [root, { uid: 0, gid: 50 }, 0o2775],
          [root, victim, 0o755],
        ] as const) {
          own(path, owner, mode);
          accepts();
          own(home, victim, 0o700);
          own(root, { uid: 0, gid: 0 }, 0o755);
        }
      });

      it('says what mkdir says', () => {
        own(home, { uid: 0, gid: 0 }, 0o755);
        refuses(/^mkdir: .*\.slurm-watchers.*: Permission denied/, 1);
      });

      it('is below the home, wherever that really is', () => {
        const link = join(root, 'link');
        symlinkSync(home, link);
        assert.deepEqual(run(homeCommand, { HOME: link, CDPATH: '/tmp' }), [0, `${home}\n`]);
        assert.deepEqual(run(homeCommand, { HOME: '' }), [0, `${victim.home}\n`]);
        const [status, words] = run(homeCommand, { HOME: join(root, 'none') });
        assert.ok(status !== 0);
        assert.match(words, /none/);
      });
    });
}

describe('the path of a private folder', () => {
  it('has a part for each of the clusters that share a home', () => {
    assert.equal(privateFolderOf('/home/me', 'big'), '/home/me/.slurm-watchers/big');
    assert.equal(privateFolderOf('/', 'a b/..'), '/.slurm-watchers/a_b_..');
    assert.equal(privateFolderOf('/h', '..'), '/h/.slurm-watchers/_');
    assert.equal(privateFolderOf('/h', ''), '/h/.slurm-watchers/_');
    assert.equal(toPrivateWords("/h o/.slurm-watchers/it's"), "'/h o' .slurm-watchers 'it'\\''s'");
    assert.equal(toPrivateWords('/.slurm-watchers/x'), '/ .slurm-watchers x');
  });
});
