// What the bundles contain of other people's work: notices with the licences, and a bill of materials, from esbuild's metafiles.
import initSqlJs from 'sql.js';
import { Buffer } from 'node:buffer';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {{ readonly outputs: Readonly<Record<string, { readonly inputs: Readonly<Record<string, unknown>> }>> }} Metafile
 * @typedef {{ readonly name: string, readonly version: string, readonly license: string, readonly text: string,
 *   readonly homepage: string, readonly integrity: string | null, readonly needs: readonly string[] }} Shipped
 *   `needs`: references of what it needs.
 */

/** Licences that ask for nothing but their own text. */
const allowed = [
  ...['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0'],
  ...['Unlicense', 'blessing'],
];

/** The blessing that stands in SQLite's sources in the place of a licence; https://sqlite.org/copyright.html. */
const blessing = `The author disclaims copyright to this source code.  In place of
a legal notice, here is a blessing:

   May you do good and not evil.
   May you find forgiveness for yourself and forgive others.
   May you share freely, never taking more than you give.`;

/**
 * Packages of which code is in an output, and what is in files that are copied. Throws if one has no licence, another one than
 * is allowed, or no text of it.
 * @param {string} root
 * @param {readonly Metafile[]} metafiles
 * @returns {Promise<readonly Shipped[]>}
 */
export async function findShipped(root, metafiles) {
  const inputs = metafiles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap((output) => Object.keys(output.inputs)),
  );
  const folders = new Set(
    inputs.flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
  );
  /** @type {{ packages: Record<string, { integrity?: string }> }} */
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const sqlite = await describeSqlite();
  const packages = [...folders].map((folder) => ({
    ...readPackage(root, folder, lock.packages[folder]?.integrity),
    needs: [
      ...findNeeds(root, folder, folders),
      // Its wasm is no module.
      ...(folder.endsWith('/sql.js') ? [toReference(sqlite)] : []),
    ],
  }));
  // The same version may lie in more than one folder.
  const byReference = new Map([...packages, sqlite].map((one) => [toReference(one), one]));
  const all = [...byReference.values()].sort((one, other) =>
    toReference(one) < toReference(other) ? -1 : 1,
  );
  for (const { name, license } of all)
    if (!allowed.includes(license))
      throw new Error(`${name} has the licence ${license}: only ${allowed.join(', ')} ship.`);
  return all;
}

/**
 * References of what a package needs, of that which ships: looked for as Node does.
 * @param {string} root
 * @param {string} folder
 * @param {ReadonlySet<string>} folders
 * @returns {readonly string[]}
 */
function findNeeds(root, folder, folders) {
  /** @param {string} path */
  const readManifest = (path) => JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'));
  return Object.keys(readManifest(folder).dependencies ?? {}).flatMap((need) => {
    for (let base = folder; ;) {
      const found = `${base === '' ? '' : `${base}/`}node_modules/${need}`;
      if (folders.has(found)) return [toReference(readManifest(found))];
      const outer = base.replace(/\/?node_modules\/(?:@[^/]+\/)?[^/]+$/, '');
      // The packages may be a link to a folder elsewhere: nothing stands around that.
      if (outer === base) return [];
      base = outer;
    }
  });
}

/**
 * @param {string} root
 * @param {string} folder
 * @param {string | undefined} integrity
 * @returns {Omit<Shipped, 'needs'>}
 */
function readPackage(root, folder, integrity) {
  const directory = join(root, folder);
  /** @type {{ name: string, version: string, license?: string, licenses?: readonly { readonly type: string }[], homepage?: string, dependencies?: Record<string, string> }} */
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const { name, version, homepage } = manifest;
  // As packages said it before npm 2.
  const license = manifest.license ?? manifest.licenses?.map(({ type }) => type).join(' AND ');
  const files = readdirSync(directory)
    .filter((file) => /^(licen[cs]e|copying|notice|thirdpartynotices)([.-].*)?$/i.test(file))
    .sort();
  if (license === undefined || !files.some((file) => /^(licen[cs]e|copying)/i.test(file)))
    throw new Error(`${folder} does not say its licence, or has no text of it.`);
  return {
    ...{ name, version, license },
    text: files.map((file) => readFileSync(join(directory, file), 'utf8').trim()).join('\n\n'),
    homepage: homepage ?? `https://www.npmjs.com/package/${name}`,
    integrity: integrity ?? null,
  };
}

/** It is inside sql.js' wasm, which no metafile knows. @returns {Promise<Shipped>} */
async function describeSqlite() {
  const { Database } = await initSqlJs();
  const database = new Database();
  const version = String(database.exec('select sqlite_version()')[0]?.values[0]?.[0]);
  database.close();
  return {
    ...{ name: 'sqlite', version, license: 'blessing', text: blessing, homepage: 'https://sqlite.org' },
    ...{ integrity: null, needs: [] },
  };
}

/**
 * @param {readonly Shipped[]} shipped
 * @returns {string}
 */
export function printNotices(shipped) {
  const head = `Slurm Watchers contains code of the following packages. Each stands under its own licence.\n`;
  const list = shipped.map(({ name, version, license }) => `- ${name} ${version} (${license})`).join('\n');
  const texts = shipped.map(
    ({ name, version, license, homepage, text }) =>
      `${'='.repeat(80)}\n${name} ${version}\nLicence: ${license}\n${homepage}\n\n${text}\n`,
  );
  return [head, `${list}\n`, ...texts].join('\n');
}

/**
 * CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/), without a time or a random number: one build gives one text.
 * @param {readonly Shipped[]} shipped
 * @param {{ readonly name: string, readonly version: string, readonly license: string }} product
 * @returns {string}
 */
export function printBill(shipped, product) {
  const own = `pkg:npm/${product.name}@${product.version}`;
  const bill = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: { type: 'application', 'bom-ref': own, ...pickNames(product), purl: own },
    },
    components: shipped.map((one) => ({
      type: 'library',
      'bom-ref': toReference(one),
      ...pickNames(one),
      ...(one.integrity !== null && { hashes: toHashes(one.integrity) }),
      purl: toReference(one),
      externalReferences: [{ type: 'website', url: one.homepage }],
    })),
    dependencies: [
      { ref: own, dependsOn: shipped.map(toReference) },
      ...shipped.map((one) => ({ ref: toReference(one), dependsOn: one.needs })),
    ],
  };
  return `${JSON.stringify(bill, null, 2)}\n`;
}

/** @param {{ readonly name: string, readonly version: string, readonly license: string }} given */
function pickNames({ name, version, license }) {
  const [, group, rest] = /^(?:(@[^/]+)\/)?(.+)$/.exec(name) ?? [];
  return { ...(group && { group }), name: rest, version, licenses: [{ license: { id: license } }] };
}

/** https://github.com/package-url/purl-spec @param {{ readonly name: string, readonly version: string }} given */
function toReference({ name, version }) {
  if (name === 'sqlite') return `pkg:generic/sqlite@${version}`;
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** npm's `sha512-<base64>`. @param {string} integrity */
function toHashes(integrity) {
  const [, content = ''] = /^sha512-(.+)$/.exec(integrity) ?? [];
  return content === '' ? [] : [{ alg: 'SHA-512', content: Buffer.from(content, 'base64').toString('hex') }];
}
