// Bundles everything that ships into dist/: extension, language server, engine host with its workers, command line.
import { build } from 'esbuild';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withoutNativeCode } from './withoutNativeCode.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Bundle -> its entry point. */
const bundles = {
  extension: 'client/extension.ts',
  server: 'server/main.ts',
  cli: 'cli/main.ts',
  'engine/host': 'engine/host/main.ts',
  'engine/matchWorker': 'engine/io/matchWorker.ts',
  'engine/storeWorker': 'engine/io/storeWorker.ts',
  'engine/sandboxRunner': 'engine/io/sandboxRunner.ts',
};

rmSync(join(root, 'dist'), { recursive: true, force: true });
mkdirSync(join(root, 'dist/engine'), { recursive: true });
await build({
  absWorkingDir: root,
  entryPoints: Object.fromEntries(
    Object.entries(bundles).filter(([, entry]) => existsSync(join(root, entry))),
  ),
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode'],
  plugins: [withoutNativeCode],
  minify: !process.argv.includes('--readable'),
  sourcemap: process.argv.includes('--readable') ? 'linked' : false,
  legalComments: 'none',
  logLevel: 'warning',
});
cpSync(join(root, 'node_modules/sql.js/dist/sql-wasm.wasm'), join(root, 'dist/engine/sql-wasm.wasm'));
