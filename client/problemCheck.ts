// Looks at a script's problems before it is submitted: errors stop, warnings ask.
import { commands, Range, Selection, window, type TextDocument } from 'vscode';
import type { Problem } from '../language/problem';
import { count } from './words';

/** Whether the script may be submitted; where not, the person has been told why and sees the place. */
export async function checkProblems(document: TextDocument): Promise<boolean> {
  const { parseScript } = await import('../language/script.js');
  const { problems } = parseScript(document.getText());
  const errors = problems.filter(({ severity }) => severity === 'error');
  const warnings = problems.filter(({ severity }) => severity === 'warning');
  const [firstError] = errors;
  const name = document.uri.path.split('/').at(-1) ?? '';
  if (firstError) {
    await showPlace(document, firstError);
    const words = `${name} was not submitted: ${describe(document, firstError)}`;
    tell(errors.length === 1 ? words : `${words} And ${count(errors.length - 1, 'more error')}.`);
    return false;
  }
  const [firstWarning] = warnings;
  if (!firstWarning) return true;
  const submit = 'Submit Anyway';
  const show = 'Show Problems';
  const question = `${name} has ${count(warnings.length, 'warning')}. Submit it?`;
  const detail = warnings.map((warning) => describe(document, warning)).join('\n');
  const answer = await window.showWarningMessage(question, { modal: true, detail }, submit, show);
  if (answer === show) {
    await showPlace(document, firstWarning);
    await commands.executeCommand('workbench.actions.view.problems');
  }
  return answer === submit;
}

const describe = (document: TextDocument, { span, message }: Problem): string =>
  `line ${document.positionAt(span.start).line + 1}: ${message}`;

async function showPlace(document: TextDocument, { span }: Problem): Promise<void> {
  const editor = await window.showTextDocument(document);
  const range = new Range(document.positionAt(span.start), document.positionAt(span.end));
  editor.selection = new Selection(range.start, range.end);
  editor.revealRange(range);
}

function tell(message: string): void {
  const show = 'Show Problems';
  void window
    .showErrorMessage(message, show)
    .then((chosen) => chosen === show && commands.executeCommand('workbench.actions.view.problems'));
}
