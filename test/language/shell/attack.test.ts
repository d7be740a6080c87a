// Attacks on commands, through real shells: a probe gets exactly the value, or the value was refused; nothing else runs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { longestRendered, renderCommand } from '../../../language/shell/renderCommand';
import { createRandom, type Random } from '../seededRandom';

/** `test:long` sets more. */
const caseCount = Number(process.env['COMMANDS'] ?? 100);
const seed = Number(process.env['SEED'] ?? 1807);
/** Otherwise one in six of the cases that are written down are tried. */
const isCampaign = process.env['COMMANDS'] !== undefined;

const hasShell = (shell: string): boolean => spawnSync(shell, ['-c', ':']).status === 0;
const shells = ['sh', 'bash', 'dash'].filter(hasShell);

/** Runs `work` in a folder with `probe`, which prints its arguments, and `pwn`, which leaves a mark when it runs. */
class Range {
  private readonly folder = mkdtempSync(join(tmpdir(), 'attack-'));
  private readonly tools = join(this.folder, 'tools');
  private readonly mark = join(this.folder, 'pwned');
  readonly work = join(this.folder, 'work');

  constructor() {
    mkdirSync(this.tools);
    mkdirSync(this.work);
    this.addTool('probe', 'printf "%s\\0" "$#" "$@"');
    this.addTool('pwn', `: > '${this.mark}'`);
    writeFileSync(join(this.folder, 'input'), 'a line\n');
  }

  /** Each command by itself, in an empty folder, with wrong syntax or not; what they print. */
  run(shell: string, commands: readonly string[], wrapper: string): string {
    commands.forEach((command, index) => {
      writeFileSync(join(this.folder, `${index}.command`), command);
    });
    const script = `i=0; while [ $i -lt ${commands.length} ]; do f=../$i.command; ${wrapper}; [ -e ../pwned ] && cat "$f" >&2 && exit 9; i=$((i+1)); done`;
    const { stdout, stderr, status } = spawnSync(shell, ['-c', script], {
      cwd: this.work,
      timeout: 3_000_000,
      env: { PATH: `${this.tools}:${process.env['PATH'] ?? ''}`, LC_ALL: 'C.UTF-8' },
      maxBuffer: 1 << 28,
    });
    assert.ok(
      !existsSync(this.mark) && status !== 9,
      `${shell} ran a value: ${stderr.toString().slice(-2000)}`,
    );
    return stdout.toString('utf8');
  }

  end(): void {
    rmSync(this.folder, { recursive: true });
  }

  private addTool(name: string, body: string): void {
    const path = join(this.tools, name);
    writeFileSync(path, `#!/bin/sh\n${body}\n`);
    chmodSync(path, 0o755);
  }
}

function inRange(work: (range: Range) => void): void {
  const range = new Range();
  try {
    work(range);
  } finally {
    range.end();
  }
}

const evil = [
  'plain',
  '',
  ' ',
  '0.5',
  '-0.5',
  '-',
  '--',
  '-n',
  '-cpwn',
  '-exec pwn ;',
  '--checkpoint-action=exec=pwn',
  '-oProxyCommand=pwn',
  '+a',
  '=pwn',
  '@/etc/passwd',
  '#pwn',
  '!pwn',
  '!!',
  '%1',
  '~',
  '~root',
  'A=1',
  'PATH=/tmp',
  'pwn',
  './pwn',
  'pwn;pwn',
  '$(pwn)',
  '`pwn`',
  '${x:-$(pwn)}',
  '$((a[$(pwn)]))',
  'a[$(pwn)]',
  '<(pwn)',
  '>(pwn)',
  ';pwn',
  '\npwn\n',
  'a\npwn',
  '\r\npwn',
  '&pwn&',
  '|pwn',
  '&&pwn',
  "'",
  "';pwn;'",
  '"',
  '";pwn;"',
  '\'"\';pwn;"\'"',
  '\\',
  '\\\\',
  '\\\n',
  '\\";pwn;"',
  "\\';pwn;'",
  "$'\\';pwn;'",
  '})pwn',
  '};pwn;{',
  ')pwn',
  ';;esac;pwn',
  'EOF\npwn',
  '1epwn',
  '1e pwn',
  's/a/pwn/e',
  'e',
  'w pwned',
  'BEGIN{system("pwn")}',
  '__import__("os").system("pwn")',
  '*',
  '?',
  '[a-z]*',
  '{a,b}',
  '{pwn,}',
  'a\tb',
  '\u001b]0;pwn\u0007',
  '\u001b[31m',
  '\u0007\u0008\u007f',
  '\u00a0',
  '\u202epwn',
  '\u2028pwn',
  '＄(pwn)',
  '‘pwn’',
  '\uff07;pwn;\uff07',
  'é😀',
  '\u0080\u009b',
  'a\0b',
  '\ud83d',
  '() { :;}; pwn',
];

