// Asks the engine for what needs consent: what it may do is shown in a dialog, or in an editor if it is long, and asked for again.
import { Uri, ViewColumn, window, workspace } from 'vscode';
import { ConsentNeeded } from '../engine/errors';
import type { EngineRequests } from '../engine/protocol';
import { describePowers } from '../language/consentWords';
import type { Consent } from '../language/power';
import { toVsCodePlain } from '../language/show/vscode';
import { count } from '../engine/words';
import { pickOne } from './show/inputs';
import { askInDialog } from './show/messages';

type Method = 'engine/submit' | 'engine/attach' | 'engine/edit';

export interface ConsentQuestion {
  /** `Submit train.sh to big?` */
  readonly question: string;
  /** The word of agreement, `Submit`. */
  readonly button: string;
  /** What else is to be known, before what may be done; empty if nothing. */
  readonly remarks?: string;
  /** Told when the question is asked: nobody is asked about what was agreed to before. */
  readonly onAsked?: () => void;
}

/** Undefined if the person does not agree. */
export async function requestWithConsent<M extends Method>(
  params: EngineRequests[M][0],
  request: (params: EngineRequests[M][0]) => Thenable<EngineRequests[M][1]>,
  question: ConsentQuestion,
): Promise<EngineRequests[M][1] | undefined> {
  for (let given = params; ;) {
    try {
      return await request(given);
    } catch (error) {
      if (!(error instanceof ConsentNeeded)) throw error;
      if (!(await isAgreed(error.consent, question))) return undefined;
      given = { ...params, agreed: error.consent.hash };
    }
  }
}

/** What a dialog shows without growing beyond the window. */
const [mostLines, mostCharacters] = [20, 2000];

async function isAgreed({ powers }: Consent, question: ConsentQuestion): Promise<boolean> {
  const { button, remarks = '', onAsked } = question;
  onAsked?.();
  const text = [
    ...(remarks === '' ? [] : [remarks, '']),
    ...['What it may do:', '', ...describePowers(powers)],
  ].join('\n');
  const lines = text.split('\n');
  if (lines.length <= mostLines && text.length <= mostCharacters)
    return (await askInDialog(question.question, text, button)) === button;
  const readAll = 'Read All of It…';
  const detail = `What it may do takes ${count(lines.length, 'line')}: read it in an editor, and agree there.`;
  if ((await askInDialog(question.question, detail, readAll)) !== readAll) return false;
  return askBesideText(text, question);
}

const scheme = 'slurm-watchers-consent';
let asked = 0;

/** A list that is open covers so many lines at the top of the editor. */
const covered = 8;

/** The list stays open while the text is read and scrolled in the editor. */
async function askBesideText(text: string, { question, button }: ConsentQuestion): Promise<boolean> {
  const provider = workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: () => `${'\n'.repeat(covered)}${text}\n`,
  });
  try {
    asked += 1;
    const uri = Uri.from({ scheme, path: `/${toVsCodePlain('What it may do')}`, query: String(asked) });
    const document = await workspace.openTextDocument(uri);
    await window.showTextDocument(document, { viewColumn: ViewColumn.Active, preview: true });
    const agree = { label: button, detail: 'I have read what it may do' };
    const options = { title: question, placeHolder: 'The whole list is in the editor', ignoreFocusOut: true };
    const chosen = await pickOne([{ label: 'Cancel', detail: 'Nothing is done' }, agree], options);
    return chosen?.label === button;
  } finally {
    provider.dispose();
  }
}
