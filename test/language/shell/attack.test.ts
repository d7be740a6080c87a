// Attacks on commands, through real shells: a probe gets exactly the value, or the value was refused; nothing else runs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { longestRendered, renderCommand } from '../../../language/shell/renderCommand';
import { createRandom, type Random } from '../seededRandom';
import { evil, places, rereading, toOutput } from './hostileValues';

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

  for (const shell of shells)
    it(`run nothing that ${shell} would read again`, () => {
      inRange((range) => {
        const values = [
          'a[$(pwn)]',
          '$(pwn)',
          'x:a[$(pwn)]',
          "';pwn;'",
          '";pwn;"',
          '`pwn`',
          'x\npwn\n',
          '1e pwn',
        ];
        const commands = rereading.flatMap((command) =>
          values.flatMap((x) => {
            const rendered = renderCommand(command, { groups: ['', x], variables: { x } });
            return 'text' in rendered ? [rendered.text] : [];
          }),
        );
        range.run(shell, commands, '( . "$f" ) </dev/null >/dev/null 2>&1');
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
