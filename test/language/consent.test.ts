// What is said before people agree: what watchers may do beyond noting things down.
import assert from 'node:assert/strict';
import { findPowers, toConsent, type ConsentPlace } from '../../language/consent';
import { describeOutside, describePowers } from '../../language/consentWords';
import { defaultAllowedCommands } from '../../language/allowedCommands';
import type { Definition } from '../../language/definition';
import type { Power } from '../../language/power';
import { parseScript } from '../../language/script';

const ownJob: ConsentPlace = {
  cluster: 'the cluster',
  workdir: '/work',
  allowedCommands: defaultAllowedCommands,
  job: null,
};
const jobThatWasThere: ConsentPlace = { ...ownJob, job: 'a' };

const toDefinitions = (actions: readonly string[], fields = ''): readonly Definition[] =>
  parseScript(
    `#WATCHER name=w pattern="(?P<a>a)" ${fields} ${actions.map((action) => `action=${action}`).join(' ')}\n`,
  ).watchers.map(({ definition }) => definition);

const powersOf = (
  actions: readonly string[],
  place: Partial<ConsentPlace> = {},
  fields = '',
): readonly Power[] =>
  findPowers({ definitions: toDefinitions(actions, fields), loginSetup: null }, { ...ownJob, ...place });

const hashOf = (action: string, place: Partial<ConsentPlace> = {}, fields = ''): string | undefined =>
  toConsent(powersOf([action], place, fields))?.hash;

const sentencesOf = (definitions: readonly Definition[]): readonly string[] =>
  findPowers({ definitions, loginSetup: null }, jobThatWasThere).map(({ sentence }) => sentence);

const consentTo = (...actions: readonly string[]): readonly string[] => sentencesOf(toDefinitions(actions));

const any = { job: 'the job', cluster: 'the cluster' };

