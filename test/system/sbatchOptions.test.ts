// The table of sbatch's options against the sbatch of this machine: its own help lists nothing that the table lacks.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findLongOptions, sbatchRow } from '../../language/sbatch/optionTable';

/** Its help needs a configuration, but nothing that runs. */
function readHelp(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'sw-sbatch-'));
  const file = join(folder, 'slurm.conf');
  const lines = [
    'ClusterName=x',
    'SlurmctldHost=localhost',
    'NodeName=localhost',
    'PartitionName=p Nodes=localhost',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const { status, stdout } = spawnSync('sbatch', ['--help'], {
    encoding: 'utf8',
    env: { ...process.env, SLURM_CONF: file },
  });
  rmSync(folder, { recursive: true });
  return status === 0 ? stdout : undefined;
}

const help = readHelp();
const suite = 'the options of this sbatch';
if (help === undefined) console.log(`Absent here, for want of sbatch: ${suite}.`);
else
  describe(suite, () => {
    const listed = [...help.matchAll(/^\s+(?:-(\w), )?--([a-z0-9-]+)/gm)];
    it('are listed', () => {
      assert.ok(listed.length > 50, help);
    });
    for (const [, short, name = ''] of listed)
      it(`--${name} is known, with its letter`, () => {
        const [option, ...others] = findLongOptions(name);
        assert.deepEqual([option, others], [name, []]);
        if (short !== undefined && option) assert.equal(sbatchRow(option).short, short);
      });
  });
