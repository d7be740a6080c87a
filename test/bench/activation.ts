// What the extension costs before anybody asks anything of it: its size, and how long its activation takes in a real VS Code.
// Needs the packed extension (`npm run package`); names what is absent here. Prints JSON.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { findVsix } from '../vscode/bed/vsix';
import { Workbench } from '../vscode/bed/workbench';

const root = join(__dirname, '../..');
const testBed = join(root, '.cache/vscode-test-bed/code-server');
const rounds = 3;

const sizeOf = (path: string): number => statSync(path).size;

/** As "Show Running Extensions" tells it: loading the code and running `activate`. */
async function measureActivation(): Promise<number> {
  const workbench = await Workbench.open();
  try {
    await workbench.run('Developer: Show Running Extensions');
    const row = workbench.page.locator('.runtime-extensions-editor .monaco-list-row', {
      hasText: 'Slurm Watchers',
    });
    await row.waitFor();
    const time = /Activation:\s*(\d+)\s*ms/.exec(await row.locator('.activation-time').innerText())?.[1];
    if (time === undefined) throw new Error(`no time is told: ${await row.innerText()}`);
    return Number(time);
  } finally {
    await workbench.close();
  }
}

async function main(): Promise<void> {
  const bundles = readdirSync(join(root, 'dist')).filter((name) => name.endsWith('.js'));
  const times: number[] = [];
  if (existsSync(testBed)) for (let round = 0; round < rounds; round++) times.push(await measureActivation());
  console.log(
    JSON.stringify(
      {
        benchmark: 'activation',
        node: process.version,
        processor: cpus()[0]?.model,
        goals: { activationMilliseconds: 60, vsixBytes: 2_000_000 },
        vsixBytes: sizeOf(findVsix()),
        bundleBytes: Object.fromEntries(bundles.map((name) => [name, sizeOf(join(root, 'dist', name))])),
        activationMilliseconds: times.length > 0 ? times : 'absent here: no VS Code of the test bed',
      },
      null,
      2,
    ),
  );
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