/** A command of `probe`, and what it gets; undefined if that depends on more than the value. */
const places: Readonly<Record<string, (x: string) => readonly string[]>> = {
  'probe $x': (x) => [x],
  'probe "$x"': (x) => [x],
  "probe '$x'": (x) => [x],
  'probe ${x}': (x) => [x],
  'probe $1': (x) => [x],
  'probe a $x': (x) => ['a', x],
  'probe -- $x': (x) => ['--', x],
  'probe ./$x': (x) => [`./${x}`],
  'probe a$x': (x) => [`a${x}`],
  'probe $x.log': (x) => [`${x}.log`],
  'probe --lr=$x': (x) => [`--lr=${x}`],
  'probe --lr="$x"': (x) => [`--lr=${x}`],
  'probe -o$x': (x) => [`-o${x}`],
  'probe -o $x': (x) => ['-o', x],
  'probe -$x': (x) => [`-${x}`],
  'probe "a $x b"': (x) => [`a ${x} b`],
  "probe 'a $x b'": (x) => [`a ${x} b`],
  'probe \'a"$x"b\'': (x) => [`a"${x}"b`],
  'probe "a\'$x\'b"': (x) => [`a'${x}'b`],
  'probe $x$x': (x) => [x + x],
  'probe "$x"\'$x\'$x': (x) => [x + x + x],
  'probe ""$x': (x) => [x],
  'probe \\\n$x': (x) => [x],
  'probe a\\\n$x': (x) => [`a${x}`],
  'probe "a\\\n$x"': (x) => [`a${x}`],
  'probe \\"$x\\"': (x) => [`"${x}"`],
  'probe a#$x': (x) => [`a#${x}`],
  'probe a # $x': () => ['a'],
  'probe > out $x; probe < out a': () => ['a'],
  'probe 2>&1 $x': (x) => [x],
  'A=$x probe a': () => ['a'],
  'v=$x; probe "$v"': (x) => [x],
  'v="$x" ; probe "$v" $x': (x) => [x, x],
  'for i in $x; do probe "$i"; done': (x) => [x],
  'case a in a) probe $x;; esac': (x) => [x],
  'case a in (a) probe $x;; esac': (x) => [x],
  'if true; then probe $x; fi': (x) => [x],
  '(probe $x)': (x) => [x],
  '{ probe $x; }': (x) => [x],
  'true && probe $x': (x) => [x],
  'f() { probe $x; }; f': (x) => [x],
  'probe ${NOTHING:-$x}': (x) => [x],
  'probe "${NOTHING:-a$x}"': (x) => [`a${x}`],
  'env probe a $x': (x) => ['a', x],
  'nice -n 1 probe a $x': (x) => ['a', x],
  'timeout 60 probe a $x': (x) => ['a', x],
  'bash -c "probe a$x"': (x) => [`a${x}`],
  'bash -c "probe $x"': (x) => [x],
  'bash -c \'probe "$x"\'': (x) => [x],
  'sh -c "sh -c \'probe $x\'"': (x) => [x],
  'eval probe $x': (x) => [x],
  'eval "probe a $x"': (x) => ['a', x],
  'eval probe a \'"$x"\'': (x) => ['a', x],
  'sh -c \'probe "$1"\' sh $x': (x) => [x],
  'find . -maxdepth 0 -exec probe $x {} \\;': (x) => [x, '.'],
  'printf %s $x | xargs probe a': (x) => ['a', x],
  'printf %s a | xargs probe $x': (x) => [x, 'a'],
  'probe "$(printf "%s|" $x)"': (x) => [`${x}|`],
  'probe "$(printf "%s|" "$(printf "%s|" "$x")")"': (x) => [`${x}||`],
  'probe `printf a` "$x"': (x) => ['a', x],
  'cat <<E >/dev/null\n\'"\nE\nprobe $x': (x) => [x],
  "# it's\nprobe $x": (x) => [x],
  '$x a': () => [],
  a$x: () => [],
  'env $x': () => [],
  'probe `probe $x`': () => [],
};

