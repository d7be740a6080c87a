// What is said before people agree: what watchers may do beyond noting things down.
import assert from 'node:assert/strict';
import { describeConsent, describeOutside } from '../../language/consent';
import { parseScript } from '../../language/script';

const consentTo = (...actions: readonly string[]): readonly string[] =>
  describeConsent(
    parseScript(`#WATCHER name=w pattern="a" ${actions.map((action) => `action=${action}`).join(' ')}\n`)
      .watchers,
  );

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
      '"w" submits the job again.',
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
    assert.deepEqual(describeConsent([{ definition: { ...hidden, name: 'a\u202eb' } }]), [
      '"a\\u202eb" runs this command on the cluster: echo {to}\\u{a0}$&\\u{202e}\\x09b\\x0arm -rf /.',
    ]);
  });

  it('has words for a parameter that is not written, and for the job and its cluster', () => {
    assert.deepEqual(consentTo('notify_email'), ['"w" sends mail to your address.']);
    const target = { job: 'train (job 5) on big', cluster: 'big' };
    assert.equal(describeOutside({ type: 'cancel_job', params: {} }, target), 'cancels train (job 5) on big');
    assert.equal(
      describeOutside({ type: 'run_command', params: { command: 'ls' } }, target),
      'runs this command on big: ls',
    );
  });

  it('names an action of another version, and nothing that only notes something down', () => {
    assert.equal(describeOutside({ type: 'launch_rocket', params: {} }, any), 'runs launch_rocket');
    assert.equal(describeOutside({ type: 'log_event', params: {} }, any), null);
  });
});
