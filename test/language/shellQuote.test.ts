// Captured values in commands: real shells see exactly them, and run none of them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRefusedUses } from '../../language/shell/captureUses';
import { renderCommand, type RenderedCommand } from '../../language/shell/renderCommand';
import { createRandom, type Random } from './seededRandom';

/** `test:long` sets more. */
const caseCount = Number(process.env['COMMANDS'] ?? 80);
const seed = Number(process.env['SEED'] ?? 42);

const hasShell = (shell: string): boolean => spawnSync(shell, ['-c', ':']).status === 0;
const shells = ['sh', 'bash', 'dash'].filter(hasShell);

const textOf = (rendered: RenderedCommand): string | undefined =>
  'text' in rendered ? rendered.text : undefined;

/** The command with `x` as a capture. */
const substituteX = (command: string, x: string): string | undefined =>
  textOf(renderCommand(command, { groups: ['', x], variables: { x, y: 'other', unset: null } }));

/** What the commands print, each ended by NUL, in an empty folder where nothing must appear. */
function run(shell: string, commands: readonly string[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'quote-'));
  try {
    const script = commands.map((command) => `${command}\nprintf '\\0'\n`).join('');
    const { stdout, stderr } = spawnSync(shell, ['-s'], {
      input: script,
      cwd: folder,
      timeout: 60_000,
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
      maxBuffer: 1 << 26,
    });
    assert.deepEqual(readdirSync(folder), [], `something was run: ${stderr.toString()}`);
    return stdout.toString('utf8').split('\0').slice(0, -1);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const nasty = [
  'plain',
  '',
  ' ',
  'two words',
  '$(touch pwned)',
  '`touch pwned`',
  'a[$(touch pwned)]',
  'touch pwned',
  "'; touch pwned; '",
  '"; touch pwned; "',
  '; touch pwned #',
  '| touch pwned',
  '&& touch pwned',
  '$HOME',
  '${HOME}',
  '$x',
  '${y}',
  '$1',
  '$$',
  '\\',
  '\\\\',
  "\\'",
  '\\"',
  "'",
  '"',
  "''",
  '}',
  '{a,b}',
  '*',
  '?[a-z]',
  '~',
  '!',
  '!!',
  '#',
  '-n',
  'a\tb',
  'a\nb',
  '\ntouch pwned',
  ')',
  '$((1+1))',
  'é😀',
  "$'a'",
  '\u001b[31m',
];

describe('a captured value in a command', () => {
  it('has shells to be tried in', () => {
    assert.ok(shells.includes('sh'));
  });

  const places: Readonly<Record<string, string>> = {
    'outside of quotes': 'printf %s $x',
    'outside, in braces': 'printf %s ${x}',
    'by its number': 'printf %s $1',
    'inside of a word': 'printf %s --lr=$x',
    'in double quotes': 'printf %s "$x"',
    'in double quotes, among text': 'printf %s "<${x}>"',
    'in single quotes': "printf %s '$x'",
    'in single quotes, behind a backslash': "printf %s '\\$x'",
    'in a substitution': 'printf %s "$(printf %s $x)"',
    'in quotes in a substitution': 'printf %s "$(printf %s "$x")"',
    'in single quotes in a substitution': 'printf %s "$(printf %s \'$x\')"',
    'in a substitution in a substitution': 'printf %s "$(printf %s "$(printf %s "$x")")"',
    'in the word of an expansion': 'printf %s ${NOTHING:-$x}',
    'in the word of an expansion in quotes': 'printf %s "${NOTHING:-$x}"',
    'in an assignment': 'v=$x; printf %s "$v"',
    'in parentheses': '(printf %s $x)',
    'behind a comment': "# it's a comment\nprintf %s $x",
    'behind a hash that is none': 'printf %s a#$x',
    'in a comment': 'printf %s a # $x',
    'behind another quote': 'printf %s "a"\'b\'$x',
    'behind an escaped quote': 'printf %s \\"$x',
    'behind a number of arguments': 'printf %s $#$x',
    'as the default of a capture without a value': 'printf %s "${unset:-$x}"',
    'as the default of a capture, outside': 'printf %s ${unset:-$x}',
    'as the other word': 'printf %s ${x:+-$x}${x:--}',
    'behind a back-quote': 'printf %s `printf a`"$x"',
    'behind a here-document': 'cat <<A $NOTHING\ntext\nA\nprintf %s $x',
    'in an array or a loop': 'for i in $x; do printf %s "$i"; done',
  };
  const expected: Readonly<Record<string, (x: string) => string>> = {
    'inside of a word': (x) => `--lr=${x}`,
    'in double quotes, among text': (x) => `<${x}>`,
    'in single quotes, behind a backslash': (x) => `\\${x}`,
    'behind a hash that is none': (x) => `a#${x}`,
    'in a comment': () => 'a',
    'behind another quote': (x) => `ab${x}`,
    'behind an escaped quote': (x) => `"${x}`,
    'behind a number of arguments': (x) => `0${x}`,
    'as the other word': (x) => (x === '' ? '-' : `-${x}${x}`),
    'behind a back-quote': (x) => `a${x}`,
    'behind a here-document': (x) => `text\n${x}`,
  };
  /** Where something could read the value again: only plain words are inserted. */
  const readAgain = new Set(['in an assignment', 'behind a here-document', 'in an array or a loop']);
  for (const shell of shells) {
    for (const [title, command] of Object.entries(places)) {
      it(`reaches ${shell} as itself ${title}`, () => {
        const isReread = readAgain.has(title);
        const values = nasty.filter((x) => !title.endsWith('an expansion in quotes') || !x.includes("'"));
        const rendered = values.map((x) => substituteX(command, x));
        if (isReread)
          assert.deepEqual(
            values.filter((_, index) => rendered[index] !== undefined),
            nasty.filter((x) => /^[\w-]*$/.test(x)),
          );
        const commands = rendered.filter((text) => text !== undefined);
        if (!isReread) assert.equal(commands.length, values.length);
        const toExpected = expected[title] ?? ((x: string) => x);
        const inserted = values.filter((_, index) => rendered[index] !== undefined);
        assert.deepEqual(run(shell, commands), inserted.map(toExpected));
      });
    }

    it(`reaches ${shell} as itself in random commands`, () => {
      const random = createRandom(20260101);
      const cases = Array.from({ length: Math.min(caseCount, 5000) }, () => {
        const x = randomValue(random);
        const { text, prints } = randomWord(random, x, 3);
        return { command: substituteX(`printf %s ${text}`, x), x, text, prints };
      });
      const shown = run(
        shell,
        cases.map(({ command }) => command ?? 'refused'),
      );
      cases.forEach(({ text, x, prints }, index) => {
        assert.equal(shown[index], prints, `${text} with ${JSON.stringify(x)}`);
      });
    });
  }

  it('reaches bash as itself in $-quotes', () => {
    if (!shells.includes('bash')) return;
    const commands = nasty.map((x) => substituteX("printf %s $'a\\t$x\\\\b'", x) ?? '');
    assert.deepEqual(
      run('bash', commands),
      nasty.map((x) => `a\t${x}\\b`),
    );
  });

  const refused: Readonly<Record<string, readonly [command: string, value: string, reason: string]>> = {
    'in back-quotes': ['echo `echo $x`', 'a', 'back-quotes'],
    'in back-quotes in quotes': ['echo "`echo $x`"', 'a', 'back-quotes'],
    'in a here-document': ['cat <<E\n$x\nE', 'a', 'here-document'],
    'in the word of a here-document': ['cat <<$x', 'a', 'here-document'],
    'as the command': ['$x', 'a', 'the name of the command'],
    'as the command behind an assignment': ['A=1 "$x" b', 'a', 'the name of the command'],
    'as the command in a substitution': ['echo $($x)', 'a', 'the name of the command'],
    'in arithmetic': ['echo $((1 + $x))', 'a[$(id)]', 'not a number'],
    'in an expansion of patterns': ['echo ${HOME#$x}', '*', 'not a plain word'],
    'in an expansion in quotes': ['echo "${HOME:-$x}"', "it's", 'single quote'],
    'for a shell in the shell': ['bash -c "echo $x"', '$(id)', 'not a plain word'],
    'for a shell behind another command': ['srun -n 1 bash -lc "echo $x"', ';id', 'not a plain word'],
    'for Python': ['python3 -c "print($x)"', '__import__("os")', 'not a plain word'],
    'for eval': ['eval echo $x', ';id', 'not a plain word'],
    'for ssh': ['ssh node "echo $x"', ';id', 'not a plain word'],
    'for sed': ['sed "s/a/$x/" f', 'b/e;id', 'not a plain word'],
    'in a test that evaluates': ['[[ $x -gt 1 ]]', 'a[$(id)]', 'not a plain word'],
    'in a substitution with case': ['echo "$(case a in a) echo $x;; esac)"', '`id`', 'not a plain word'],
    'where shells differ': ["echo $'it\\'s' $x", ';id', 'not a plain word'],
    'with a NUL': ['echo $x', 'a\0b', 'NUL'],
  };
  for (const [title, [command, x, reason]] of Object.entries(refused)) {
    it(`is refused ${title}`, () => {
      const rendered = renderCommand(command, { groups: [], variables: { x } });
      assert.ok('refusals' in rendered);
      const [refusal] = rendered.refusals;
      assert.ok(refusal?.reason.includes(reason), refusal?.reason);
      assert.equal(refusal?.name, 'x');
    });
  }

  it('may be a plain word where the text is read again', () => {
    assert.equal(substituteX('bash -c "echo $x"', '0.5e-3'), 'bash -c "echo 0.5e-3"');
    assert.equal(substituteX('echo $((1 + $x))', '12'), 'echo $((1 + 12))');
  });

  it('is no program that comes through a pipe, a here-string or a substitution, nor a subscript', () => {
    const ofShells = [
      'echo $x | sh',
      'echo "$x" |& /bin/bash -s',
      'printf "%s" $x | sudo -n bash -',
      '(echo $x) | sh',
      'echo $x | ssh host',
      "echo $x | xargs -I{} sh -c '{}'",
      'bash <<< "$x"',
      '. <(echo $x)',
      'bash <(echo "$x")',
      'eval "$(echo $x)"',
      'sh -c "$(echo $x)"',
    ];
    for (const command of ofShells)
      for (const x of ['a[$(b)]', '12', 'reboot']) assert.equal(substituteX(command, x), undefined, command);
    const commands = [
      'echo $x | python3; ls',
      'a[$x]=1',
      'a["$x"]+=1; echo',
      'b=1 a[$x]=1',
      'a=([$x]=1)',
      'echo $[ $x ]',
      'typeset -i y; y=$x',
      'declare -ri y\ny=$x',
      'a[0]=1 $x',
    ];
    for (const command of commands) assert.equal(substituteX(command, 'a[$(b)]'), undefined, command);
    for (const command of commands.slice(0, -1))
      assert.notEqual(substituteX(command, '12'), undefined, command);
    for (const command of [
      'echo $x | python3 plot.py',
      'echo $x | tee sh',
      'echo $x | ssh host cat',
      'echo a[$x]',
    ])
      assert.equal(substituteX(command, 'a b'), command.replace('$x', "'a b'"));
  });

  it('is data for commands that are called like what objects of JavaScript have', () => {
    for (const command of ['constructor $1', '/bin/toString -c $1', '__proto__ -v $1'])
      assert.equal(
        textOf(renderCommand(command, { groups: ['', 'a b'], variables: {} })),
        command.replace('$1', "'a b'"),
      );
  });

  it('is data for commands that only look like readers of programs', () => {
    assert.equal(substituteX('grep -e $x log', 'a b'), "grep -e 'a b' log");
    assert.equal(substituteX('echo eval_$x', 'a b'), "echo eval_'a b'");
    assert.equal(substituteX('python train.py --name $x', 'a b'), "python train.py --name 'a b'");
  });

  it('is no value behind a backslash, nor are the names of the shell', () => {
    assert.equal(
      substituteX('echo \\$x "\\$x" $HOME ${HOME:-$x} $$x', 'a b'),
      'echo \\$x "\\$x" $HOME ${HOME:-\'a b\'} $$x',
    );
  });

  it('is known to stand where it is refused before there is one', () => {
    const isKnown = (name: string): boolean => name === 'x' || name === '1';
    const find = (command: string): readonly string[] =>
      findRefusedUses(command, isKnown).map(({ start, end }) => command.slice(start, end));
    assert.deepEqual(find('echo `date` $x "`echo $x`" `$HOME ${1}`'), ['$x', '${1}']);
    assert.deepEqual(find('echo `a ${y:-$x} ${x:-$x}`'), ['$x', '${x:-$x}', '$x']);
    assert.deepEqual(find("echo '`$x`' \\`$x"), []);
  });

  it('is never run, whatever the text around it means to a shell', () => {
    const random = createRandom(seed);
    const tried = 3 * Math.min(caseCount, 20_000);
    const commands = Array.from({ length: tried }, () => {
      const text = Array.from({ length: 1 + random(10) }, () => pieces[random(pieces.length)] ?? '').join('');
      return substituteX(`: ${text}`, randomValue(random));
    }).filter((command) => command !== undefined);
    assert.ok(commands.length > tried / 2, `${commands.length} of ${tried} are written`);
    for (const shell of shells) runEach(shell, commands);
  }).timeout(600_000);
});

/** Each by itself, wrong syntax or not, in a folder where nothing must appear. */
function runEach(shell: string, commands: readonly string[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'quote-'));
  const work = join(folder, 'work');
  try {
    mkdirSync(work);
    commands.forEach((command, index) => {
      writeFileSync(join(folder, `${index}.command`), command);
    });
    const script =
      'for f in ../*.command; do ( . "$f" ) </dev/null >/dev/null 2>&1; [ -e pwned ] && cat "$f" && exit 1; done; exit 0';
    const { stdout, status } = spawnSync(shell, ['-c', script], { cwd: work, timeout: 500_000 });
    assert.equal(status, 0, `${shell} ran a value in: ${stdout.toString()}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const pieces = [
  '$x',
  '"',
  "'",
  '\\',
  ' ',
  '$(',
  ')',
  '`',
  '${',
  '}',
  ':-',
  '#',
  '\n',
  'a',
  '$',
  '((',
  '))',
  '<<',
  'A',
  ';',
  '|',
  '&',
  '(',
  'case ',
  ' in ',
  ';;',
  ' esac',
  '; echo ',
  ' | sh',
  ' | xargs sh -c ',
  'sh -c ',
  'bash <<< ',
  'eval ',
  '; . ',
  '<(',
  'a[',
  ']=',
  ']',
  '$[',
  '; let ',
  '; declare ',
  '; test ',
  '; [[ ',
  ' ]]',
  ' -eq ',
  '; printf -v ',
  '; read ',
  '; unset ',
  '; trap ',
  ' EXIT',
  '; command ',
  '; exec ',
];

function randomValue(random: Random): string {
  return Array.from({ length: 1 + random(3) }, () => nasty[random(nasty.length)] ?? '')
    .join('')
    .replace(/\n+$/, '');
}

interface RandomWord {
  readonly text: string;
  readonly prints: string;
}

/** A shell word that holds the value somewhere, and what it is worth. */
function randomWord(random: Random, x: string, depth: number): RandomWord {
  const parts = Array.from({ length: 1 + random(3) }, (): RandomWord => {
    switch (random(depth > 0 ? 8 : 4)) {
      case 0:
        return { text: '$x', prints: x };
      case 1:
        return { text: "'a\"$x'", prints: `a"${x}` };
      case 2:
        return { text: '\\"b', prints: '"b' };
      case 3:
        return { text: '${x}', prints: x };
      case 4:
      case 5: {
        const inner = randomWord(random, x, depth - 1);
        return { text: `"$(printf %s ${inner.text})"`, prints: inner.prints.replace(/\n+$/, '') };
      }
      case 6:
        return { text: `"c'$x\\""`, prints: `c'${x}"` };
      default: {
        const inner = randomWord(random, x, 0);
        return { text: `"\${x:+$x}"${inner.text}`, prints: x + inner.prints };
      }
    }
  });
  return { text: parts.map(({ text }) => text).join(''), prints: parts.map(({ prints }) => prints).join('') };
}