const toOutput = (words: readonly string[]): string =>
  [String(words.length), ...words].map((word) => `${word}\0`).join('');

describe('attacks on commands', () => {
  it('have shells to be tried in', () => {
    assert.ok(shells.includes('sh'));
  });

  for (const shell of shells)
    it(`reach a program of ${shell} as themselves, or are refused`, () => {
      inRange((range) => {
        const random = createRandom(seed);
        const large = ["'", '"', '\\', '$(pwn)', 'a ', 'é', '\n'].map((piece) => piece.repeat(2000));
        const cases = Object.entries(places).flatMap(([place, expect]) =>
          [...evil, ...large].flatMap((x) => {
            if (!isCampaign && random(6) > 0) return [];
            const rendered = renderCommand(place, { groups: ['', x], variables: { x } });
            return 'text' in rendered ? [{ place, x, text: rendered.text, words: expect(x) }] : [];
          }),
        );
        assert.ok(cases.length > (isCampaign ? 2500 : 400), `only ${cases.length} are inserted`);
        // Its output ends with a sign of its own, so that one that prints nothing moves no other.
        const shown = range
          .run(
            shell,
            cases.map(({ text }) => text),
            '( . "$f" ) </dev/null 2>/dev/null; printf "\\036\\0"',
          )
          .split('\u001e\0');
        cases.forEach(({ place, x, words }, index) => {
          const said = `${place} with ${JSON.stringify(x.slice(0, 60))}`;
          assert.equal(shown[index], toOutput(words), said);
        });
      });
    }).timeout(600_000);

  it('are refused if no program can be given them', () => {
    for (const place of Object.keys(places))
      for (const x of ['a\0', '\ud83d', 'a'.repeat(1_000_000), "'".repeat(longestRendered)])
        if (place !== 'probe a # $x' || x.length > 2)
          assert.ok('refusals' in renderCommand(place, { groups: ['', x], variables: { x } }), place);
  });

  it('never begin a word with "-" unless a -- is before it, wherever the shell splits words', () => {
    inRange((range) => {
      const random = createRandom(seed);
      const tried = Math.min(caseCount * 3, 30_000);
      const cases = Array.from({ length: tried }, () => {
        const word = Array.from(
          { length: 1 + random(5) },
          () => wordPieces[random(wordPieces.length)] ?? '',
        ).join('');
        return renderCommand(`probe ${word}`, { groups: [], variables: { x: '-MARK', y: '' } });
      }).flatMap((rendered) => ('text' in rendered ? [rendered.text] : []));
      assert.ok(cases.length > tried / 10, `${cases.length} of ${tried} are inserted`);
      for (const shell of shells)
        range
          .run(shell, cases, '( S=" " E= W="a " F=f; . "$f" ) </dev/null 2>/dev/null; printf "\\036\\0"')
          .split('\u001e\0')
          .forEach((output, index) => {
            const words = output.split('\0').slice(1, -1);
            const at = words.findIndex((word) => word.startsWith('-MARK') || /^--?MARK|^---MARK/.test(word));
            assert.ok(at === -1 || words.slice(0, at).includes('--'), `${shell}: ${cases[index] ?? ''}`);
          });
    });
  }).timeout(3_600_000);

  it('run nothing in random commands, of programs that read their arguments as programs', () => {
    inRange((range) => {
      const random = createRandom(seed);
      const tried = Math.min(caseCount * 3, 60_000);
      const commands = Array.from({ length: tried }, () => {
        const text = Array.from({ length: 1 + random(9) }, () => pieces[random(pieces.length)] ?? '').join(
          '',
        );
        const x = randomValue(random);
        return renderCommand(text, { groups: ['', x], variables: { x, y: randomValue(random) } });
      }).flatMap((rendered) => ('text' in rendered ? [rendered.text] : []));
      assert.ok(commands.length > tried / 5, `${commands.length} of ${tried} are inserted`);
      for (const shell of shells) range.run(shell, commands, '( . "$f" ) <../input >/dev/null 2>&1');
    });
  }).timeout(3_600_000);
});

