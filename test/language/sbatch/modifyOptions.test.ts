// Options of a job that is submitted again: one table of spellings, changes and what comes of them.
import assert from 'node:assert/strict';
import {
  findOption,
  joinDependency,
  modifyOptions,
  type Modifications,
} from '../../../language/sbatch/modifyOptions';

/** A script's lines, words of a command line, what changes; then lines and words. */
type Case = readonly [
  lines: string,
  words: readonly string[],
  modifications: Modifications,
  changedLines: string,
  changedWords: readonly string[],
];

const more: Modifications = { mem: '8G' };

const cases: Readonly<Record<string, Case>> = {
  'a value with =': ['#SBATCH --mem=4G', [], more, '#SBATCH --mem=8G', []],
  'a value after a blank': ['#SBATCH --mem 4G', [], more, '#SBATCH --mem=8G', []],
  'a letter': ['#SBATCH -t 1:00', [], { time: '2:00:00' }, '#SBATCH --time=2:00:00', []],
  'a letter with its value': ['#SBATCH -t1:00', [], { time: 90 }, '#SBATCH --time=90', []],
  'a beginning of a name': [
    '#SBATCH --cpus-per-t=5',
    [],
    { 'cpus-per-task': 9 },
    '#SBATCH --cpus-per-task=9',
    [],
  ],
  'a beginning with a blank': ['#SBATCH --depend afterok:1', [], { dependency: null }, '#SBATCH ', []],
  'a beginning that could be others is left alone': [
    '#SBATCH --mem-per=1G',
    [],
    { 'mem-per-gpu': '1G' },
    '#SBATCH --mem-per=1G',
    ['--mem-per-gpu=1G'],
  ],
  'several on a line': [
    '#SBATCH -J a --mem=4G -t 1:00 # as before',
    [],
    { mem: '8G', time: '2:00' },
    '#SBATCH -J a --mem=8G --time=2:00 # as before',
    [],
  ],
  'letters that share a dash': ['#SBATCH -HN2', [], { nodes: 4 }, '#SBATCH -H', ['--nodes=4']],
  'letters that share a dash, the first': ['#SBATCH -HN2', [], { hold: false }, '#SBATCH -N2', []],
  'letters that share a dash, with a blank': ['#SBATCH -HN 2', [], { nodes: null }, '#SBATCH -H ', []],
  'quoted values': ['#SBATCH --comment="a b" -n1', [], { comment: 'c' }, '#SBATCH --comment=c -n1', []],
  'quoted words': [
    '#SBATCH "--mem=4G" \'-t\' "5"',
    [],
    { mem: '8G', time: 6 },
    '#SBATCH --mem=8G --time=6',
    [],
  ],
  'a value with blanks': ['#SBATCH --comment=a', [], { comment: "it's b" }, '#SBATCH ', ["--comment=it's b"]],
  'repeated lines': ['#SBATCH --mem=1G\n#SBATCH --mem=2G', [], more, '#SBATCH \n#SBATCH --mem=8G', []],
  'no line at all': ['#SBATCH -n1', [], more, '#SBATCH -n1', ['--mem=8G']],
  'no blank after the marker': ['#SBATCH--mem=4G', [], more, '#SBATCH--mem=8G', []],
  'lines that sbatch does not read': [
    ' #SBATCH --mem=1G\n#SBATCH --mem=2G\necho\n#SBATCH --mem=3G',
    [],
    more,
    ' #SBATCH --mem=1G\n#SBATCH --mem=8G\necho\n#SBATCH --mem=3G',
    [],
  ],
  'lines in the text of directives': [
    '#WATCHER pattern="#SBATCH --mem=1G" action=log\n#SBATCH --mem=2G',
    [],
    more,
    '#WATCHER pattern="#SBATCH --mem=1G" action=log\n#SBATCH --mem=8G',
    [],
  ],
  'lines after a login set-up': [
    '#LOGIN_SETUP_BEGIN\nmodule load x\n#LOGIN_SETUP_END\n#SBATCH --mem=2G',
    [],
    more,
    '#LOGIN_SETUP_BEGIN\nmodule load x\n#LOGIN_SETUP_END\n#SBATCH --mem=8G',
    [],
  ],
  'the first component of several': [
    '#SBATCH --mem=1G\n#SBATCH hetjob\n#SBATCH --mem=2G',
    [],
    more,
    '#SBATCH --mem=8G\n#SBATCH hetjob\n#SBATCH --mem=2G',
    [],
  ],
  'words win': ['#SBATCH --mem=1G', ['--mem=2G'], more, '#SBATCH ', ['--mem=8G']],
  'words with values of their own': ['', ['-t', '5', '-J', 'a'], { time: 6 }, '', ['-J', 'a', '--time=6']],
  'words with letters': ['', ['-HN2', '--hold'], { hold: false }, '', ['-N2']],
  'words with letters and a value of its own': [
    '',
    ['-HN', '2', '-v'],
    { nodes: 3 },
    '',
    ['-H', '-v', '--nodes=3'],
  ],
  'memory in one way': [
    '#SBATCH --mem-per-cpu=1G\n#SBATCH --mem-per-gpu 2G',
    ['--mem-per-cpu=3G'],
    more,
    '#SBATCH \n#SBATCH ',
    ['--mem=8G'],
  ],
  'memory per processor': ['#SBATCH --mem=1G', [], { mem_per_cpu: '2G' }, '#SBATCH ', ['--mem-per-cpu=2G']],
  'memory in another way, and the old one taken away': [
    '#SBATCH --mem=1G',
    [],
    { mem: null, 'mem-per-gpu': '2G' },
    '#SBATCH ',
    ['--mem-per-gpu=2G'],
  ],
  'whole nodes': ['#SBATCH -s', [], { exclusive: true }, '#SBATCH ', ['--exclusive']],
  'another way to have whole nodes': [
    '#SBATCH --exclusive',
    [],
    { exclusive: 'user' },
    '#SBATCH --exclusive=user',
    [],
  ],
  'shared nodes': ['#SBATCH --exclusive=mcs', [], { oversubscribe: true }, '#SBATCH ', ['--oversubscribe']],
  'no whole nodes': ['#SBATCH --exclusive -n 1', [], { exclusive: false }, '#SBATCH  -n 1', []],
  'never queued again': ['#SBATCH --requeue', [], { 'no-requeue': true }, '#SBATCH ', ['--no-requeue']],
  'processors per GPU': ['#SBATCH -c4', [], { 'cpus-per-gpu': 8 }, '#SBATCH ', ['--cpus-per-gpu=8']],
  'names with dashes, underscores and letters': [
    '#SBATCH -n1',
    [],
    { '--cpus_per_task': 4, p: 'gpu', Time: '5' },
    '#SBATCH -n1',
    ['--cpus-per-task=4', '--partition=gpu', '--time=5'],
  ],
  'what is so already': ['#SBATCH --mem=8G', [], more, '#SBATCH --mem=8G', []],
  'what is not there is not taken away': ['#SBATCH -n1', ['-N2'], { mem: null }, '#SBATCH -n1', ['-N2']],
  'an empty value, if there is such': ['#SBATCH -n1', [], { export: '' }, '#SBATCH -n1', ['--export=']],
};

