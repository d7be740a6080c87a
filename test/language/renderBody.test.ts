// Resubmitted scripts: named captures are rendered, all that is the script's own stays.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderBody } from '../../language/renderBody';
import { evil, places, rereading } from './shell/hostileValues';

const values = {
  loss: '0.5',
  dir: 'a b',
  evil: "'; $(id) `id`",
  none: null,
  empty: '',
  option: '--rsh=sh',
  short: '-x',
  minus: '-1.5e-3',
  assigned: 'ALL,LD_PRELOAD=/tmp/a',
  equals: '=ls',
  word: 'e',
};

const render = (body: string): string | undefined => renderBody(body, values).value;

describe('the body of a resubmitted script', () => {
  const cases: Readonly<Record<string, readonly [body: string, rendered: string]>> = {
    'has its captures': ['echo ${loss}', 'echo 0.5'],
    'has them in all three forms': ['a ${loss:-1} ${loss:+--loss ${loss}} ${loss:+x}', 'a 0.5 --loss 0.5 x'],
    'keeps those without braces for the shell': ['echo $loss', 'echo $loss'],
    'keeps those without a value for the shell': [
      'echo ${none} ${none:-x} ${none:+y}',
      'echo ${none} ${none:-x} ${none:+y}',
    ],
    'has captures in words that the shell reads': [
      'echo ${none:-${loss}} ${HOME:-${loss}}',
      'echo ${none:-0.5} ${HOME:-0.5}',
    ],
    'has words in words': ['a ${loss:+-x ${none:+-y ${loss}}}', 'a -x ${none:+-y 0.5}'],
    'takes an empty value as one, as ssync does': ['a ${empty} "${empty:-x}" ${empty:+y}', 'a \'\' "" y'],
    'keeps numbers, and names of Slurm and the shell': [
      'echo ${1} ${JOB_ID} ${HOSTNAME} ${HOME}',
      'echo ${1} ${JOB_ID} ${HOSTNAME} ${HOME}',
    ],
    'keeps what is escaped': ['echo \\${loss} "\\${loss}"', 'echo \\${loss} "\\${loss}"'],
    'keeps other operators': [
      'echo ${loss#a} ${loss%b} ${#loss} ${loss-x}',
      'echo ${loss#a} ${loss%b} ${#loss} ${loss-x}',
    ],
    'has values in single quotes, as ssync does': ["python -m x '${loss}'", "python -m x '0.5'"],
    'has them in options of Slurm': ['#SBATCH --comment=${loss}', '#SBATCH --comment=0.5'],
    'has negative numbers, which are no options': [
      'python a.py ${minus} "${minus}" --lr=${minus}',
      'python a.py -1.5e-3 "-1.5e-3" --lr=-1.5e-3',
    ],
    'has what looks like an option where it cannot be one': [
      'rm -- ${short}; ls ./${short} --file=${option} a"${short}"; echo ${short}; printf %s ${short}; v=${short}',
      'rm -- -x; ls ./-x --file=--rsh=sh a"-x"; echo -x; printf %s -x; v=-x',
    ],
    'has quotes around what some shells expand at the beginning of a word': ['echo ${equals}', "echo '=ls'"],
    'has plain words in the values of options of Slurm': [
      '#SBATCH -J ${loss}_a --time=${loss} --gres=gpu:${loss} -o${loss}',
      '#SBATCH -J 0.5_a --time=0.5 --gres=gpu:0.5 -o0.5',
    ],
    'keeps the line that names its shell': ['#!/bin/${loss}', '#!/bin/${loss}'],
    'keeps comments whole': ['echo # ${dir}', 'echo # ${dir}'],
    'keeps its directives': [
      '#WATCHER pattern="x" action=log(message="${loss}")\necho ${loss}',
      '#WATCHER pattern="x" action=log(message="${loss}")\necho 0.5',
    ],
    'keeps blocks': [
      '#WATCHER_BEGIN\n# pattern: ${loss}\n#WATCHER_END\necho ${loss}\n',
      '#WATCHER_BEGIN\n# pattern: ${loss}\n#WATCHER_END\necho 0.5\n',
    ],
    'has plain words in here-documents and back-quotes': [
      'cat <<E\n${loss}\nE\necho `echo ${loss}`',
      'cat <<E\n0.5\nE\necho `echo 0.5`',
    ],
    'keeps line ends': ['echo ${loss}\r\necho\r\n', 'echo 0.5\r\necho\r\n'],
    'has arguments that look like assignments': [
      'python a.py loss=${loss} --loss=${loss}',
      'python a.py loss=0.5 --loss=0.5',
    ],
  };
  for (const [title, [body, rendered]] of Object.entries(cases)) {
    it(title, () => {
      assert.equal(render(body), rendered);
    });
  }

  const assignments = [
    'loss=1',
    'export loss=1',
    'export loss',
    'for loss in 1 2; do :; done',
    'read loss',
    'read -r a loss < f',
    'while IFS=, read -r loss; do :; done',
    'f() { local loss=1; }',
    'f() { loss=1; }',
    'if true; then loss=1; fi',
    'true && loss=1',
    'x=1 loss=2',
    'loss+=1',
    'loss[0]=1',
    'loss=(1 2)',
    'declare -i loss',
    'readonly loss=1',
    'x="$(loss=1; echo)"',
    '((loss = 1))',
    '((loss++))',
    'for ((loss = 0; loss < 3; loss++)); do :; done',
    'let loss=1',
    'printf -v loss %s x',
    'mapfile -t loss',
    'getopts ab loss',
    ': ${loss:=1}',
    'select loss in a; do :; done',
    'function f { loss=1; }',
    'case a in a) loss=1;; esac',
    '{ loss=1; }',
  ];
  for (const assignment of assignments) {
    it(`keeps a name that it assigns: ${assignment}`, () => {
      const body = `${assignment}\necho \${loss}\n`;
      const { value, assigned } = renderBody(body, values);
      assert.deepEqual([value, assigned], [body, ['loss']]);
    });
  }

  const noAssignments = [
    'echo loss=1',
    'x="loss=1"',
    '# loss=1',
    "echo 'loss=1'",
    'cat <<E\nloss=1\nE',
    'env loss=1 true',
    '[ $loss == 1 ]',
    '((loss == 1))',
    'forloss=1',
  ];
  for (const line of noAssignments) {
    it(`has no assignment in: ${line}`, () => {
      assert.equal(render(`${line}\necho \${loss}`), `${line}\necho 0.5`);
    });
  }

  const refusals: Readonly<Record<string, readonly [body: string, reason: string]>> = {
    'in a here-document': ['cat <<E\n${dir}\nE', 'not a plain word'],
    anywhere: ['echo ${dir}', 'not a plain word'],
    'in quotes': ['echo "${dir}"', 'not a plain word'],
    'in single quotes': ["echo '${dir}'", 'not a plain word'],
    'in a variable that decides what runs': ['export BASH_ENV=${loss}', 'decides what'],
    'in back-quotes': ['echo `ls ${dir}`', 'not a plain word'],
    'in an #SBATCH line': ['#SBATCH -J ${dir}', '#SBATCH'],
    'in an #SBATCH line, as an option': ['#SBATCH -J a ${short}', 'could be taken for an option'],
    'in an #SBATCH line, for the value of another option': [
      '#SBATCH -J ${short}',
      'could be taken for an option',
    ],
    'in an #SBATCH line, in the name of an option': ['#SBATCH --${loss}=1', 'could be taken for an option'],
    'in an #SBATCH line, as a letter of options': ['#SBATCH -${loss}', 'could be taken for an option'],
    'in an #SBATCH line, as an assignment': ['#SBATCH --export=${assigned}', 'not a plain word'],
    'in an #SBATCH line, empty': ['#SBATCH -J ${empty} --mem=1G', 'empty'],
    'in a long #SBATCH line': [`#SBATCH --comment=${'a'.repeat(1000)} \${short}`, 'not a plain word'],
    'in a #PBS line': ['#PBS ${short}', 'could be taken for an option'],
    'as an option': ['rsync ${option} a b', 'could be taken for an option'],
    'as an option in quotes': ['rsync "${short}" a', 'could be taken for an option'],
    'as an option, where an expansion may be empty': ['rsync $A${short} a', 'could be taken for an option'],
    'in the name of an option': ['rsync --${loss} a', 'name of an option'],
    'as the command after a joined line': ['\\\n${loss} x', 'command'],
    'as the command in back-quotes': ['echo `${loss} x`', 'inner shell expects the name'],
    'as an option in back-quotes': ['echo `rm ${short}`', 'could be taken for an option'],
    'as the command of a shell in the script': ['bash -c "${loss}"', 'inner shell expects the name'],
    'as a letter of sed': ['sed "1${word}" f', 'program of sed'],
    'for a shell in the script': ['bash -c "echo ${evil}"', 'not a plain word'],
    'as a command': ['${dir} x', 'command'],
    'in arithmetic': ['echo $((${dir}))', 'not a number'],
  };
  for (const [title, [body, reason]] of Object.entries(refusals)) {
    it(`is refused with a value that cannot be data ${title}`, () => {
      const { value, problems } = renderBody(body, values);
      assert.equal(value, undefined);
      assert.ok(problems[0]?.reason.includes(reason), problems[0]?.reason);
    });
  }

  const attack = 'a[$(touch x)]';
  const computing = [
    'N=${n}\n(( N > 5 )) && echo',
    'N="${n}"\necho $((N + 1))',
    "export N='${n}'\necho $((N + 1))",
    'N=${n:-1}\n[[ $N -gt 5 ]] && echo',
    'N=${n}\n[[ a == a &&\n  $N -gt 5 ]] && echo',
    'N=${n}\nM=$N\necho $((M))',
    'f() { echo $(( $1 )); }\nf "${n}"',
    'f() { local v=$1; [[ $v -eq 1 ]]; }\nf ${n}',
    'while read -r N; do\n  (( N > 5 ))\ndone <<< "${n}"',
    'printf "%s\\n" "${n}" > f\nread -r N < f\n: $((N))',
    'set -- "${n}"\n: $(( $1 ))',
    'for N in ${n}; do let "M = N + 1"; done',
    'declare -i N\nM="${n}"\nN=$M',
    'N=${n}\nlist=(1 2)\necho "${list[N]}" "${list[$N]}"',
    'N=${n}\ntext=abc\necho ${text:N:1}',
    'a=(1)\nN=${n}\nunset "$N"',
    'N="${n}"\n[ -v "$N" ]',
    'N="${n}"\necho "${!N}"',
    'N="${n}"\nprintf -v "$N" 1',
    'N=$(echo "${n}")\nif ((N)); then :; fi',
    'N=${n}\neval "echo $N"',
  ];
  for (const body of computing) {
    it(`has nothing evaluated in: ${body.replaceAll('\n', '⏎')}`, () => {
      const folder = mkdtempSync(join(tmpdir(), 'body-'));
      try {
        const run = (script: string): boolean => {
          spawnSync('bash', ['-c', script], { cwd: folder });
          const ran = existsSync(join(folder, 'x'));
          rmSync(join(folder, 'x'), { force: true });
          return ran;
        };
        // The attack is one: with the value in the place of the capture, as data, bash runs it.
        const naive = body.replace(/(["']?)\$\{n(?::-1)?\}\1/g, `'${attack}'`);
        assert.ok(run(naive), naive);
        const { value, problems } = renderBody(body, { n: attack });
        assert.equal(value, undefined);
        assert.match(problems[0]?.reason ?? '', /computes|arithmetic|program|plain word/);
        for (const harmless of ['7', '0.5', '-1'])
          assert.notEqual(renderBody(body, { n: harmless }).value, undefined, harmless);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }

  it('takes nothing but numbers for a variable that it computes with, and plain words elsewhere', () => {
    const body = 'N=${n}\nCKPT=${ckpt}\n((N > 5))\npython a.py ${ckpt} --note "${note}"\n';
    const refusedBy = (values: Readonly<Record<string, string>>): readonly string[] =>
      renderBody(body, { n: '1', ckpt: 'c', note: 'b', ...values }).problems.map(({ name }) => name);
    assert.deepEqual(refusedBy({ n: '7', ckpt: 'runs/epoch=3-step=40.ckpt' }), []);
    for (const n of ['PATH', 'PATH=5', 'a,b', '1e5', '', 'N++']) assert.deepEqual(refusedBy({ n }), ['n'], n);
    assert.deepEqual(refusedBy({ note: 'a b' }), ['note']);
    assert.deepEqual(renderBody('N=${n}\npython a.py "${n}"\n', { n: 'PATH' }).problems, []);
  });

  it('names what it needs and what is missing', () => {
    const { missing } = renderBody('echo ${none} ${none:-x} ${gone} ${loss}', { ...values, gone: null });
    assert.deepEqual(missing, ['none', 'gone']);
    assert.deepEqual(renderBody('echo ${none:-x}', values).missing, []);
  });

  it('prints the values as they are', () => {
    const plain = 'A-z_0./:=@%+,9';
    const body = 'printf "%s|" ${plain} "${plain}" \'${plain}\' "$(printf %s "${plain}")" "${none:-${loss}}"';
    const { stdout } = spawnSync('sh', ['-c', renderBody(body, { ...values, plain }).value ?? 'false']);
    assert.equal(stdout.toString(), `${plain}|`.repeat(4) + '0.5|');
  });

  it('takes no value that is not a plain word, whatever stands around it', () => {
    for (const x of evil.filter((value) => !/^[\w./:=@%+,-]*$/.test(value)))
      for (const place of [...rereading, ...Object.keys(places)]) {
        const body = place.replace(/\$x\b/g, '${x}');
        if (!body.includes('${x}') || /# \$\{x\}|\\\$|\$\$/.test(body)) continue;
        assert.equal(renderBody(body, { x }).value, undefined, `${body} with ${x}`);
        const withDefault = `CKPT="\${x:-none}"\n${place.replace(/\$x\b/g, '$CKPT')}`;
        assert.equal(renderBody(withDefault, { x }).value, undefined, `${withDefault} with ${x}`);
      }
  });
});
