// Bundles everything that ships into dist/: extension, language server, engine host with its workers, command line.
import { build, transform } from 'esbuild';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPages } from './buildPages.mjs';
import { findShipped, printBill, printNotices } from './shippedPackages.mjs';
import { withoutNativeCode } from './withoutNativeCode.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Programs that share most of their code. */
const programs = {
  server: 'server/main.ts',
  cli: 'cli/main.ts',
  dryRunWorker: 'client/dryRunWorker.ts',
};

/** Each whole by itself: the engine's folder is copied, and goes on when the extension is replaced. */
const engine = {
  'engine/host': 'engine/host/main.ts',
  'engine/matchWorker': 'engine/io/matchWorker.ts',
  'engine/storeWorker': 'engine/io/storeWorker.ts',
  'engine/readFiles': 'engine/io/readFiles.ts',
  'engine/sandboxRunner': 'engine/io/sandboxRunner.ts',
};

/**
 * Pages of panels, and what works beside them: each is one file for a browser.
 * @type {Record<string, string>}
 */
const pages = {
  builder: 'webviews/builder/main.ts',
  builderWorker: 'webviews/builder/worker.ts',
  metrics: 'webviews/metrics/main.ts',
  output: 'webviews/output/main.ts',
  outputWorker: 'webviews/output/worker.ts',
};

const isReadable = process.argv.includes('--readable');
/** @satisfies {import('esbuild').BuildOptions} */
const options = {
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20',
  external: ['vscode'],
  plugins: [withoutNativeCode],
  minify: !isReadable,
  // Their licences are in THIRD_PARTY_NOTICES.txt, which is made from what is bundled.
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

/**
 * What several entry points need, and what is imported where it is first wanted, stands in files of its own in `folder`. esbuild
 * splits modules alone, and VS Code loads CommonJS: each file is translated once it is split.
 * @param {Record<string, string>} entryPoints
 * @param {string} folder
 */
async function buildSplit(entryPoints, folder) {
  const { outputFiles, metafile } = await build({
    ...options,
    entryPoints,
    chunkNames: `${folder}/[name]-[hash]`,
    format: 'esm',
    splitting: true,
    sourcemap: isReadable ? 'inline' : false,
    write: false,
  });
  mkdirSync(join(root, 'dist', folder), { recursive: true });
  for (const { path, text } of outputFiles) {
    const { code } = await transform(text, {
      format: 'cjs',
      platform: 'node',
      target: 'node20',
      supported: { 'dynamic-import': false },
      minify: !isReadable,
      sourcemap: isReadable ? 'inline' : false,
    });
    writeFileSync(path, code, { mode: code.startsWith('#!') ? 0o755 : 0o644 });
  }
  return metafile;
}

/** @param {readonly import('esbuild').Metafile[]} metafiles */
async function writeNotices(metafiles) {
  const shipped = await findShipped(root, metafiles);
  const product = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  writeFileSync(join(root, 'dist/THIRD_PARTY_NOTICES.txt'), printNotices(shipped));
  writeFileSync(join(root, 'dist/sbom.cdx.json'), printBill(shipped, product));
  // For the test that both are complete; not shipped.
  mkdirSync(join(root, 'out'), { recursive: true });
  writeFileSync(join(root, 'out/metafiles.json'), JSON.stringify(metafiles));
}

rmSync(join(root, 'dist'), { recursive: true, force: true });
mkdirSync(join(root, 'dist/engine'), { recursive: true });
const { metafile } = await build({
  ...options,
  entryPoints: engine,
  format: 'cjs',
  sourcemap: isReadable ? 'linked' : false,
});
await writeNotices([
  metafile,
  await buildPages(pages, { root, folder: 'dist/webviews', isReadable }),
  await buildSplit(programs, 'shared'),
  await buildSplit({ extension: 'client/extension.ts' }, 'extension'),
]);
cpSync(join(root, 'node_modules/sql.js/dist/sql-wasm.wasm'), join(root, 'dist/engine/sql-wasm.wasm'));