const modify = (lines: string, words: readonly string[], modifications: Modifications) =>
  modifyOptions({ script: `#!/bin/bash\n${lines}\necho done\n`, options: words }, modifications);

describe('options of a job that is submitted again', () => {
  for (const [title, [lines, words, modifications, changedLines, changedWords]] of Object.entries(cases)) {
    it(`change: ${title}`, () => {
      const { script, options, problems } = modify(lines, words, modifications);
      assert.deepEqual(problems, []);
      assert.equal(script, `#!/bin/bash\n${changedLines}\necho done\n`);
      assert.deepEqual(options, changedWords);
    });
  }

  it('keep every line end and all that is no option', () => {
    const script = '#!/bin/bash\r\n#SBATCH --mem=1G\r\n\r\necho "#SBATCH --mem=1G"\r\n';
    const changed = modifyOptions({ script, options: [] }, more).script;
    assert.equal(changed, '#!/bin/bash\r\n#SBATCH --mem=8G\r\n\r\necho "#SBATCH --mem=1G"\r\n');
  });

  it('are told with what they were', () => {
    const { changes } = modify('#SBATCH --mem-per-cpu 1G -t5', ['-J', 'a'], {
      mem: '8G',
      time: '5',
      J: null,
    });
    assert.deepEqual(changes, [
      { option: 'mem', before: null, after: '--mem=8G' },
      { option: 'mem-per-cpu', before: '--mem-per-cpu=1G', after: null },
      { option: 'job-name', before: '--job-name=a', after: null },
    ]);
  });

  it('that start-up files set are set on the command line, which alone wins over them', () => {
    const sources = { script: '#!/bin/bash\n#SBATCH -o a\n', options: [], given: ['--output=b'] };
    assert.equal(findOption(sources, 'output'), '--output=b');
    const { script, options } = modifyOptions(sources, { output: 'c' });
    assert.deepEqual([script, options], ['#!/bin/bash\n#SBATCH \n', ['--output=c']]);
  });

  const refusals: Readonly<Record<string, readonly [Modifications, RegExp]>> = {
    'sbatch does not know': [{ memm: '8G' }, /no such option.*"mem"/],
    'it knows by no letter': [{ y: '8G' }, /no such option/],
    'can mean several': [{ 'mem-per': '8G' }, /mem-per-cpu or mem-per-gpu/],
    'have a value that is none': [{ mem: 'much' }, /"much" is not a value for it. Write a whole number/],
    'have no value': [{ mem: true }, /needs a value/],
    'have an empty value': [{ mem: '' }, /"" is no/],
    'have a value but are flags': [{ hold: 'yes' }, /takes no value/],
    'have a list': [{ mem: ['8G'] }, /neither text nor a number/],
    'have a variable left in them': [{ comment: '$x' }, /variable in its value/],
    'have lines': [{ comment: 'a\n#SBATCH --uid=0' }, /more than one line/],
    'would submit nothing': [{ 'test-only': true }, /cannot have it/],
    'would take the place of the script': [{ wrap: 'rm -rf .' }, /cannot have it/],
    'would submit elsewhere': [{ M: 'other' }, /cannot have it/],
  };
  for (const [title, [modifications, expected]] of Object.entries(refusals)) {
    it(`are refused that ${title}`, () => {
      const [problem] = modify('#SBATCH -n1', [], modifications).problems;
      assert.match(`${problem?.reason ?? ''}. ${problem?.remedy ?? ''}`, expected);
    });
  }

  it('join dependencies', () => {
    assert.equal(joinDependency(null, 'afterany:7'), 'afterany:7');
    assert.equal(joinDependency('--dependency=afterok:1', 'afterany:7'), 'afterok:1,afterany:7');
    assert.equal(joinDependency('--dependency=singleton', 'afterany:7_2'), 'singleton,afterany:7_2');
    assert.equal(joinDependency('--dependency=afterany:7', 'afterany:7'), 'afterany:7');
    assert.equal(joinDependency('--dependency=afterok:1?afterok:2', 'afterany:7'), 'afterany:7');
  });
});
