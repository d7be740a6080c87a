// What the watching of a job survives: a window that closes, an engine that is killed, an extension that is deleted.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { waitFor } from '../../waitFor';
import { projectRoot } from '../bed/profile';
import { Workbench } from '../bed/workbench';

const execute = promisify(execFile);
const linesPerStage = 40;
const stages = ['closed', 'killed', 'deleted'];

/** Prints numbered lines, stage after stage; each stage waits for a file of its name. */
const script = `#!/bin/bash
#WATCHER name=numbers pattern="line (\\d+)" captures=[n] interval=1s action=store_metric(name=n, value=$n)
n=0
for stage in begun ${stages.join(' ')}; do
  until [ "$stage" = begun ] || [ -e "$stage" ]; do sleep 0.1; done
  for _ in $(seq ${linesPerStage}); do n=$((n + 1)); echo "line $n"; done
done
`;

describe('the watching of a job', function () {
  this.bail(true);
  let workbench: Workbench;
  before(async () => {
    workbench = await Workbench.open();
    writeFileSync(join(workbench.profile.workspace, 'numbers.sh'), script);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench.photographFailure(this.currentTest.title);
  });
  after(() => workbench.close());

  const ask = async (...words: string[]): Promise<unknown> => {
    const env = { ...process.env, SLURM_WATCHERS_HOME: workbench.profile.home };
    const { stdout } = await execute(
      process.execPath,
      [join(projectRoot, 'dist/cli.js'), ...words, '--json'],
      { env },
    );
    return JSON.parse(stdout);
  };
  const enginePid = async (): Promise<number | null> =>
    ((await ask('engine', 'status')) as { pid: number | null }).pid;
  const findNumbers = async (): Promise<number[]> =>
    ((await ask('metrics', '--name', 'n')) as { value: number }[]).map(({ value }) => value);
  const printStage = (stage: string): void => {
    writeFileSync(join(workbench.profile.workspace, stage), '');
  };
  const seeNumbers = (count: number): Promise<unknown> =>
    waitFor(`${count} numbers`, async () => (await findNumbers()).length >= count, 60_000);

  it('begins', async () => {
    await workbench.showWatchers();
    await workbench.openFile('numbers.sh');
    await workbench.run('Slurm Watchers: Submit with Watchers');
    await workbench.pick('sandbox');
    await workbench.row(`${linesPerStage} triggers`).waitFor();
  });

  it('survives a window that is closed, and is there when it is opened again', async () => {
    await workbench.page.goto('about:blank');
    printStage('closed');
    await seeNumbers(2 * linesPerStage);
    await workbench.load();
    await workbench.showWatchers();
    await workbench.row(`${2 * linesPerStage} triggers`).waitFor();
  });

  it('survives an engine that is killed', async () => {
    const pid = await waitFor('an engine', enginePid);
    process.kill(pid, 'SIGKILL');
    printStage('killed');
    await workbench.row(`${3 * linesPerStage} triggers`).waitFor();
    assert.notEqual(await waitFor('another engine', enginePid), pid);
  });

  it('survives the deletion of the extension under the running engine', async () => {
    const extensions = join(workbench.profile.directory, 'extensions');
    const own = readdirSync(extensions).filter((name) => name.startsWith('slurm-watchers.'));
    assert.equal(own.length, 1);
    for (const name of own) rmSync(join(extensions, name), { recursive: true });
    printStage('deleted');
    await workbench.row(/numbers\.sh.*completed/).waitFor();
    assert.ok(own.every((name) => !existsSync(join(extensions, name))));
  });

  it('has matched every line once, and told no event twice', async () => {
    const last = (stages.length + 1) * linesPerStage;
    await seeNumbers(last);
    assert.deepEqual(
      await findNumbers(),
      Array.from({ length: last }, (_, index) => index + 1),
    );
    const events = (await ask('events')) as { id: number; kind: string; params: { value?: string } }[];
    assert.equal(new Set(events.map(({ id }) => id)).size, events.length);
    assert.equal(events.filter(({ kind }) => kind === 'trigger').length, last);
    assert.deepEqual(
      events.filter(({ kind }) => kind === 'gap'),
      [],
    );
  });
});
