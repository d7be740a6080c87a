// What ships of other people's work: its licences and the bill of materials, held against the bundles themselves.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './commandLine';

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');

interface Bill {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: { readonly 'bom-ref': string; readonly version: string } };
  readonly components: readonly {
    readonly 'bom-ref': string;
    readonly group?: string;
    readonly name: string;
    readonly version: string;
    readonly licenses: readonly { readonly license: { readonly id: string } }[];
    readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

interface Metafile {
  readonly outputs: Readonly<Record<string, { readonly inputs: Readonly<Record<string, unknown>> }>>;
}

const free = /^(MIT|MIT-0|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|Unlicense|blessing)$/;

describe('what ships', () => {
  const notices = read('dist/THIRD_PARTY_NOTICES.txt');
  const bill = JSON.parse(read('dist/sbom.cdx.json')) as Bill;
  /** Folders of packages of which anything went into a bundle, as esbuild says. */
  const bundled = new Set(
    (JSON.parse(read('out/metafiles.json')) as Metafile[]).flatMap(({ outputs }) =>
      Object.values(outputs).flatMap(({ inputs }) =>
        Object.keys(inputs).flatMap((path) => /.*node_modules\/(@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? []),
      ),
    ),
  );
  const named = bill.components.map(
    ({ group, name, version }) => `${group ? `${group}/` : ''}${name} ${version}`,
  );

  it('is named, each package of each bundle, in notices and bill alike', () => {
    const wanted = [...bundled].map((folder) => {
      const { name, version } = JSON.parse(read(`${folder}/package.json`)) as Record<string, string>;
      return `${name} ${version}`;
    });
    assert.ok(wanted.length > 10, 'the bundles hold packages');
    const sqlite = named.filter((name) => name.startsWith('sqlite '));
    assert.equal(sqlite.length, 1);
    assert.deepEqual([...named].sort(), [...new Set([...wanted, ...sqlite])].sort());
    for (const name of named) assert.ok(notices.includes(`\n${'='.repeat(80)}\n${name}\n`), name);
    for (const known of [
      'ssh2',
      'bcrypt-pbkdf',
      'asn1',
      'tweetnacl',
      'sql.js',
      'commander',
      'vscode-jsonrpc',
    ])
      assert.ok(
        named.some((name) => name.startsWith(`${known} `)),
        known,
      );
  });

  it('stands under licences that ask for their text, which is there', () => {
    for (const { name, licenses } of bill.components)
      assert.deepEqual(
        licenses.map(({ license }) => free.test(license.id)),
        [true],
        name,
      );
    for (const folder of bundled) {
      const file = readdirSync(join(projectRoot, folder)).find((name) => /^licen[cs]e/i.test(name));
      assert.ok(file !== undefined && notices.includes(read(`${folder}/${file}`).trim()), folder);
    }
    assert.match(notices, /SQLite|sqlite[^]*May you share freely, never taking more than you give/);
  });

  it('has a bill of materials in CycloneDX that holds together', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    assert.deepEqual(
      [bill.bomFormat, bill.specVersion, bill.metadata.component.version],
      ['CycloneDX', '1.6', version],
    );
    const references = [bill.metadata.component, ...bill.components].map((component) => component['bom-ref']);
    assert.equal(new Set(references).size, references.length);
    assert.deepEqual(bill.dependencies.map(({ ref }) => ref).sort(), [...references].sort());
    for (const { ref, dependsOn } of bill.dependencies)
      for (const other of dependsOn) assert.ok(references.includes(other), `${ref} -> ${other}`);
    const edges = new Map(
      bill.dependencies.map(({ ref, dependsOn }) => [ref.replace(/@.*/, ''), dependsOn.join()]),
    );
    assert.match(edges.get('pkg:npm/ssh2') ?? '', /asn1@.*bcrypt-pbkdf@/);
    assert.match(edges.get('pkg:npm/sql.js') ?? '', /pkg:generic\/sqlite@\d/);
    for (const { name, hashes } of bill.components)
      if (name !== 'sqlite') assert.match(hashes?.[0]?.content ?? '', /^[0-9a-f]{128}$/, name);
  });

  it('goes into both packages', () => {
    for (const file of ['.vscodeignore', '.npmignore']) {
      const lines = read(file)
        .split('\n')
        .map((line) => line.replace(/^!\//, '!'));
      for (const wanted of ['!dist/**', '!SECURITY.md'])
        assert.ok(lines.includes(wanted), `${file}: ${wanted}`);
    }
    for (const file of ['SECURITY.md', 'dist/THIRD_PARTY_NOTICES.txt', 'dist/sbom.cdx.json'])
      assert.ok(statSync(join(projectRoot, file)).size > 1000, file);
    assert.match(read('README.md'), /\(SECURITY\.md\)/);
  });
});
