// Brings what only a person can say from the clients: from who just did something to the cluster, or from a safe.
import type { Prompter, Question } from '../ports';
import type { PromptRequest } from '../protocol';

/** A client that may be asked. */
export interface Asked {
  readonly canAsk: boolean;
  readonly hasSafe: boolean;
  /** Rejects where the client has left. */
  ask(request: PromptRequest): Promise<unknown>;
}

export interface QuestionsOptions {
  /** The clients that are connected, the newest first. */
  readonly clients: () => readonly Asked[];
  /** Resolves when the first client has come, or when there is no use in waiting for one. */
  readonly firstClient: Promise<void>;
}

/** Answers pass through: they are not kept, not logged, and no part of errors. */
export class Questions implements Prompter {
  readonly #options: QuestionsOptions;
  /** Who is doing something to a cluster, the newest last. */
  readonly #doing: { readonly cluster: string; readonly client: Asked }[] = [];

  readonly #closed: Promise<null>;
  #close: () => void = () => undefined;

  constructor(options: QuestionsOptions) {
    this.#options = options;
    this.#closed = new Promise((resolve) => {
      this.#close = () => {
        resolve(null);
      };
    });
  }

  /** Whoever waits for an answer has none: the engine ends, and does not wait for people. */
  close(): void {
    this.#close();
  }

  /** Questions that arise of the clusters while `work` goes on are this client's. */
  async during<Result>(
    clusters: readonly string[],
    client: Asked,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const entries = clusters.map((cluster) => ({ cluster, client }));
    this.#doing.push(...entries);
    try {
      return await work();
    } finally {
      for (const entry of entries) this.#doing.splice(this.#doing.indexOf(entry), 1);
    }
  }

  ask(cluster: string, question: Question): Promise<readonly string[] | null> {
    return Promise.race([this.#closed, this.#ask(cluster, question)]);
  }

  async #ask(cluster: string, question: Question): Promise<readonly string[] | null> {
    await this.#options.firstClient;
    const doing = this.#doing.filter((entry) => entry.cluster === cluster && entry.client.canAsk).at(-1);
    if (doing) return tryToAsk(doing.client, { cluster, question, background: false });
    for (const client of this.#options.clients()) {
      if (!client.hasSafe) continue;
      const answer = await tryToAsk(client, { cluster, question, background: true });
      if (answer !== null) return answer;
    }
    return null;
  }
}

/** A client that leaves or answers nonsense has not answered. */
async function tryToAsk(client: Asked, request: PromptRequest): Promise<readonly string[] | null> {
  const { question } = request;
  const answer = await client.ask(request).catch(() => null);
  if (!isTexts(answer)) return null;
  const wanted = question.kind === 'hostKey' ? 1 : question.prompts.length;
  return answer.length === wanted ? answer : null;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
