// Values that quotes do not keep data: options, programs, names of variables; and those that no program can be given.
import assert from 'node:assert/strict';
import { longestRendered, renderCommand } from '../../../language/shell/renderCommand';

const render = (command: string, x: string): string => {
  const rendered = renderCommand(command, { groups: ['', x], variables: { x, y: '-b', unset: null } });
  if ('text' in rendered) return rendered.text;
  const [refusal] = rendered.refusals;
  assert.ok(refusal && refusal.remedy !== '' && (x.length < 5 || !refusal.reason.includes(x)));
  return `refused: ${refusal.reason}`;
};

describe('a value at the beginning of a word', () => {
  const option = 'could be taken for an option';
  const refused: readonly (readonly [command: string, value: string, reason: string])[] = [
    ['python3 $x', '-cimport os', option],
    ['sbatch $x', '--wrap=id', option],
    ['rsync $x host:/d', '--rsh=sh -c id', option],
    ['curl $x', '-K/tmp/evil.cfg', option],
    ['cp $x dest', '-t/home/me/.ssh', option],
    ['ls $x', '-', option],
    ['ls "$x"', '-l', option],
    ["ls '$x'", '-l', option],
    ['ls ${x}', '-l', option],
    ['ls $1', '-l', option],
    ['ls ${unset:-$x}', '-l', option],
    ['ls $x$y', '', option],
    ['ls ""$x', '-l', option],
    ["ls ''$x", '-l', option],
    ['ls \\\n$x', '-l', option],
    ['ls "\\\n$x"', '-l', option],
    // What is before it may come to nothing, or be split from it.
    ['ls $HOME$x', '-l', option],
    ['ls ${HOME}$x', '-l', option],
    ['ls "$HOME"$x', '-l', option],
    ['ls "$HOME$x"', '-l', option],
    ['ls $(true)$x', '-l', option],
    ['ls "$(true)$x"', '-l', option],
    ['ls `true`$x', '-l', option],
    ['ls a$OPTIONS$x', '-l', option],
    ['ls ${A:-a $x}', '-l', option],
    ['ls a${A:- $x}', '-l', option],
    ['ls ${A+b}$x', '-l', option],
    ['ls {a,$x}', '-l', option],
    ['ls {,a}$x', '-l', option],
    ['ls <(a) $x', '-l', option],
    ['ls > log $x', '-l', option],
    ['ls 2>&1 $x', '-l', option],
    ['echo $(ls $x)', '-l', option],
    ['if ls $x; then :; fi', '-l', option],
    ['[ $x = a ]', '-f', option],
    ['./tool $x', '-l', option],
    // The `--` of another program, or of none.
    ['env -- ls $x', '-l', option],
    ['env -- env -- ls $x', '-l', option],
    ['find -- . -name $x', '-delete', option],
    ['kill -- $x', '-1', option],
    ['ls --a $x', '-l', option],
    ['echo -- ; ls $x', '-l', option],
    // In the name of an option.
    ['rm -$x', 'rf', 'name of an option'],
    ['rm --$x', 'recursive', 'name of an option'],
    ['rm -"$A"$x', 'rf', 'name of an option'],
    ['rm "$A"-$x', 'rf', 'name of an option'],
    ['rm $--$x', 'rf', 'name of an option'],
    ['rm a$A-$x', 'rf', 'name of an option'],
    ['rm -{a,$x}', 'rf', 'name of an option'],
    ['rsync --rs$x a b', 'h=sh', 'name of an option'],
    // What else has a meaning there.
    ['bash $x', '+x', 'more than a plain argument'],
    ['less $x', '+!id', 'more than a plain argument'],
    ['date $x', '+%s', 'more than a plain argument'],
    ['curl -d $x host', '@/etc/passwd', 'more than a plain argument'],
    ['curl -F a=$x host', '@/etc/passwd', 'read a file'],
    ['gcc $x', '@file', 'more than a plain argument'],
    ['kill $x', '0', 'more than a plain argument'],
    ['dd $x', 'of=/home/me/.bashrc', 'more than a plain argument'],
    ['test $x = a', '!', 'more than a plain argument'],
    ['srun -n 1 ls $x', 'A=1', 'more than a plain argument'],
    ['rm -rf $x/tmp', '', 'empty'],
    ['rm -rf "$x"', '', 'empty'],
    ['cp a $x/b', '', 'empty'],
    ['python3 $x', '', 'empty'],
    // Names of variables.
    ['export $x', 'LD_PRELOAD=/tmp/a', 'name of a variable'],
    ['declare $x', 'PATH=/tmp', 'name of a variable'],
    ['unset $x', 'PATH', 'name of a variable'],
    ['read $x', 'PATH', 'name of a variable'],
    // Which stream.
    ['ls >&$x', '-', 'would choose which one'],
    // The command itself.
    ['$HOME$x', 'a', 'name of the command'],
    ['./$x', 'a', 'name of the command'],
    ['a$x', 'b', 'name of the command'],
    ['\\\n$x', 'a', 'name of the command'],
    ['{sed,$x}', 'a', 'name of the command'],
    ['2>log $x', 'a', 'name of the command'],
    ['time -p $x', 'a', 'name of the command'],
    ['ls &> log $x', 'a', 'name of the command'],
    ['env $x', 'a', 'the command that it runs'],
    ['env A=1 $x', 'a', 'the command that it runs'],
    ['timeout 5m $x', 'a', 'the command that it runs'],
    ['nice -n 5 $x', 'a', 'the command that it runs'],
    ['srun -n 1 -- $x', 'a', 'the command that it runs'],
    ['eval $x', 'a', 'inner shell expects the name'],
    ['ssh $x', 'a', 'the command that it runs'],
    ['bash -c "$x"', 'a', 'inner shell expects the name'],
    ['bash -c "ls; $x"', 'a', 'inner shell expects the name'],
    ['bash -c "/bin/$x"', 'a', 'inner shell expects the name'],
    ['bash -c "ls $x"', '-l', option],
    ['/bin/ash -c "$x"', 'a', 'inner shell expects the name'],
    ['ssh host "$x"', 'reboot', 'inner shell expects the name'],
    ['ssh -p 22 host $x', 'reboot', 'inner shell expects the name'],
    ['ssh host "cd a; $x"', 'reboot', 'inner shell expects the name'],
    ['eval "ls; $x"', 'reboot', 'inner shell expects the name'],
    ['find -- . -- $x', '-delete', option],
    ['env printf $x', '%n', 'format of printf'],
    ['ssh host ls $x', '-l', option],
    // What reads it again as a program.
    ['>log sed "$x" f', '1e id', 'no plain word'],
    ['sed 2>&1 "$x" f', '1e id', 'no plain word'],
    ['env sed "$x" f', '1e id', 'no plain word'],
    ['timeout 5 awk "$x"', 'BEGIN{system("id")}', 'no plain word'],
    ['case a in (a) sed "$x" f;; esac', '1e id', 'no plain word'],
    ['for i do sed "$x" f; done', '1e id', 'no plain word'],
    ['$\'\\x73ed\' "$x" f', '1e id', 'no plain word'],
    ['/bin/s?d "$x" f', '1e id', 'no plain word'],
    ['$SED "$x" f', '1e id', 'no plain word'],
    ['tar -cf a --checkpoint-action=exec=$x .', 'id; id', 'no plain word'],
    ['git -c alias.a=$x a', '!id', 'no plain word'],
    ['rsync -e $x a b', 'sh -c id', 'no plain word'],
    ['make LR=$x', '$(shell id)', 'no plain word'],
    ['find . -exec sh -c $x {} +', 'id; id', 'no plain word'],
    ['sed "$x" f', 'e', 'program of sed'],
    ['sed "s/a/$x/" f', 'b/w/tmp/a', 'program of sed'],
    ['sed -e "$x" f', 'w', 'program of sed'],
    ['echo $x | xargs rm', 'a b', 'no plain word'],
    ['echo $x | xargs rm', '', 'from what it reads'],
    ['eval ls $x', '', 'nothing would be left'],
    ['echo $x | xargs rm', '-rf', 'from what it reads'],
    ['echo "$x" | bc', '!id', 'no plain word'],
    ['echo "$x" | make -f - a', '!id', 'no plain word'],
    // The format of printf.
    ['printf $x', '%n', 'format of printf'],
    ['printf "$x\\n"', '\\0101', 'format of printf'],
    ['printf -- $x', '100%', 'format of printf'],
    ['printf -v v $x', '100%', 'format of printf'],
    ['printf $x', '-v', 'format of printf'],
    // What no program can be given.
    ['echo $x', 'a\0', 'NUL'],
    ['echo $x', 'a\ud800', 'half of a character'],
    ['echo $x', '\udc00a', 'half of a character'],
    ['echo $x', 'a'.repeat(longestRendered), 'longer than'],
    ['echo $x', 'ä'.repeat(longestRendered / 2), 'longer than'],
    ['echo $x', "'".repeat(longestRendered / 4), 'longer than'],
    ['echo $x$x', 'a'.repeat(longestRendered / 2), 'longer than'],
  ];
  for (const [command, value, reason] of refused)
    it(`is refused: ${JSON.stringify(command)} with ${JSON.stringify(value.slice(0, 30))}`, () => {
      const shown = render(command, value);
      assert.ok(shown.startsWith('refused: ') && shown.includes(reason), shown);
    });

  const inserted: readonly (readonly [command: string, value: string, text: string])[] = [
    ['rm -- $x', '-rf', "rm -- '-rf'"],
    ['rm -f -- a "$x"', '-rf', 'rm -f -- a "-rf"'],
    ['rm ./$x', '-rf', "rm ./'-rf'"],
    ['srun -- rm -- $x', '-rf', "srun -- rm -- '-rf'"],
    ['ls --file=$x', '-a', "ls --file='-a'"],
    ['ls -o$x', '-a', "ls -o'-a'"],
    ['ls a$x', '-a', "ls a'-a'"],
    ['ls "a $x"', '-a', 'ls "a -a"'],
    ['ls $HOME/$x', '-a', "ls $HOME/'-a'"],
    ['ls "$HOME/$x"', '-a', 'ls "$HOME/-a"'],
    ['ls a"$HOME$x"', '-a', 'ls a"$HOME-a"'],
    ['ls "run-$USER-$x"', '-a', 'ls "run-$USER--a"'],
    ['ls --name="$USER"-$x', 'a', 'ls --name="$USER"-\'a\''],
    ['ls a{b,$x}', '-a', "ls a{b,'-a'}"],
    ['echo $x', '-n', "echo '-n'"],
    ["printf '%s\\n' $x", '-n', "printf '%s\\n' '-n'"],
    ["printf -- '%s' $x", '-n', "printf -- '%s' '-n'"],
    ['printf $x', 'a b', "printf 'a b'"],
    ['printf "loss $x\\n"', '-1', 'printf "loss -1\\n"'],
    ['v=$x', '-n', "v='-n'"],
    ['A=$x ls', '-n', "A='-n' ls"],
    ['for i in $x; do :; done', '-n', "for i in '-n'; do :; done"],
    ['case $x in a) ;; esac', '-n', "case '-n' in a) ;; esac"],
    ['a=($x)', '-n', "a=('-n')"],
    ['ls > $x', '-n', "ls > '-n'"],
    ['ls # $x', '-n', 'ls # -n'],
    ['export a=$x', '-n b', "export a='-n b'"],
    ['ls $x', '', "ls ''"],
    ['ls $x', '+a', "ls '+a'"],
    ['ls $x', '~', "ls '~'"],
    ['ls $x', '#', "ls '#'"],
    ['ls $x', '=a', "ls '=a'"],
    ['ls $x', '@a', "ls '@a'"],
    ['ls $x', 'A=b', "ls 'A=b'"],
    ['python3 a.py $x', '', "python3 a.py ''"],
    ['srun ./a $x', '', "srun ./a ''"],
    ['sed "s/a/$x/" f', '1e-3', 'sed "s/a/1e-3/" f'],
    ['sed -n "${x}p" f', '12', 'sed -n "12p" f'],
    ['sed -i s/a/b/ $x', 'file.txt', 'sed -i s/a/b/ file.txt'],
    ['bash -c "echo $x"', '0.5', 'bash -c "echo 0.5"'],
    ['bash -c "./a --lr=$x"', '-0.5', 'bash -c "./a --lr=-0.5"'],
    ['ls ${x:+-l}', 'a', 'ls -l'],
    ['[ "$x" = a ]', 'b c', '[ "b c" = a ]'],
    ['ssh host ls $x', 'a', 'ssh host ls a'],
    ['eval ls $x', 'a', 'eval ls a'],
    ["env printf '%s' $x", '-n', "env printf '%s' '-n'"],
    ['echo $x', 'a'.repeat(longestRendered - 7), `echo '${'a'.repeat(longestRendered - 7)}'`],
  ];
  for (const [command, value, text] of inserted)
    it(`is inserted: ${JSON.stringify(command)} with ${JSON.stringify(value.slice(0, 30))}`, () => {
      assert.equal(render(command, value), text);
    });

  it('is refused with each other one that is', () => {
    const rendered = renderCommand('rm $a $b "$c"', { groups: [], variables: { a: '-r', b: 'x', c: '' } });
    assert.ok('refusals' in rendered);
    assert.deepEqual(
      rendered.refusals.map(({ name }) => name),
      ['a', 'c'],
    );
  });
});
