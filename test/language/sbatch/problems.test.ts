// What is told of #SBATCH lines: the code, the stretch it is about, and the repaired script where there is a repair.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findSbatchLines } from '../../../language/sbatch/lines';
import { findSbatchProblems } from '../../../language/sbatch/problems';
import type { Problem } from '../../../language/problem';

const all = { stdout: true, stderr: true };
const find = (script: string, watched = all): readonly Problem[] =>
  findSbatchProblems(script, findSbatchLines(script), watched);

const told = (script: string, watched = all): string[] =>
  find(script, watched).map(({ code, span }) => `${code}: ${script.slice(span.start, span.end)}`);

function repair(script: string): string {
  const edits = find(script)[0]?.fix?.edits ?? [];
  return [...edits]
    .sort((a, b) => b.span.start - a.span.start)
    .reduce((text, { span, newText }) => text.slice(0, span.start) + newText + text.slice(span.end), script);
}

describe('problems of #SBATCH lines', () => {
  const quiet = [
    '#SBATCH --time=1-00:00:00 --mem=64G --array=0-15%4',
    '#SBATCH -t 90 -N2 -n 4 -J "my job" -o logs/%x-%A_%a.out',
    '#SBATCH -n4 -c8 -H # held',
    '#SBATCH --mail-type=end,FAIL --exclusive --nice --no-kill=off',
    '#SBATCH --exclusive=user --export=ALL,A=1 --gres=gpu:a100:2',
    '#SBATCH --part gpu --output=/dev/stdout',
    '#SBATCH --mem=64GB --tmp=100g --mem-per-cpu=4096 --mem=0',
    '#SBATCH --time=UNLIMITED --open-mode=append --kill-on-invalid-dep=yes',
    '#SBATCH --time={{ hours }}:00:00 --mem=<memory> --array=$TASKS --job-name=@NAME@',
    '#SBATCH --output=a\\%q.out',
    '##SBATCH --tme=1',
    '# SBATCH --tme=1',
    'echo\n#SBATCHER --time=1',
    '#SBATCH',
    'echo\n#SBATCH as a remark about what is above',
    'cat <<EOF > job.sh\n#!/bin/bash\n#SBATCH --tme=1\nEOF',
    "submit '\n#SBATCH --time=1\n'",
  ];
  for (const script of quiet)
    it(`are none in ${JSON.stringify(script)}`, () => {
      assert.deepEqual(told(script, { stdout: false, stderr: false }), []);
    });

  const cases: readonly [script: string, ...told: string[]][] = [
    ['#SBATCH --tme=60', 'sbatch-unknown-option: --tme'],
    ['#SBATCH --container-image=a', 'sbatch-unknown-option: --container-image'],
    ['#SBATCH --cpus=4', 'sbatch-unknown-option: --cpus'],
    ['#SBATCH -z 4', 'sbatch-unknown-option: -z', 'sbatch-unknown-option: 4'],
    ['#SBATCHER -n 1', 'sbatch-unknown-option: ER'],
    ['#SBATCH --workdir=/tmp', 'sbatch-unknown-option: --workdir'],
    ['#SBATCH -HZn1', 'sbatch-unknown-option: Z'],
    ['#SBATCH -n 1 : -n 2', 'sbatch-bad-line: :'],
    ['#SBATCH: -n 2', 'sbatch-bad-line: :'],
    ['#SBATCH --comment="a b -n 2  ', 'sbatch-bad-line: "a b -n 2'],
    ['#SBATCH --comment=a\\ b', 'sbatch-bad-line: \\ '],
    ['#SBATCH hetjob -n 2', 'sbatch-ignored: -n 2'],
    ['#SBATCH -n 1 hetjob -n 2', 'sbatch-ignored: hetjob -n 2'],
    ['#SBATCH "" -n 2', 'sbatch-ignored: -n 2'],
    ['#SBATCH -p=gpu', 'sbatch-bad-value: =gpu'],
    ['#SBATCH --mail-type="END, FAIL"', 'sbatch-bad-value: "END, FAIL"'],
    ['#SBATCH --nodes=2-1 --exclusive=us', 'sbatch-bad-value: 2-1', 'sbatch-bad-value: us'],
    ['#SBATCH --output=a\\%j-%q.out', 'sbatch-bad-value: a\\%j-%q.out'],
    ['#SBATCH time=60', 'sbatch-unknown-option: time=60'],
    ['#SBATCH --time=1h', 'sbatch-bad-value: 1h'],
    ['#SBATCH -t "1 day"', 'sbatch-bad-value: "1 day"'],
    ['#SBATCH -t1h', 'sbatch-bad-value: 1h'],
    ['#SBATCH --mem=1.5G --mem-per-cpu=4X', 'sbatch-bad-value: 1.5G', 'sbatch-bad-value: 4X'],
    ['#SBATCH --array=1..4', 'sbatch-bad-value: 1..4'],
    ['#SBATCH --ntasks=two', 'sbatch-bad-value: two'],
    ['#SBATCH --mail-type=ENDED', 'sbatch-bad-value: ENDED'],
    ['#SBATCH --hold=yes', 'sbatch-bad-value: yes'],
    ['#SBATCH --time', 'sbatch-bad-value: --time'],
    ['#SBATCH --output=$HOME/%j.out', 'sbatch-bad-value: $HOME/%j.out'],
    ['#SBATCH --output=%q.out', 'sbatch-bad-value: %q.out'],
    ['echo\n#SBATCH --time=1', 'sbatch-ignored: #SBATCH --time=1'],
    ['  #SBATCH --time=1', 'sbatch-ignored: #SBATCH --time=1'],
    ['#SBATCH -o /dev/null', 'sbatch-output: /dev/null'],
    ['#SBATCH -a 1-3 -o all.out', 'sbatch-output: all.out'],
    ['#SBATCH -n 1\n#SBATCH hetjob\n#SBATCH -o /dev/null'],
    ['#SBATCH -o /dev/null\n#SBATCH hetjob\n#SBATCH -o a.out', 'sbatch-output: /dev/null'],
  ];
  for (const [script, ...expected] of cases)
    it(JSON.stringify(script), () => {
      assert.deepEqual(told(script), expected);
    });

  for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty'])
    it(`are told of --${name}, which is no option though every object of JavaScript has it`, () => {
      assert.deepEqual(told(`#SBATCH --${name}=1`), [`sbatch-unknown-option: --${name}`]);
    });

  it('are told of lost output only where it is watched', () => {
    const watched = { stdout: false, stderr: true };
    assert.deepEqual(told('#SBATCH -o /dev/null -e a.err', watched), []);
    assert.deepEqual(told('#SBATCH -o /dev/null', watched), ['sbatch-output: /dev/null']);
    assert.deepEqual(told('#SBATCH -e /dev/null', watched), ['sbatch-output: /dev/null']);
  });

  const repairs: readonly [string, string][] = [
    ['#SBATCH --tme=60', '#SBATCH --time=60'],
    ['#SBATCH --workdir=/tmp', '#SBATCH --chdir=/tmp'],
    ['#SBATCH -p=gpu', '#SBATCH -pgpu'],
    ["#SBATCH --comment=it's", "#SBATCH --comment=it\\'s"],
    ['#SBATCH: -n 2', '#SBATCH -n 2'],
    ['  #SBATCH -n 1', '#SBATCH -n 1'],
    [
      '#!/bin/sh\n#SBATCH -n 1\n\necho\n#SBATCH -t 5\necho 2\n',
      '#!/bin/sh\n#SBATCH -n 1\n#SBATCH -t 5\n\necho\necho 2\n',
    ],
    ['#!/bin/sh\necho\n#SBATCH -t 5', '#!/bin/sh\n#SBATCH -t 5\necho\n'],
    ['echo\r\n#SBATCH -t 5\r\n', '#SBATCH -t 5\r\necho\r\n'],
  ];
  for (const [script, expected] of repairs)
    it(`repair ${JSON.stringify(script)}`, () => {
      assert.equal(repair(script), expected);
      assert.deepEqual(told(expected), []);
    });

  it('are none in the examples', () => {
    const folder = join(__dirname, '../../../examples');
    const scripts = readdirSync(folder).filter((name) => /\.(?:sh|sbatch)$/.test(name));
    assert.ok(scripts.length > 0);
    for (const name of scripts) assert.deepEqual(told(readFileSync(join(folder, name), 'utf8')), [], name);
  });
});
