// Notifications and dialogs: the one way to them, which runs no link of the text that it shows.
import { window, type MessageOptions } from 'vscode';
import { toVsCodeMessage, type VsCodeMessage } from '../../language/show/vscode';

type Show = (
  message: VsCodeMessage,
  options: Omit<MessageOptions, 'detail'> & { readonly detail?: VsCodeMessage },
  ...buttons: readonly string[]
) => Thenable<string | undefined>;

/** VS Code's own functions, for text that was made for them. */
const shows: Readonly<Record<'error' | 'warning' | 'info', Show>> = {
  error: window.showErrorMessage,
  warning: window.showWarningMessage,
  info: window.showInformationMessage,
};

/** Beside the work; gives the button that was pressed, undefined where it was closed. */
export const showMessage = (
  level: keyof typeof shows,
  text: string,
  ...buttons: readonly string[]
): Thenable<string | undefined> => shows[level](toVsCodeMessage(text), {}, ...buttons);

/** In the middle of the window, with `detail` below in smaller letters; nothing goes on before it is answered. */
export const askInDialog = (
  question: string,
  detail: string,
  ...buttons: readonly string[]
): Thenable<string | undefined> => {
  const options = { modal: true, detail: toVsCodeMessage(detail) };
  return shows.warning(toVsCodeMessage(question), options, ...buttons);
};
