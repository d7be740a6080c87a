// Shows that something is under way once it takes long, with a button that calls it off.
import { CancellationTokenSource, type CancellationToken } from 'vscode';
import { showInNotification } from '../show/progress';

/** What takes less shows its result alone, in milliseconds. */
const moment = 1000;

export async function showWhereLong<Result>(
  title: string,
  work: (token: CancellationToken) => Promise<Result>,
): Promise<Result> {
  const source = new CancellationTokenSource();
  const running = work(source.token);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, moment);
  });
  const isLong = await Promise.race([running.then(() => false), late.then(() => true)]).finally(() => {
    clearTimeout(timer);
  });
  if (!isLong) return running;
  return showInNotification(title, (token) => {
    token.onCancellationRequested(() => {
      source.cancel();
    });
    return running;
  });
}
