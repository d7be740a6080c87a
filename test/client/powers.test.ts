// What is said before people agree: what watchers may do beyond noting things down.
import assert from 'node:assert/strict';
import { describePowers } from '../../client/powers';
import { parseScript } from '../../language/script';

const powersOf = (...actions: readonly string[]): readonly string[] =>
  describePowers(
    parseScript(`#WATCHER name=w pattern="a" ${actions.map((action) => `action=${action}`).join(' ')}\n`)
      .watchers,
  );

describe('the powers of watchers', () => {
  it('are none where they only note things down', () => {
    assert.deepEqual(powersOf('log_event', 'store_metric(name=a, value=1)', 'pause_watcher'), []);
  });
  it('are said once each, with what is run and who is told', () => {
    assert.deepEqual(
      powersOf(
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
    assert.deepEqual(powersOf('resubmit', 'notify_slack'), [
      '"w" submits the job again.',
      '"w" sends a message to Slack.',
    ]);
  });
});
