// The ssh machine as it ships: one file without native code, and ssh2 at work only once something connects.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(__dirname, '../../../..');

/** Runs where there are no packages; ssh2 asks for the ciphers when it is loaded. */
const program = `
const crypto = require('node:crypto');
const real = crypto.getCiphers;
let asked = 0;
crypto.getCiphers = () => { asked += 1; return real(); };
const { createSshMachine } = require('./sshMachine.js');
const machine = createSshMachine({
  name: 'bundled', host: 'login', prompter: { ask: async () => null }, environment: () => process.env,
  random: Math.random, log: () => undefined, configFile: __dirname + '/config',
});
const before = asked;
const server = require('node:net').createServer((socket) => socket.end());
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  require('node:fs').writeFileSync(__dirname + '/config', 'Host login\\nHostName 127.0.0.1\\nPort ' + port + '\\n');
  machine.run({ script: 'true', timeLimitMs: 1000 }).catch((error) => {
    server.close();
    console.log(JSON.stringify({ isLazy: before === 0 && asked > 0, code: error.code, message: error.message }));
  });
});
`;

describe('the bundled ssh machine', () => {
  it('is one file without native code, which loads ssh2 only to connect', async () => {
    const { withoutNativeCode } = await import('../../../../scripts/withoutNativeCode.mjs');
    const folder = mkdtempSync(join(tmpdir(), 'ssh-bundle-'));
    try {
      await build({
        entryPoints: [join(root, 'engine/io/ssh/sshMachine.ts')],
        outdir: folder,
        bundle: true,
        platform: 'node',
        format: 'cjs',
        target: 'node20',
        minify: true,
        logLevel: 'silent',
        plugins: [withoutNativeCode],
      });
      assert.deepEqual(readdirSync(folder), ['sshMachine.js']);
      writeFileSync(join(folder, 'program.js'), program);
      const { stdout, stderr } = spawnSync(process.execPath, [join(folder, 'program.js')], {
        encoding: 'utf8',
      });
      assert.equal(stderr, '');
      assert.match(
        stdout,
        /^{"isLazy":true,"code":"cluster-unreachable","message":"bundled: .*Connection lost before handshake"}$/m,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
