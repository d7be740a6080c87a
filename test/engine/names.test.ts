// What conditions and parameters see of a watcher and its job.
import assert from 'node:assert/strict';
import { toConditionVariables, toTemplateVariables } from '../../engine/names';
import { toJob, toWatcher } from '../records';

describe('names', () => {
  const subject = (captures: readonly string[], variables: Readonly<Record<string, string>>) => ({
    watcher: toWatcher({ captures }, { variables, triggerCount: 2 }),
    job: toJob({ id: '15_3' }),
  });

  it('are those of the job, the watcher and its captures, which have no value before a match', () => {
    const { JOB_ID, ARRAY_TASK_ID, WATCHER, trigger_count, loss, step } = toConditionVariables(
      subject(['loss', 'step'], { loss: '0.5' }),
    );
    assert.deepEqual(
      { JOB_ID, ARRAY_TASK_ID, WATCHER, trigger_count, loss, step },
      { JOB_ID: '15_3', ARRAY_TASK_ID: '3', WATCHER: 'loss', trigger_count: 2, loss: '0.5', step: null },
    );
  });

  it('of captures win over built-in ones', () => {
    assert.equal(toTemplateVariables(subject(['JOB_ID'], { JOB_ID: 'mine' }))['JOB_ID'], 'mine');
  });

  for (const value of [null, '0.5'])
    it(`may be what JavaScript gives a meaning to, ${value === null ? 'without' : 'with'} a value`, () => {
      const entries =
        value === null
          ? []
          : [
              ['__proto__', value],
              ['constructor', value],
            ];
      const variables = Object.fromEntries(entries) as Record<string, string>;
      for (const seen of [toConditionVariables, toTemplateVariables]) {
        const names = new Map(Object.entries(seen(subject(['__proto__', 'constructor'], variables))));
        assert.deepEqual([names.get('__proto__'), names.get('constructor')], [value, value]);
      }
    });
});
