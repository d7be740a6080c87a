// What reaches sbatch and what does not, and that any words reach a shell as themselves.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { WatchError } from '../../../engine/errors';
import type { Submission } from '../../../engine/model';
import { quoteWords } from '../../../engine/slurm/shellWords';
import { parseAnswer, parseJobNumber } from '../../../engine/slurm/submissionCommands';
import { isUncertain, prepareHandover, toRefusal } from '../../../engine/slurm/submissionRules';

const toSubmission = (
  script: string,
  options: readonly string[] = [],
  scriptName = 'train.sh',
): Submission => ({
  ...{ token: 't', workdir: '/w', scriptName, script, cleanScript: script, options },
});

const refuses = (submission: Submission, message: RegExp): void => {
  assert.throws(
    () => prepareHandover(submission, 'here'),
    (error) =>
      error instanceof WatchError && error.code === 'submission-refused' && message.test(error.message),
  );
};

describe('what is handed to sbatch', () => {
  it('is refused where the job could not be followed', () => {
    refuses(toSubmission('#!/bin/sh\n#SBATCH --test-only\n'), /--test-only cannot be used/);
    refuses(toSubmission('#!/bin/sh\n', ['--wrap', 'date']), /--wrap cannot be used/);
    refuses(toSubmission('#!/bin/sh\n', ['-Q']), /--quiet cannot be used/);
    refuses(toSubmission('#!/bin/sh\r\necho\r\n'), /DOS line breaks/);
    refuses(toSubmission('#!/bin/sh\n', ['other.sh']), /"other.sh" is not an option/);
    refuses(toSubmission('#!/bin/sh\n', ['--', 'x']), /"--" is not an option/);
    refuses(toSubmission('#!/bin/sh\n', ['-M', 'there']), /for the cluster "there", and this is "here"/);
    for (const name of ['', '..', 'a/b', '.submission', 'a\nb'])
      refuses(toSubmission('#!/bin/sh\n', [], name), /cannot be called/);
  });

  it('is the script and the options as they are, without --wait', () => {
    const script = '#!/bin/sh\n#SBATCH --wait -J x # why\n#SBATCH -W\necho "--wait"\n';
    assert.deepEqual(
      prepareHandover(toSubmission(script, ['-W', '--job-name', 'a b', '--clusters=here']), 'here'),
      {
        script: '#!/bin/sh\n#SBATCH        -J x # why\n#SBATCH   \necho "--wait"\n',
        words: ['--job-name', 'a b', '--clusters=here'],
      },
    );
  });
});

describe('--wait among other letters', () => {
  const take = (line: string, options: readonly string[] = []): readonly [string, readonly string[]] => {
    const { script, words } = prepareHandover(toSubmission(`${line}\n`, options), 'here');
    return [script.trimEnd(), words];
  };

  it('is taken from between them', () => {
    assert.deepEqual(take('#SBATCH -HWn2 -WH "-W"', ['-WO', '-sW', '-W']), ['#SBATCH -Hn2 -H', ['-O', '-s']]);
  });
  it('stays where it is a value', () => {
    assert.deepEqual(take('#SBATCH -JW --comment -W', ['--comment', '--wait']), [
      '#SBATCH -JW --comment -W',
      ['--comment', '--wait'],
    ]);
  });
});

describe("sbatch's refusal", () => {
  const script = '#!/bin/sh\n#SBATCH -t 9x\n#SBATCH --partition=nope\necho\n';
  const remedyOf = (words: string): string => toRefusal(words, toSubmission(script)).remedy;

  it('names the line that it speaks of', () => {
    assert.match(
      remedyOf('sbatch: error: Invalid --time specification'),
      /^Look at train.sh:2: #SBATCH -t 9x$/,
    );
    assert.match(
      remedyOf('sbatch: error: invalid partition specified: nope'),
      /train.sh:3: #SBATCH --partition=nope/,
    );
    assert.match(remedyOf('sbatch: error: Job violates accounting policy'), /^Change the script/);
  });

  it('is none where sbatch does not know itself', () => {
    assert.ok(
      isUncertain('sbatch: error: Batch job submission failed: Socket timed out on send/recv operation'),
    );
    assert.ok(!isUncertain('sbatch: error: Batch job submission failed: Invalid partition name specified'));
  });
});

describe('the answer to a submission', () => {
  it('is read with what surrounds it', () => {
    assert.deepEqual(parseAnswer('answer\n0\u001fWelcome!\n4242\n\u001f'), {
      ...{ kind: 'answer', code: 0, out: 'Welcome!\n4242\n', words: '', given: [] },
    });
    const given = 'SBATCH_OUTPUT=a=b\u001fSBATCH_REQUEUE=1\u001fSBATCH_ODD=1\u001f';
    assert.deepEqual(parseAnswer(`answer\n0\u001f7\n\u001f\u001e${given}`), {
      ...{ kind: 'answer', code: 0, out: '7\n', words: '', given: ['--output=a=b', '--requeue'] },
    });
    assert.deepEqual(parseAnswer('dead\n7\n\u001e'), { kind: 'dead', out: '7\n', given: [] });
    assert.equal(parseJobNumber('Welcome!\n4242\n'), '4242');
    assert.equal(parseJobNumber('4242;testbed\n'), '4242');
    assert.equal(parseJobNumber('sbatch: 4242 is full\n'), undefined);
    assert.deepEqual(parseAnswer('answer\nclosed\u001f\n\u001f'), { kind: 'closed' });
    assert.deepEqual(parseAnswer('elsewhere login2\n'), { kind: 'elsewhere', host: 'login2' });
    assert.equal(parseAnswer('bash: command not found'), undefined);
  });
});

describe('words for a shell', () => {
  it('reach it as themselves', () => {
    const words = fc.array(
      fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(words, (values) => {
        const printed = execFileSync('/bin/sh', [
          '-c',
          `for word in ${quoteWords(values)}; do printf '%s\\0' "$word"; done`,
        ]);
        assert.deepEqual(
          printed.toString('utf8').split('\0').slice(0, -1),
          values.map((value) => Buffer.from(value).toString()),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('cannot hold a NUL character', () => {
    assert.throws(() => quoteWords(['a\0b']), WatchError);
  });
});
