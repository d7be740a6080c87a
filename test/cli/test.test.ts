// The dry run from the command line: what it prints, what it compares, what it refuses.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './inProcess';

const script = `#!/bin/bash
#WATCHER name=low pattern="loss ([\\d.]+)" captures=[loss] condition="float(loss) < 0.5" action=log_event(message="low $loss")
`;
const output = 'loss 0.9\nloss 0.4\n';

describe('test', () => {
  let directory: string;
  const write = (name: string, text: string): string => {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  };
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'slurm-watchers-test-'));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it('prints matches with the condition, triggers and final parameters, and says what its times are', async () => {
    const { code, stdout, stderr } = await runCommand(
      ['test', write('a.sh', script), '--output', '-'],
      [output],
    );
    assert.equal(code, 0);
    assert.deepEqual(stdout.split('\n'), [
      'line 1      low: match  "loss 0.9"  loss=0.9  float(loss) < 0.5 -> False',
      'line 2      low: match  "loss 0.4"  loss=0.4  float(loss) < 0.5 -> True',
      'line 2      low: trigger  loss 0.4',
      'line 2      low: log_event(message="low 0.4", level="info")',
      '',
    ]);
    assert.equal(
      stderr,
      '1 watcher: 2 matches, 1 trigger. Nothing was executed; one line was one tick of 1 s.\n',
    );
  });

  it('prints what a resubmission would change', async () => {
    const again = `#!/bin/bash
#SBATCH --mem=4G
#WATCHER name=oom pattern="oom" action=resubmit(modifications={"mem": "8G"})
`;
    const { stdout } = await runCommand(['test', write('a.sh', again), '--output', '-'], ['oom\n']);
    assert.equal(
      stdout.split('\n')[2],
      'line 1      oom: resubmit(cancel_previous=true, delay=0, modifications={"mem":"8G"})  --mem=4G becomes --mem=8G',
    );
  });

  it('calls the job as Slurm would', async () => {
    const naming = (lines: string): string =>
      `#!/bin/bash\n${lines}#WATCHER name=w pattern="x" action=log_event(message="$JOB_NAME")\n`;
    const names: readonly (readonly [lines: string, name: string])[] = [
      ['', 'a.sh'],
      ['#SBATCH --job-name=resnet --mem=1G\n', 'resnet'],
      ['#SBATCH -J first\n#SBATCH -J last\n', 'last'],
      ['#SBATCH --job-name "two words"\n', 'two words'],
      ['echo begin\n#SBATCH -J late\n', 'a.sh'],
    ];
    for (const [lines, name] of names) {
      const { stdout } = await runCommand(['test', write('a.sh', naming(lines)), '--output', '-'], ['x\n']);
      assert.match(stdout, new RegExp(`log_event\\(message="${name}"`), lines);
    }
  });

  it('prints JSON', async () => {
    const { stdout } = await runCommand(['test', write('a.sh', script), '--json', '--output', '-'], [output]);
    const entries = JSON.parse(stdout) as readonly object[];
    assert.deepEqual(entries[0], {
      line: 1,
      stream: 'stdout',
      seconds: 0,
      watcher: 'low',
      kind: 'match',
      matched_text: 'loss 0.9',
      captures: { loss: '0.9' },
      condition: { source: 'float(loss) < 0.5', value: 'False', holds: false, error: null },
    });
    assert.deepEqual(entries.at(-1), {
      line: 2,
      stream: 'stdout',
      seconds: 1,
      watcher: 'low',
      kind: 'action',
      action: 'log_event',
      success: true,
      matched_text: 'loss 0.4',
      captures: { loss: '0.4' },
      params: { message: 'low 0.4', level: 'info' },
      result: 'low 0.4',
    });
  });

  it('compares with what is expected, and shows the first difference', async () => {
    const path = write('a.sh', script);
    const log = write('out', output);
    const expected = join(directory, 'expected.json');
    const words = ['test', path, '--output', log, '--expect', expected];
    assert.equal((await runCommand(words)).code, 2);
    assert.equal((await runCommand([...words, '--update'])).code, 0);
    const same = await runCommand(words);
    assert.deepEqual([same.code, same.stdout], [0, 'as expected: 4 entries\n']);
    assert.deepEqual(
      JSON.parse(readFileSync(expected, 'utf8')),
      JSON.parse((await runCommand(['test', path, '--output', log, '--json'])).stdout),
    );
    write('out', 'loss 0.9\nloss 0.3\n');
    const other = await runCommand(words);
    assert.equal(other.code, 1);
    assert.match(other.stdout, /^entry 2 is not as in [^]*expected {2}\{[^\n]*0\.4[^]*found {5}\{[^\n]*0\.3/);
    write('out', '');
    assert.match((await runCommand(words)).stdout, /found {5}nothing more/);
  });

  it('reads a watcher file, and standard error where it is apart', async () => {
    const file = write('w.json', '[{"pattern": "x", "output_type": "stderr"}]');
    const triggers = async (...words: string[]): Promise<number> => {
      const { stdout } = await runCommand(['test', file, '--output', write('o', 'x\n'), '--json', ...words]);
      return (JSON.parse(stdout) as { kind: string }[]).filter(({ kind }) => kind === 'trigger').length;
    };
    assert.equal(await triggers(), 1);
    assert.equal(await triggers('--stderr', write('e', 'x\nx\n')), 2);
  });

  it('ends the job as it is told', async () => {
    const path = write('a.sh', '#WATCHER trigger_on_job_end=true action=log_event(message=$job_end_state)\n');
    const messages = async (...words: string[]): Promise<unknown> => {
      const { stdout } = await runCommand(['test', path, '--output', '-', '--json', ...words]);
      const entries = JSON.parse(stdout) as { kind: string; result: string }[];
      return entries.filter(({ kind }) => kind === 'action').map(({ result }) => result);
    };
    assert.deepEqual(await messages(), ['completed']);
    assert.deepEqual(await messages('--end', 'TO'), ['timeout']);
    assert.deepEqual(await messages('--end', 'cancelled'), []);
    assert.deepEqual(await messages('--end', 'none'), []);
    assert.equal((await runCommand(['test', path, '--output', '-', '--end', 'running'])).code, 2);
  });

  it('shows errors of the script instead', async () => {
    const { code, stderr } = await runCommand([
      'test',
      write('a.sh', '#WATCHER pattern="("\n'),
      '--output',
      '-',
    ]);
    assert.equal(code, 1);
    assert.match(stderr, /bad-regex/);
  });

  it('is wrong use without watchers, without an output, with a bad tick', async () => {
    const path = write('a.sh', script);
    assert.equal((await runCommand(['test', write('b.sh', 'ls\n'), '--output', '-'])).code, 2);
    assert.equal((await runCommand(['test', path])).code, 2);
    assert.equal((await runCommand(['test', path, '--output', '-', '--tick', '0'])).code, 2);
    assert.equal((await runCommand(['test', path, '--output', '-', '--update'])).code, 2);
  });
});