const randomValue = (random: Random): string =>
  Array.from({ length: 1 + random(2) }, () => evil[random(evil.length)] ?? '').join('');

/** What words are made of: quotes, expansions that are empty, blank, or text, and what Bash makes several words of. */
const wordPieces = [
  '$x',
  '$x',
  '"$x"',
  "'$x'",
  'a',
  '""',
  "''",
  '$y',
  '"$y"',
  '$S',
  '$E',
  '$W',
  '"$E"',
  '"$S"',
  '"$F"',
  '$F',
  '${E:-$x}',
  '${E:-a $x}',
  '"${E:-$x}"',
  '${F:+ $x}',
  '"${F:+$x}"',
  '${E}',
  '$(true)',
  '"$(true)"',
  '$(echo a; echo)',
  '`true`',
  '{a,',
  '{',
  ',',
  '}',
  '\\\n',
  '\\ ',
  ' ',
  ' -- ',
  '-',
  '--',
  '=',
  '#',
  '~',
  '*',
  '$((1))',
  '2>/dev/null',
  '>/dev/null ',
  '</dev/null ',
  '&>/dev/null ',
  '; probe ',
  '| probe ',
  '$',
  '"',
  "'",
];

const pieces = [
  '$x',
  '"$x"',
  "'$x'",
  '$x',
  '$y',
  ' ',
  ' ',
  '\n',
  '\\\n',
  '"',
  "'",
  '\\',
  '$(',
  ')',
  '(',
  '`',
  '${A:-',
  '{',
  '}',
  ',',
  ';',
  '|',
  '&',
  '&> out ',
  '> out ',
  '>out',
  '2>&1 ',
  '< ../input ',
  '<(',
  '<<E\n',
  '\nE\n',
  '<<< ',
  'probe ',
  'true ',
  'A=1 ',
  'sed ',
  'sed -n ',
  'sed -e ',
  'sed "s/a/',
  '/" ',
  'awk ',
  'env ',
  'nice ',
  'timeout 9 ',
  'command ',
  'exec ',
  'eval ',
  'sh -c ',
  'bash -c "',
  'bash ',
  '. ',
  ' | sh ',
  ' | xargs ',
  'xargs ',
  'find . -maxdepth 0 ',
  ' -exec ',
  ' {} \\;',
  'python3 -c ',
  'printf ',
  'export ',
  'declare ',
  'read ',
  'unset ',
  'trap ',
  ' EXIT',
  '[ ',
  ' ]',
  '[[ ',
  ' ]]',
  '((',
  '))',
  'let ',
  'case a in ',
  'a) ',
  '(a) ',
  ';; esac',
  'for i do ',
  'for i in ',
  '; do ',
  '; done',
  'if ',
  '; then ',
  '; fi',
  'time -p ',
  '! ',
  'f() { ',
  '; }; f',
  '#',
  ' -- ',
  '-',
  '$E',
  '$HOME',
  "$'",
  '/bin/',
  './',
  'make -f - A=',
  'tar -cf /dev/null --checkpoint=1 --checkpoint-action=exec=',
  'git -c alias.a=',
];
