// Answers the engine's questions: from the safe where it has the answer, else by asking the person, one question at a time.
import type { PromptRequest, Question } from '../engine/protocol';

export type Secret = Extract<Question, { kind: 'secret' }>;

/** VS Code's secret storage. */
export interface Safe {
  get(key: string): Thenable<string | undefined>;
  store(key: string, value: string): Thenable<void>;
  delete(key: string): Thenable<void>;
}

/** How a person is asked; undefined where they turn away. */
export interface Dialogs {
  confirmHost(cluster: string, question: Extract<Question, { kind: 'hostKey' }>): Thenable<boolean>;
  readLine(
    cluster: string,
    question: Secret,
    prompt: Secret['prompts'][number],
  ): Thenable<string | undefined>;
  /** Whether the answer is to be kept in the safe; asked beside, nobody waits for it. */
  offerToKeep(cluster: string, question: Secret): Thenable<boolean>;
  /** The safe did not take what was to be kept. */
  tellNotKept(cluster: string, question: Secret, thrown: unknown): void;
}

export type AnswerQuestion = (request: PromptRequest) => Promise<readonly string[] | null>;

export function createQuestions(safe: Safe, dialogs: Dialogs): AnswerQuestion {
  let asking: Promise<unknown> = Promise.resolve();
  /** The answer to each key that was given last: an offer for an older one is void. */
  const latest = new Map<string, string>();

  const keepIfWanted = async (cluster: string, question: Secret, answer: string): Promise<void> => {
    const { safeKey } = question;
    if (safeKey === null) return;
    latest.set(safeKey, answer);
    const isWanted = await dialogs.offerToKeep(cluster, question);
    if (isWanted && latest.get(safeKey) === answer) await safe.store(safeKey, answer);
  };

  const askPerson = async (cluster: string, question: Question): Promise<readonly string[] | null> => {
    if (question.kind === 'hostKey') return (await dialogs.confirmHost(cluster, question)) ? ['yes'] : null;
    const answers: string[] = [];
    for (const prompt of question.prompts) {
      const answer = await dialogs.readLine(cluster, question, prompt);
      if (answer === undefined) return null;
      answers.push(answer);
    }
    const [only, ...others] = answers;
    if (only !== undefined && others.length === 0)
      keepIfWanted(cluster, question, only).catch((thrown: unknown) => {
        dialogs.tellNotKept(cluster, question, thrown);
      });
    return answers;
  };

  return async ({ cluster, question, background }) => {
    const kept = question.kind === 'secret' ? await openSafe(safe, latest, question) : undefined;
    if (kept !== undefined) return [kept];
    if (background) return null;
    const answered = asking.then(() => askPerson(cluster, question));
    asking = answered.catch(() => undefined);
    return answered;
  };
}

/** What was wrong a moment ago is taken out of the safe. */
async function openSafe(
  safe: Safe,
  latest: Map<string, string>,
  { safeKey, again, prompts }: Secret,
): Promise<string | undefined> {
  if (safeKey === null || prompts.length !== 1) return undefined;
  if (!again) return safe.get(safeKey);
  latest.delete(safeKey);
  await safe.delete(safeKey);
  return undefined;
}
