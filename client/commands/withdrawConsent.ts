// Withdraw Consent: takes back what was agreed to, all of it or what the person picks.
import { count } from '../../engine/words';
import { WatchError } from '../../engine/errors';
import type { App } from '../app';
import { pickMany } from '../show/inputs';
import { showMessage } from '../show/messages';

export async function withdrawConsent({ engine }: App): Promise<void> {
  const agreements = await engine.request('engine/agreements', {});
  if (agreements.length === 0)
    throw new WatchError('not-found', 'You have agreed to nothing so far.', 'There is nothing to withdraw.');
  const items = agreements.map(({ key, sentence, place, time }) => ({
    label: sentence ?? 'Agreed to with an older version, which has kept no words of it',
    description: place ?? '',
    detail: time === null ? '' : `since ${new Date(time).toLocaleString()}`,
    key,
  }));
  const placeHolder = 'What shall be asked about again before it is done';
  const picked = await pickMany(items, { title: 'Withdraw Consent', placeHolder, matchOnDescription: true });
  if (!picked || picked.length === 0) return;
  const request = { agreements: picked.map(({ key }) => key) };
  const withdrawn = await engine.request('engine/withdrawConsent', request);
  void showMessage('info', `${count(withdrawn.length, 'agreement')} withdrawn. What has begun goes on.`);
}
