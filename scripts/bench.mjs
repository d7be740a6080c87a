// Runs benchmarks, all or those that are named, and prints one JSON object for each. A row is a file of test/bench.
import { build } from 'esbuild';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePackages, root, run } from './packages.mjs';

ensurePackages();

const rows = readdirSync(join(root, 'test/bench'))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.replace(/\.ts$/, ''))
  .sort();
const named = process.argv.slice(2);
const unknown = named.filter((name) => !rows.includes(name));
if (unknown.length > 0) {
  console.error(
    `There is no benchmark called ${unknown.join(', ')}. The benchmarks are: ${rows.join(', ')}.`,
  );
  process.exit(2);
}

// Some rows run the bundles that ship; the benchmarks are bundled likewise, so that they run the code as it ships.
if (run('node', ['scripts/build.mjs']) !== 0) process.exit(1);
const directory = join(root, 'out/bench');
for (const name of named.length > 0 ? named : rows) {
  await build({
    absWorkingDir: root,
    entryPoints: [`test/bench/${name}.ts`],
    outfile: join(directory, `${name}.js`),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    packages: 'external',
    // Scripts that come along know where they are.
    define: { 'import.meta.url': 'scriptAddress' },
    banner: { js: `const scriptAddress = ${JSON.stringify(import.meta.url)};` },
    logLevel: 'warning',
  });
  if (run(process.execPath, [join(directory, `${name}.js`)]) === 0) continue;
  console.error(`The benchmark ${name} broke: see above.`);
  process.exitCode = 1;
}
