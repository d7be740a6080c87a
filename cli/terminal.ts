// Asks at the terminal what only a person can say: whether a host is the right one, passphrases, passwords and codes.
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { PromptRequest, Question } from '../engine/protocol';
import { toTerminal } from '../language/show/terminal';

export interface Terminal {
  /** Whether somebody sits there. */
  readonly canAsk: boolean;
  /** Null where the person declined, or nobody has asked for it just now. */
  ask(request: PromptRequest): Promise<readonly string[] | null>;
  /** Yes or no; null if nobody sits there. A question that ends with what may be answered, `[y/N]`, is asked as it is. */
  confirm(question: string): Promise<boolean | null>;
  /** Without showing the keys; null if nobody sits there, empty if they turn away. */
  readSecret(question: string): Promise<string | null>;
  /** Gives up what is being asked. */
  close(): void;
}

export interface TerminalStreams {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** Standard error: the answer of a command stays by itself. */
  readonly output: NodeJS.WritableStream;
}

export function createTerminal({ input, output }: TerminalStreams): Terminal {
  let asking: Promise<unknown> = Promise.resolve();
  let isClosed = false;
  let giveUp = (): void => undefined;

  const readLine = (prompt: string, echo: boolean): Promise<string | null> =>
    new Promise((resolve) => {
      if (isClosed) {
        resolve(null);
        return;
      }
      output.write(prompt);
      // The keys of a hidden answer are written nowhere.
      const shown = new Writable({
        write: (chunk: Buffer, _encoding, done) => {
          if (echo) output.write(chunk);
          done();
        },
      });
      const lines = createInterface({ input, output: shown, terminal: true, historySize: 0 });
      let answer: string | null = null;
      giveUp = () => {
        lines.close();
      };
      lines.once('line', (line) => {
        answer = line;
        lines.close();
      });
      lines.once('SIGINT', giveUp);
      lines.once('close', () => {
        giveUp = () => undefined;
        if (!echo || answer === null) output.write('\n');
        resolve(answer);
      });
    });

  const answer = async (request: PromptRequest): Promise<readonly string[] | null> => {
    const { question } = request;
    for (const line of introduce(question)) output.write(`${toTerminal(line)}\n`);
    if (question.kind === 'hostKey') {
      const said = await readLine('Is it the right one (yes/no)? ', true);
      return said?.trim().toLowerCase() === 'yes' ? ['yes'] : null;
    }
    const answers: string[] = [];
    for (const { text, echo } of question.prompts) {
      const said = await readLine(toPrompt(text), echo);
      if (said === null) return null;
      answers.push(said);
    }
    return answers;
  };

  return {
    canAsk: input.isTTY === true,
    ask: (request) => {
      if (request.background || input.isTTY !== true) return Promise.resolve(null);
      const answered = asking.then(() => answer(request));
      asking = answered.catch(() => undefined);
      return answered;
    },
    confirm: async (question) => {
      if (input.isTTY !== true) return null;
      const said = await readLine(
        `${toTerminal(question)}${question.endsWith(']') ? '' : ' (yes/no)?'} `,
        true,
      );
      return /^y(es)?$/i.test(said?.trim() ?? '');
    },
    readSecret: async (question) =>
      input.isTTY === true ? ((await readLine(toPrompt(question), false)) ?? '').trim() : null,
    close: () => {
      isClosed = true;
      giveUp();
    },
  };
}

/** What is said before the question itself. */
function introduce(question: Question): readonly string[] {
  if (question.kind === 'hostKey')
    return [
      `${question.host} is not known yet. It shows a key of the type ${question.keyType} with the fingerprint`,
      `  ${question.fingerprint}`,
      ...(question.otherNames.length > 0 ? ['The same key is known by other names:'] : []),
      ...question.otherNames.map((name) => `  ${name}`),
      'Compare it with what your site publishes: a wrong one means that somebody may be listening in.',
    ];
  const again = question.again ? ['That was not right.'] : [];
  if (question.method !== 'keyboard-interactive') return again;
  // What a server says is set off from what this computer says: it could ask for anything.
  const instructions = question.instructions.split('\n').filter((line) => line.trim() !== '');
  return [...again, `The server asks (${question.host}):`, ...instructions.map((line) => `  ${line}`)];
}

function toPrompt(text: string): string {
  const shown = toTerminal(text).trim();
  return /[:?]$/.test(shown) ? `${shown} ` : `${shown}: `;
}
