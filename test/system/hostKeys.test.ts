// Host keys as the real ssh judges them: each row of the table is tried by ssh and by us, against the same sshd.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WatchError } from '../../engine/errors';
import { createSshMachine } from '../../engine/io/ssh/sshMachine';
import { toEd25519, toRsa } from '../engine/io/ssh/sampleKeys';
import { createFieldReader, type PublicKey } from '../../engine/io/ssh/publicKey';
import { findObstacle } from '../slurm/packages';
import { createPerson } from '../slurm/sshBench';
import { startSshd, type Sshd } from '../slurm/sshd';
import { hostKeyRows, type HostKeyRow, type Verdict } from './hostKeyRows';

const obstacle = findObstacle();

interface Outcome {
  readonly verdict: Verdict;
  /** What stands in known_hosts then; the salts of hashes are random. */
  readonly written: string;
  /** What was said, for a person who looks for a difference. */
  readonly said: string;
}

const strictness: readonly Verdict[] = ['in', 'asked', 'authority', 'refused', 'changed', 'revoked'];

const toText = ({ type, blob }: PublicKey): string => `${type} ${blob.toString('base64')}`;

function hashName(name: string): string {
  const salt = Buffer.alloc(20, 7);
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

/** The same RSA key with zeros before its numbers. */
function pad(key: string): string {
  const reader = createFieldReader(Buffer.from(key.split(' ')[1] ?? '', 'base64'));
  const fields = [reader.string(), reader.string(), reader.string()];
  const padded = fields.map((field, index) =>
    index === 0 ? field : Buffer.concat([Buffer.alloc(2), field]),
  );
  const bytes = padded.flatMap((field) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(field.length);
    return [length, field];
  });
  return `ssh-rsa ${Buffer.concat(bytes).toString('base64')}`;
}

/** Leads to a port of this computer whatever the host is called, and ends when either side does. */
const toRelay = (port: number): string =>
  `bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port}; cat <&3 & trap "kill $!" EXIT; cat >&3'`;

/** A folder with the files and the configuration of a row. */
class Side {
  readonly folder = mkdtempSync(join(tmpdir(), 'host-keys-'));
  readonly config = join(this.folder, 'config');
  readonly knownHosts = join(this.folder, 'known_hosts');

  constructor(row: HostKeyRow, sshd: Sshd) {
    for (const [name, lines] of Object.entries(row.files ?? {})) {
      const text = lines.map((line) => `${this.fill(line, sshd)}\n`).join('');
      writeFileSync(join(this.folder, name), text);
    }
    const source = join(this.folder, 'krl:source');
    if (existsSync(source)) {
      const made = spawnSync('ssh-keygen', ['-q', '-k', '-f', join(this.folder, 'krl'), source]);
      assert.equal(made.status, 0, String(made.stderr));
    }
    const defaults = [
      'HostName login.example.org',
      `ProxyCommand ${toRelay(sshd.port)}`,
      `User ${sshd.researcher.name}`,
      `IdentityFile ${sshd.keys.plain}`,
      'IdentitiesOnly yes',
      'IdentityAgent none',
      'PreferredAuthentications publickey',
      'UserKnownHostsFile {dir}/known_hosts',
      'GlobalKnownHostsFile {dir}/global',
      // ssh would write down the other keys of the host, too; we do not.
      'UpdateHostKeys no',
    ];
    const lines = ['Host login', ...(row.options ?? []), ...defaults, ''];
    writeFileSync(this.config, lines.map((line) => line.replaceAll('{dir}', this.folder)).join('\n'));
  }

