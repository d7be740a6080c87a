// Looks at a script's problems before it is submitted: errors stop, warnings ask.
import { commands, Range, Selection, window, type TextDocument } from 'vscode';
import { toSubmissionProblems } from '../engine/rules';
import { count } from '../engine/words';
import { isError, type Problem } from '../language/problem';
import { toVisible } from '../language/show/visible';
import { isBatchScript } from './languages';
import { askInDialog, showMessage } from './show/messages';
import { nameOf } from './documentName';

/** Whether the script may be submitted; where not, the person has been told why and sees the place. */
export async function checkProblems(document: TextDocument): Promise<boolean> {
  const { parseScript } = await import('../language/script.js');
  const problems = toSubmissionProblems(parseScript(document.getText()).problems);
  if (await stopAtErrors(document, problems, 'submitted')) return false;
  const warnings = problems.filter(({ severity }) => severity === 'warning');
  const [firstWarning] = warnings;
  if (!firstWarning) return true;
  const submit = 'Submit Anyway';
  const show = 'Show Problems';
  const question = `${nameOf(document)} has ${count(warnings.length, 'warning')}. Submit it?`;
  const detail = describeProblems(document, warnings).join('\n');
  const answer = await askInDialog(question, detail, submit, show);
  if (answer === show) {
    await showPlace(document, firstWarning);
    await commands.executeCommand('workbench.actions.view.problems');
  }
  return answer === submit;
}

/** Whether there is an error; then the person is told what was not done (`submitted`), and sees the place. */
export async function stopAtErrors(
  document: TextDocument,
  problems: readonly Problem[],
  deed: string,
): Promise<boolean> {
  const [first, ...others] = problems.filter(isError);
  if (!first) return false;
  await showPlace(document, first);
  const words = `${nameOf(document)} was not ${deed}: ${describe(document, first)}`;
  const all = others.length === 0 ? words : `${words} And ${count(others.length, 'more error')}.`;
  // Of other files than scripts the view of problems says nothing.
  if (isBatchScript(document)) tell(all);
  else void showMessage('error', `${all} ${first.remedy}`);
  return true;
}

/** Of each its line and what it says, on one line. */
export const describeProblems = (document: TextDocument, problems: readonly Problem[]): readonly string[] =>
  problems.map((problem) => describe(document, problem));

const describe = (document: TextDocument, { span, message }: Problem): string =>
  toVisible(`line ${document.positionAt(span.start).line + 1}: ${message}`);

async function showPlace(document: TextDocument, { span }: Problem): Promise<void> {
  const editor = await window.showTextDocument(document);
  const range = new Range(document.positionAt(span.start), document.positionAt(span.end));
  editor.selection = new Selection(range.start, range.end);
  editor.revealRange(range);
}

function tell(message: string): void {
  const show = 'Show Problems';
  void showMessage('error', message, show).then(
    (chosen) => chosen === show && commands.executeCommand('workbench.actions.view.problems'),
  );
}
