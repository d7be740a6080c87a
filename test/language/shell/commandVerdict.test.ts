// What the list of allowed commands covers, and every way around it that is known.
import assert from 'node:assert/strict';
import { defaultAllowedCommands } from '../../../language/allowedCommands';
import { judgeCommand, type CommandVerdict } from '../../../language/shell/commandVerdict';
import { showCommand } from '../../../language/shell/showCommand';

const isKnown = (name: string): boolean => /^(?:\d|x|y|JOB_ID)$/.test(name);
const judge = (command: string, allowedCommands = defaultAllowedCommands): CommandVerdict =>
  judgeCommand(command, { allowedCommands, isKnown });

const textOf = (verdict: CommandVerdict): string =>
  verdict.covered ? 'covered' : verdict.reasons.map(({ text }) => text).join(' ');

describe('the list of allowed commands', () => {
  const covered = [
    'echo hi',
    'echo',
    ' \techo a  b ',
    'echo "it is $x" ${y:-none} \'$1\' $0',
    'echo "done!" a#b it\\ is',
    'echo "⚠️ ✅ 👩‍🔬 größer 中"',
    "'ec'ho 'a;b|c' \"d>e\" \\$x",
    'logger -t job "loss $x"',
    'ls -la $x',
    'wc -l $x',
    'pwd',
    'squeue -j $JOB_ID',
    'sacct -j $x --format=State',
    'sbatch --dependency=afterok:$JOB_ID next.sh',
    'python3 report.py $JOB_ID',
    'touch done-$JOB_ID',
    'cat out.txt',
    'cp -r a b',
    'mv a b',
    'date +%s',
    'date -u -d yesterday',
    'date -Iseconds',
    'mkdir -p results',
    'touch done',
    'tail -n 5 log',
    'grep -c ERROR log',
    'python3 plot.py -c 5 --out=a',
    'python -u -W ignore plot.py -c x',
    'python3 -m json.tool a.json',
    'pip install --upgrade wandb',
    'uv run plot.py',
    'uv run python plot.py',
    'uvx ruff check',
    'wandb sync --sync-all',
    'sbatch --time=1:00:00 next.sh',
    'nvidia-smi',
    'nvidia-smi --query-gpu=memory.used --format=csv',
    'rsync -avz --progress out/ backup/',
    'curl -fsS https://example.org/ping',
    'curl --silent --fail --max-time 5 --retry 3 --data-raw a=b --header "A: b" --http1.1 https://example.org',
    'curl -X POST -H "A: b" -d done https://example.org',
  ];
  for (const command of covered)
    it(`covers: ${command}`, () => {
      assert.deepEqual(judge(command), { covered: true }, textOf(judge(command)));
    });

  const asked: readonly (readonly [command: string, reason: RegExp])[] = [
    // More than one command.
    ['echo $(rm x)', /in place of a "\$"/],
    ['echo "$(rm x)"', /in place of a "\$"/],
    ['echo `rm x`', /back-quotes/],
    ['echo "`rm x`"', /back-quotes/],
    ['ls | sh', /more than one command/],
    ['ls |& sh', /more than one command/],
    ['ls; sh', /more than one command/],
    ['ls & sh', /more than one command/],
    ['ls && sh', /more than one command/],
    ['ls || sh', /more than one command/],
    ['ls\nsh', /more than one command/],
    ['(ls)', /more than one command/],
    ['{ ls; }', /group/],
    ['ls() { rm x; }', /more than one command/],
    ['function ls { rm x; }', /"function" is not one/],
    ['alias ls=rm', /"alias" is not one/],
    ['[[ a ]]', /"\[\[" is not one/],
    ['if ls', /"if" is not one/],
    ['while ls', /"while" is not one/],
    ['! ls', /begins with "!"/],
    ['!!', /begins with "!"/],
    ['echo !rm', /begins with "!"/],
    ['time ls', /"time" is not one/],
    ['coproc ls', /"coproc" is not one/],
    ['((1))', /more than one command/],
    // Redirections and here-documents.
    ['echo a > b', /reads or writes a file/],
    ['echo a >> b', /reads or writes a file/],
    ['echo a &> b', /reads or writes a file/],
    ['cat < b', /reads or writes a file/],
    ['cat 2>&1', /reads or writes a file/],
    ['cat <<E\na\nE', /reads or writes a file/],
    ['cat <<< a', /reads or writes a file/],
    ['cat <(rm x)', /reads or writes a file/],
    ['tail >(sh)', /reads or writes a file/],
    // What the shell puts in.
    ['echo $HOME', /in place of a "\$"/],
    ['echo ${HOME}', /in place of a "\$"/],
    ["echo $'a'", /in place of a "\$"/],
    ['echo $"a"', /in place of a "\$"/],
    ['echo $((1))', /in place of a "\$"/],
    ['echo $$x', /in place of a "\$"/],
    ['echo ${x:-$(rm y)}', /in place of a "\$"/],
    ['echo ${x:+`rm y`}', /back-quotes/],
    ['ls *', /names of files/],
    ['ls ?', /names of files/],
    ['ls [a]', /names of files/],
    ['echo {a,b}', /several words/],
    ['{echo,a}', /several words/],
    ['ls ~', /home directory/],
    ['cat ~/.ssh/id_rsa', /home directory/],
    ['cp a b # c', /comment/],
    ['ls \\\n-l', /joins two lines/],
    ['ec\\\nho', /joins two lines/],
    ['echo "a', /not closed/],
    ["echo 'a", /not closed/],
    ['echo a\\', /not closed/],
    // The name.
    ['FOO=1 sh', /sets a variable/],
    ['PATH=/tmp ls', /sets a variable/],
    ['a+=1 ls', /sets a variable/],
    ['a[0]=1 ls', /sets a variable/],
    ['rm x', /"rm" is not one/],
    ['./ls', /"\.\/ls" is not one/],
    ['/tmp/ls', /"\/tmp\/ls" is not one/],
    ['../ls', /not one/],
    ['LS', /"LS" is not one/],
    ['"l\\s"', /"l\\s" is not one/],
    ['lѕ', /only look like others/],
    ['ｌｓ', /only look like others/],
    ['ls\u00a0-l', /cannot be seen, or that shows the text in another order \(U\+00A0\)/],
    ['ls\u200b', /U\+200B/],
    ['echo \u202egpj', /U\+202E/],
    ['echo a\u0000b', /U\+0000/],
    ['echo a\rb', /U\+000D/],
    ['echo \u001b[2J', /U\+001B/],
    ['ls\u2028sh', /U\+2028/],
    ['ls\u000bsh', /U\+000B/],
    ['env sh', /"env" is not one/],
    ['command ls', /"command" is not one/],
    ['exec ls', /"exec" is not one/],
    ['eval ls', /"eval" is not one/],
    ['. ls', /"\." is not one/],
    ['source ls', /"source" is not one/],
    ['sudo ls', /"sudo" is not one/],
    ['xargs ls', /"xargs" is not one/],
    ['find . -exec rm {} +', /"find" is not one/],
    ['git -c core.pager=sh log', /"git" is not one/],
    ['tar --checkpoint-action=exec=sh -cf a b', /"tar" is not one/],
    ['awk BEGIN', /"awk" is not one/],
    ['bash -c ls', /"bash" is not one/],
    // Options that make it another command.
    ['python -c "import os"', /"-c" can make python/],
    ['python3 -Bc pass', /"-Bc" can make python3/],
    ['python3 -cpass', /"-cpass"/],
    ['python3 -X dev -c pass', /"-c"/],
    ['python3 -Wignore -c pass', /"-c"|"-Wignore"/],
    ['python3 -', /"-" can make/],
    ['python3 -i a.py', /"-i"/],
    ['"python3" "-"c pass', /"-c"/],
    ['rsync -e sh a b', /"-e"/],
    ['rsync -ave sh a b', /"-ave"/],
    ['rsync --rsh=sh a b', /"--rsh=sh"/],
    ['rsync --rsync-path=sh a b', /rsync-path/],
    ['rsync -M--log-file=/x a b', /"-M/],
    ['curl -o a https://b', /"-o"/],
    ['curl -fsSo a https://b', /"-fsSo"/],
    ['curl -O https://b', /"-O"/],
    ['curl --output=a b', /"--output=a"/],
    ['curl -K a', /"-K"/],
    ['curl --config a', /"--config"/],
    ['curl -T a b', /"-T"/],
    [`curl -w '%output{/home/me/.bashrc}id' https://b`, /"-w"/],
    ['curl -sw x https://b', /"-sw"/],
    ['curl --write-out x https://b', /"--write-out"/],
    // Beginnings of options, which older versions take, and those that only newer ones have.
    ['curl --o a https://b', /"--o"/],
    ['curl --ou a https://b', /"--ou"/],
    ['curl --expand-output a https://b', /"--expand-output"/],
    ['curl --variable a@/etc/passwd https://b', /"--variable"/],
    ['curl --data-urlencode a@/etc/passwd https://b', /"--data-urlencode"/],
    ['curl --data-u a@/etc/passwd https://b', /"--data-u"/],
    ['curl --url-query a@/etc/passwd https://b', /"--url-query"/],
    ['curl -H@/etc/passwd https://b', /"-H@\/etc\/passwd"/],
    ['curl -b a https://b', /"-b"/],
    ['curl -d @/etc/passwd b', /"@\/etc\/passwd"/],
    ['curl -d@a b', /"-d@a"/],
    ['curl -F a=@b c', /"a=@b"/],
    ['curl -F "a=<b" c', /"a=<b"/],
    ['cp -t d a', /"-t"/],
    ['cp -rt d a', /"-rt"/],
    ['cp --target-directory=d a', /"--target-directory=d"/],
    ['cp --targ=d a', /"--targ=d"/],
    ['mv -t d a', /"-t"/],
    ['date -s 1970', /"-s"/],
    ['date --set=1970', /"--set=1970"/],
    ['sbatch --wrap=id', /"--wrap=id"/],
    ['sbatch --wra id', /"--wra"/],
    ['logger -n host a', /"-n"/],
    ['logger --server host a', /"--server"/],
    ['pip install -i http://a b', /"-i"/],
    ['pip install --index-url=http://a b', /"--index-url=http:\/\/a"/],
    ['uv run bash a', /"bash" can make uv/],
    ['uv run rm -rf a', /"rm" can make uv/],
    ['uv run python -c a', /"-c"/],
    ['uvx sh', /"sh" can make uvx/],
    ['wandb agent a', /"agent"/],
    ['wandb launch a', /"launch"/],
    ['nvidia-smi -r', /"-r"/],
    ['nvidia-smi -f a', /"-f"/],
    // What a job prints as the program, an operand, a file.
    ['$x', /name of the command/],
    ['$JOB_ID', /name of the command/],
    ['"$x" a', /name of the command/],
    ['e$x', /name of the command/],
    ['${x:-echo} a', /name of the command/],
    ['./$x', /name of the command/],
    ['python3 $x', /given to python3, which runs/],
    ['python3 a.py $x', /given to python3/],
    ['python3 a.py --lr=$x', /given to python3/],
    ['pip install $x', /given to pip, which loads/],
    ['uvx $x', /given to uvx/],
    ['uv run $x', /given to uv/],
    ['sbatch $x', /given to sbatch, which submits/],
    ['rsync $x host:/d', /given to rsync, which sends/],
    ['curl $x', /given to curl/],
    ['curl -d "$x" https://a', /given to curl/],
    ['cp $x d', /given to cp, which creates or overwrites/],
    ['mv a $x', /given to mv/],
    ['touch $x', /given to touch/],
    ['mkdir $x', /given to mkdir/],
    ['cat $x', /given to cat, which reads/],
    ['tail -n $x log', /given to tail/],
    ['grep $x log', /given to grep/],
    ['nvidia-smi -i $x', /given to nvidia-smi/],
    ['wandb $x', /given to wandb/],
    ['date $x', /given to date/],
    ['logger ${x:--n} host', /"-n" can make logger/],
    ['echo a > $x', /names the file/],
    ['bash -c "echo $x"', /bash reads again/],
    ['ssh host "ls $x"', /ssh reads again/],
    ['find . -exec sh -c $x', /\$x would be the name of the command/],
    ['srun python3 $x', /given to python3/],
    ['nice -n 5 bash $x', /given to bash/],
    ['v=$x; echo "$v"', /could read the value of \$x again as a program: only plain words/],
    ['N=$x; eval "$N"', /\$x would be the name of the command that runs.* always refused/],
    ['N=$x; . "$N"', /a text that \. reads again as a program/],
    ['bash -c ". $x"', /a text that \. reads again as a program/],
    ['N=$x; bash $N', /given to bash, which runs the script/],
    ['bash $WATCHER_x', /given to bash, which runs the script/],
    ['echo $x | sh', /reads its program from what is printed: .* always refused/],
    ['set -e; echo $x', /could read the value of \$x again/],
    ['export BASH_ENV=$x', /\$x stands in a variable that decides .* always refused/],
    ['for PATH in $x; do :; done', /always refused/],
  ];
  for (const [command, reason] of asked)
    it(`asks: ${JSON.stringify(command)}`, () => {
      const verdict = judge(command);
      assert.ok(!verdict.covered, 'it is covered');
      assert.match(textOf(verdict), reason);
      for (const { start, end, remedy } of verdict.reasons) {
        assert.ok(start >= 0 && start < end && end <= command.length, `${start}-${end}`);
        assert.ok(remedy !== '');
      }
    });

  it('covers no program that runs another one, whatever the list says', () => {
    for (const command of [
      'env sh',
      'xargs rm',
      'find . -delete',
      'sudo ls',
      'srun a',
      'ssh a b',
      'nohup a',
      'eval a',
    ])
      assert.match(textOf(judge(command, [command.split(' ')[0] ?? ''])), /runs another command/, command);
    for (const command of [
      'bash -c ls',
      'perl -e 1',
      'git -c a=b log',
      'tar -cf a --to-command=sh',
      'tar -I sh -xf a',
    ])
      assert.match(textOf(judge(command, [command.split(' ')[0] ?? ''])), /can make/, command);
    assert.deepEqual(judge('/opt/bin/tell $x', ['/opt/bin/tell']), { covered: true });
    assert.ok(!judge('/opt/bin/tell', ['tell']).covered);
    assert.ok(!judge('/usr/bin/python3 $x', ['/usr/bin/python3']).covered);
  });

  it('asks for a capture that is called like a variable of ours', () => {
    const rules = { allowedCommands: defaultAllowedCommands, isKnown, captures: ['JOB_ID'] };
    assert.match(textOf(judgeCommand('python3 report.py $JOB_ID', rules)), /given to python3/);
  });

  it('shows the exact text, with what cannot be seen', () => {
    const verdict = judge('rm \u202ea\u00a0b\n\u001b');
    assert.ok(!verdict.covered);
    assert.equal(verdict.shown, 'rm \\u{202e}a\\u{a0}b\n\\u{1b}');
    assert.equal(showCommand('echo ü 😀'), 'echo ü 😀');
  });

  it('says what a value is, where it stands', () => {
    const verdict = judge('echo $x; python3 ${y:-a} b');
    assert.ok(!verdict.covered);
    assert.deepEqual(
      verdict.reasons.map(({ kind, start, end, isCode }) => [kind, start, end, isCode]),
      [
        ['construct', 7, 8, false],
        ['capture', 17, 24, true],
      ],
    );
  });
});
