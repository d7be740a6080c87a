// Values that come to a command's name by variables, the environment and substitutions: refused, or said before a person agrees.
import assert from 'node:assert/strict';
import { judgeCommand } from '../../../language/shell/commandVerdict';
import { renderCommand } from '../../../language/shell/renderCommand';
import { choosing } from './choosing';
import { rereading } from './hostileValues';

const isKnown = (name: string): boolean => /^[01x]$/.test(name);

/** Sentences that say that the job's output becomes code. */
function findSaid(command: string): readonly string[] {
  const verdict = judgeCommand(command, { allowedCommands: [], isKnown, captures: ['x'] });
  return verdict.covered ? [] : verdict.reasons.flatMap(({ isCode, text }) => (isCode ? [text] : []));
}

const renderWith = (command: string, x: string): ReturnType<typeof renderCommand> =>
  renderCommand(command, { groups: ['', x], variables: { x } });

describe('a value that comes in a roundabout way to where programs are chosen', () => {
  for (const command of choosing)
    it(`is refused, or said: ${JSON.stringify(command)}`, () => {
      const said = findSaid(command);
      assert.ok(said.length > 0, 'nobody is told');
      const isAlways = said.some((text) => text.includes('always refused'));
      for (const x of ['pwn', '../tools/pwn', 'sh', 'a.b'])
        assert.ok(!isAlways || 'refusals' in renderWith(command, x), x);
    });

  it('is said in the same words as one that stands there', () => {
    const pairs = [
      ['eval $x', 'N=$x; eval "$N"'],
      ['$x a', 'N=$x; M=$N; $M a'],
      ['bash $x', 'N=$x; bash "$N"'],
      ['. $x', 'N=$x; . "$N"'],
      ['python3 $x', 'A=($x); python3 "${A[0]}"'],
    ] as const;
    for (const [direct, roundabout] of pairs) assert.deepEqual(findSaid(roundabout), findSaid(direct));
  });

  it('is judged whatever else could read it again', () => {
    for (const command of rereading) {
      const isSaid = findSaid(command).some((text) => text.includes('always refused'));
      if (isSaid) assert.ok('refusals' in renderWith(command, 'pwn'), command);
    }
  });
});
