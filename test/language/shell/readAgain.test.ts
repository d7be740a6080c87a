// Whether a value could be read again is the same whether a command is scanned, or known by its looks to be plain.
import assert from 'node:assert/strict';
import { findReadingAgainOf } from '../../../language/shell/readAgain';
import { createRandom } from '../seededRandom';

/** `test:long` sets more. */
const caseCount = Number(process.env['CASES'] ?? 20_000);
const seed = Number(process.env['SEED'] ?? 2026);

const names =
  'echo touch /bin/true ./tool . : eval bash python3.11 env srun printf test [ export read time then do if while for case xargs nice sudo ssh A=1 -x $x "eval" PATH=1 { !';
const words =
  'a $x ${x} "$x" \'$x\' ${y} $y $$ $1 "${x}" "it\'s" \'"\' -v -R -c -- a=$x PATH=$x a;b | & > < >( << (( $(x) `x` [ ] { } ~ * ? # ! % "((" \'((\' "$[" \'=(\' "<<" "PATH=(" \'PATH=\' " \' \\b \n ${x:-y} ${x:+eval} ${#x} ${x[0]} $- $"x" $\'x\'';
const isKnown = (name: string): boolean => name === 'x' || name === '1';

describe('commands that read values again', () => {
  it(`are found whether they look plain or not (${caseCount} cases, seed ${seed})`, () => {
    const random = createRandom(seed);
    const pick = (from: readonly string[]): string => from[random(from.length)] ?? '';
    let plain = 0;
    for (let round = 0; round < caseCount; round += 1) {
      const rest = Array.from({ length: random(4) }, () => pick(words.split(' ')));
      const command = [pick(names.split(' ')), ...rest].join(pick([' ', ' ', ' ', '\t', '']));
      const found = findReadingAgainOf(command, isKnown);
      // No plain command has a letter with a backslash, which changes nothing else.
      assert.equal(found, findReadingAgainOf(`${command} \\a`, isKnown), JSON.stringify(command));
      if (found === 'no' && rest.length > 0) plain += 1;
    }
    assert.ok(plain > caseCount / 50, `${plain} commands read nothing again`);
  });

  it('are not those with plain words alone', () => {
    for (const command of [
      'echo $x',
      './notify --loss "$x at ${1}"',
      "/opt/tool 'it is' $x, $y",
      'touch a/$x.txt',
    ])
      assert.equal(findReadingAgainOf(command, isKnown), 'no', command);
  });
});
