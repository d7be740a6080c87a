// What is under way, and what was done a moment ago: the one way to progress and to the status bar.
import { ProgressLocation, window, type CancellationToken } from 'vscode';
import { toVsCodeLabel, toVsCodeMessage } from '../../language/show/vscode';

/** In the status bar while it lasts, with what the work reports of itself. */
export const showInStatusBar = <Result>(
  title: string,
  work: (report: (text: string) => void) => Thenable<Result>,
): Thenable<Result> =>
  window.withProgress({ location: ProgressLocation.Window, title: toVsCodeLabel(title) }, (progress) =>
    work((text) => {
      progress.report({ message: toVsCodeLabel(text) });
    }),
  );

/** In a notification, with a button that calls it off. */
export const showInNotification = <Result>(
  title: string,
  work: (token: CancellationToken) => Thenable<Result>,
): Thenable<Result> =>
  window.withProgress(
    { location: ProgressLocation.Notification, title: toVsCodeMessage(title), cancellable: true },
    (_, token) => work(token),
  );

/** How long a word about what was done stays, in milliseconds. */
const shownTime = 5000;

export const tellInStatusBar = (icon: string, text: string): void => {
  window.setStatusBarMessage(`$(${icon}) ${toVsCodeLabel(text)}`, shownTime);
};
