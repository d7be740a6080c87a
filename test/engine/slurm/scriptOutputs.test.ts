// Paths from script and options, where nobody else knows them any more.
import assert from 'node:assert/strict';
import { findScriptOutputs } from '../../../engine/slurm/scriptOutputs';
import { toJob } from '../../records';

const check = (id: string, script: string, nodes: string, stdout: string | null, stderr = stdout): void => {
  const submission = {
    ...{ token: 't', scriptName: 'a.sh', workdir: '/home/me', options: ['--job-name=x'] },
    ...{ script: `#!/bin/sh\n${script}\n`, cleanScript: `#!/bin/sh\n${script}\n` },
  };
  const job = toJob({ id, name: 'x', submission });
  assert.deepEqual(findScriptOutputs(job, nodes), { stdout, stderr }, script);
};

describe('outputs by the script', () => {
  it("are Slurm's own where it names none", () => {
    check('7', '', '', '/home/me/slurm-7.out');
    check('7_3', '', '', '/home/me/slurm-7_3.out');
  });
  it('are what it asks for, in the working directory that it asks for', () => {
    check('7', '#SBATCH -o %x-%j -e /e-%A\n#SBATCH -D sub', '', '/home/me/sub/x-7', '/e-7');
    check('7', '#SBATCH --chdir=/data --output=o', '', '/data/o');
  });
  it('are those of the first component, where the script runs', () => {
    check('7', '#SBATCH -o a\n#SBATCH hetjob\n#SBATCH -o b', '', '/home/me/a');
    check('7', '#SBATCH -n 1\n#SBATCH hetjob\n#SBATCH -o b', '', '/home/me/slurm-7.out');
  });
  it('are read as sbatch reads them', () => {
    check('7', '#SBATCH -o a\\%j#.out', '', '/home/me/a7');
    check('7', '#SBATCH -o "a \\"b\\""', '', '/home/me/a "b"');
    check('7', '#SBATCH -Hoa', '', '/home/me/a');
  });
  it('begin with the first node', () => {
    for (const nodes of ['gpu003', 'gpu[003-007]', 'gpu[003,009],cpu1', 'gpu003,cpu1', 'gpu003.site.org'])
      check('7', '#SBATCH -o %N', nodes, '/home/me/gpu003');
  });
  it('are those of the user’s own start-up files, unless the command line says otherwise', () => {
    const submission = {
      ...{ token: 't', scriptName: 'a.sh', workdir: '/w', options: ['--error=line'] },
      ...{ script: '', cleanScript: '#!/bin/sh\n#SBATCH -o script -e script\n' },
      given: ['--output=profile', '--error=profile'],
    };
    assert.deepEqual(findScriptOutputs(toJob({ id: '7', submission }), ''), {
      stdout: '/w/profile',
      stderr: '/w/line',
    });
  });
  it('stay open where they depend on what is not known', () => {
    check('7', '#SBATCH -o %N', '', null);
    check('7', '#SBATCH -o %u.out -e err', '', null, '/home/me/err');
    check('7_3', '#SBATCH -o %j', '', null);
  });
});