describe('what people agree to', () => {
  it('is nothing if watchers only note things down', () => {
    assert.deepEqual(consentTo('log_event', 'store_metric(name=a, value=1)', 'pause_watcher'), []);
  });
  it('is said once each, with what is run and who is told', () => {
    assert.deepEqual(
      consentTo(
        'cancel_job',
        'cancel_job',
        'run_command(command="rm -rf /scratch/me")',
        'notify_email(to="a@b.org")',
      ),
      [
        '"w" cancels the job.',
        '"w" runs this command on the cluster: rm -rf /scratch/me.',
        '"w" sends mail to a@b.org.',
      ],
    );
    assert.deepEqual(consentTo('resubmit', 'notify_slack'), [
      '"w" submits the job again, up to 3 times.',
      '"w" sends a message to Slack.',
    ]);
  });

  it('has a command whole, however long it is, and every character that cannot be seen', () => {
    const long = `echo ${'x'.repeat(5000)}`;
    assert.deepEqual(consentTo(`run_command(command="${long}")`), [
      `"w" runs this command on the cluster: ${long}.`,
    ]);
    const command = 'echo {to}\u00a0$&\u202e\tb\nrm -rf /';
    const params = { command };
    const definition = { ...(parseScript('#WATCHER pattern="a"').watchers[0]?.definition ?? assert.fail()) };
    const hidden = { ...definition, actions: [{ type: 'run_command' as const, params, condition: null }] };
    assert.deepEqual(sentencesOf([{ ...hidden, name: 'a\u202eb' }]), [
      '"a\\u202eb" runs this command on the cluster: echo {to}\\u{a0}$&\\u{202e}\\x09b\\x0arm -rf /.',
    ]);
  });

  it('has words for a parameter that is not written, and for the job and its cluster', () => {
    assert.deepEqual(consentTo('notify_email'), ['"w" sends mail to the default address.']);
    const target = { job: 'train (job 5) on big', cluster: 'big' };
    assert.equal(describeOutside({ type: 'cancel_job', params: {} }, target), 'cancels train (job 5) on big');
    assert.equal(
      describeOutside({ type: 'run_command', params: { command: 'ls' } }, target),
      'runs this command on big: ls',
    );
  });

  it('says that captures may make any address of it, and shows it as it is written', () => {
    for (const to of ['$who@b.org', '${who:-me@b.org}', 'me@b.org, $1'])
      assert.deepEqual(consentTo(`notify_email(to="${to}")`), [
        `"w" sends mail to any address that the job's output gives: ${to}.`,
      ]);
  });

  it('names an action of another version, and nothing that only notes something down', () => {
    assert.equal(describeOutside({ type: 'launch_rocket', params: {} }, any), 'runs launch_rocket');
    assert.equal(describeOutside({ type: 'log_event', params: {} }, any), null);
  });

  describe('as a hash', () => {
    const command = 'run_command(command="rm -rf $a /scratch")';

    it('is none if nothing must be agreed to', () => {
      for (const action of ['log_event', 'cancel_job', 'pause_watcher', 'run_command(command="echo hi")'])
        assert.equal(hashOf(action), undefined, action);
      assert.notEqual(hashOf('cancel_job', jobThatWasThere), undefined);
    });

    it('is another with every character of a command', () => {
      const known = new Set([hashOf(command)]);
      for (const other of [
        'rm -rf $a /scratch ',
        'rm -rf $a /Scratch',
        'rm -rf $a  /scratch',
        'rm -rf $1 /scratch',
      ])
        known.add(hashOf(`run_command(command="${other}")`));
      assert.equal(known.size, 5);
    });

    it('is the same whatever a message, a name or a pattern says', () => {
      assert.equal(
        hashOf('notify_email(message="a", to="x@y.org")'),
        hashOf('notify_email(subject="b", to="x@y.org")'),
      );
      assert.notEqual(hashOf('notify_email(to="x@y.org")'), hashOf('notify_email(to="x@z.org")'));
      assert.equal(hashOf(command, {}, 'cooldown=5s'), hashOf(command));
    });

    it('is another elsewhere: commands know a working directory, addresses a cluster alone', () => {
      assert.notEqual(hashOf(command), hashOf(command, { workdir: '/elsewhere' }));
      assert.notEqual(hashOf(command), hashOf(command, { cluster: 'small' }));
      assert.equal(hashOf('notify_email'), hashOf('notify_email', { workdir: '/elsewhere' }));
      assert.notEqual(hashOf('notify_email'), hashOf('notify_email', { cluster: 'small' }));
      const other = { job: 'b' };
      assert.notEqual(hashOf('cancel_job', jobThatWasThere), hashOf('cancel_job', other));
    });

    it('is another with more resubmissions, and with other options', () => {
      assert.equal(hashOf('resubmit'), hashOf('resubmit', {}, 'remaining_resubmits=3'));
      assert.notEqual(hashOf('resubmit'), hashOf('resubmit', {}, 'remaining_resubmits=4'));
      assert.notEqual(hashOf('resubmit'), hashOf('resubmit(modifications={"mem": "64G"})'));
    });

    it('needs nothing that the list of allowed commands covers', () => {
      assert.equal(hashOf(command, { allowedCommands: [] }), hashOf(command));
      assert.notEqual(hashOf('run_command(command="ls")', { allowedCommands: [] }), undefined);
      assert.equal(hashOf('run_command(command="ls -l $a")'), undefined);
      assert.notEqual(hashOf('run_command(command="python $a")'), undefined);
    });

    it('is another with each character of the login set-up', () => {
      const toHash = (loginSetup: string): string | undefined =>
        toConsent(findPowers({ definitions: [], loginSetup }, ownJob))?.hash;
      assert.notEqual(toHash('pip install a'), toHash('pip install b'));
      assert.equal(toHash('pip install a'), toHash('pip install a'));
    });
  });

  it('is shown with the allowed commands after the others, and the login set-up line by line', () => {
    const definitions = toDefinitions(['run_command(command="echo hi")', 'run_command(command="make all")']);
    const loginSetup = 'module load cuda\npip install \x1b\npip install \x1b';
    assert.deepEqual(describePowers(findPowers({ definitions, loginSetup }, { ...ownJob, cluster: 'big' })), [
      'Before the job is submitted, these commands run on the login node of big:',
      '    module load cuda',
      '    pip install \\x1b',
      '    pip install \\x1b',
      '"w" runs this command on big:',
      '    make all',
      'Commands that are allowed without asking:',
      '"w" runs this command on big:',
      '    echo hi',
    ]);
    assert.match(
      describePowers(findPowers({ definitions: [], loginSetup }, { ...ownJob, cluster: 'sandbox' }))[0] ?? '',
      /run on this computer:$/,
    );
  });

  it('tells how often, and what the sentence does not name, of a webhook its host alone', () => {
    const [resubmit] = powersOf(['resubmit(modifications={"mem": "64G"})'], {}, 'remaining_resubmits=1');
    assert.equal(resubmit?.sentence, '"w" submits the job again, once (modifications: {"mem":"64G"}).');
    const [slack] = powersOf([
      'notify_slack(webhook="https://me:pw@evil.example.org/services/T0/SECRET", channel="#ml")',
    ]);
    assert.equal(slack?.sentence, '"w" sends a message to Slack (webhook: evil.example.org, channel: #ml).');
    assert.doesNotMatch(JSON.stringify(slack), /SECRET|pw@/);
    const [any] = powersOf(['notify_slack(channel="#$1")']);
    assert.equal(
      any?.sentence,
      '"w" sends a message to Slack (channel: any channel that the job\'s output gives: #$1).',
    );
  });
});