  private fill(line: string, sshd: Sshd): string {
    const own = (type: string): string =>
      sshd.hostKeys().find((key) => key.startsWith(type)) ?? toText(toEd25519('absent'));
    const ed25519 = own('ssh-ed25519');
    const values: Readonly<Record<string, string>> = {
      ed25519,
      'ed25519:base64': ed25519.split(' ')[1] ?? '',
      'ed25519:tab': ed25519.replace(' ', '\t'),
      rsa: own('ssh-rsa'),
      ecdsa: own('ecdsa'),
      other: toText(toEd25519('other')),
      otherRsa: toText(toRsa('other')),
      broken: ed25519.slice(0, -6),
      dir: this.folder,
    };
    return line.replace(/\{(?:hash:)?([^}]+)\}/g, (whole, name: string) => {
      if (whole.startsWith('{hash:')) return hashName(name);
      if (name === 'rsa:padded') return pad(own('ssh-rsa'));
      const value = values[name];
      assert.ok(value !== undefined, `${whole} means nothing`);
      return value;
    });
  }

  /** Hashes of the name that are new are made comparable. */
  get written(): string {
    const text = existsSync(this.knownHosts) ? readFileSync(this.knownHosts, 'utf8') : '';
    return text
      .replaceAll(this.folder, '{dir}')
      .replace(/^\|1\|(\S+)\|(\S+) /gm, (whole, salt: string, hash: string) => {
        const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update('login.example.org');
        return actual.digest('base64') === hash ? '{hashed} ' : whole;
      });
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** ssh asks a program that writes down what it was asked, and says yes. */
function trySsh(side: Side): Promise<Outcome> {
  const [program, asked] = [join(side.folder, 'ask'), join(side.folder, 'asked')];
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$1" >> '${asked}'\necho yes\n`);
  chmodSync(program, 0o755);
  const child = spawn('ssh', ['-F', side.config, 'login', 'echo is in'], {
    env: { PATH: process.env['PATH'], SSH_ASKPASS: program, SSH_ASKPASS_REQUIRE: 'force' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, said] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      const question = existsSync(asked) ? readFileSync(asked, 'utf8') : '';
      const isIn = out.includes('is in');
      const refused = /revoked by file|is marked as revoked/.test(said)
        ? 'revoked'
        : said.includes('IDENTIFICATION HAS CHANGED')
          ? 'changed'
          : 'refused';
      const entered = question.includes('authenticity of host') ? 'asked' : 'in';
      resolve({ verdict: isIn ? entered : refused, written: side.written, said: said + question });
    });
  });
}

async function tryOurs(side: Side): Promise<Outcome> {
  const person = createPerson((question) => (question.kind === 'hostKey' ? ['yes'] : null));
  const { PATH } = process.env;
  const machine = createSshMachine({
    name: 'testbed',
    host: 'login',
    prompter: person,
    environment: () => ({ PATH }),
    random: Math.random,
    log: () => undefined,
    configFile: side.config,
  });
  try {
    const { stdout } = await machine.run({ script: 'echo is in', timeLimitMs: 60_000 });
    assert.equal(stdout, 'is in\n');
    const verdict = person.asked.some(({ kind }) => kind === 'hostKey') ? 'asked' : 'in';
    return { verdict, written: side.written, said: JSON.stringify(person.asked) };
  } catch (error) {
    assert.ok(error instanceof WatchError, String(error));
    assert.equal(error.code, 'needs-sign-in', error.message);
    assert.notEqual(error.remedy, '');
    return { verdict: toVerdict(error.message), written: side.written, said: error.message };
  } finally {
    await machine.close();
  }
}

function toVerdict(message: string): Verdict {
  if (message.includes('which is revoked')) return 'revoked';
  if (message.includes('has changed')) return 'changed';
  return message.includes('@cert-authority') ? 'authority' : 'refused';
}

if (obstacle !== undefined) console.log(`Absent here: real sshd (${obstacle}).`);
else
  describe('host keys, as ssh judges them', () => {
    let hosts: Readonly<Record<'all' | 'ecdsa', Sshd>>;
    before(async () => {
      const [all, ecdsa] = await Promise.all([
        startSshd({ hostKeyTypes: ['ed25519', 'rsa', 'ecdsa'] }),
        startSshd({ hostKeyTypes: ['ecdsa'] }),
      ]);
      hosts = { all, ecdsa };
    });
    after(() => Promise.all(Object.values(hosts).map((sshd) => sshd.close())));

    for (const row of hostKeyRows)
      it(`${row.name}: ${row.ours?.[0] ?? row.ssh}`, async () => {
        const sshd = hosts[row.host ?? 'all'];
        const [theirs, ours] = [new Side(row, sshd), new Side(row, sshd)];
        const untouched = ours.written;
        try {
          const [expected, actual] = await Promise.all([trySsh(theirs), tryOurs(ours)]);
          assert.equal(expected.verdict, row.ssh, expected.said);
          assert.equal(actual.verdict, row.ours?.[0] ?? row.ssh, `${actual.said}\n${expected.said}`);
          const [mine, other] = [actual, expected].map(({ verdict }) => strictness.indexOf(verdict));
          assert.ok((mine ?? -1) >= (other ?? 0), 'it is less strict than ssh');
          // Who is not let in leaves nothing behind.
          assert.equal(actual.written, row.ours ? untouched : expected.written);
        } finally {
          theirs.close();
          ours.close();
        }
      });

    it('a new host is written on a line of its own, whatever stands before it', async () => {
      const side = new Side({ name: '', ssh: 'asked' }, hosts.all);
      try {
        writeFileSync(side.knownHosts, '# mine');
        assert.equal((await tryOurs(side)).verdict, 'asked');
        const [key = ''] = hosts.all.hostKeys();
        assert.equal(side.written, `# mine\nlogin.example.org ${key}\n`);
      } finally {
        side.close();
      }
    });
  });
