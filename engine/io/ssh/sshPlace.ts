// What the stages of a connection know of their machine: its name, who can be asked, the environment, a log.
import { WatchError } from '../../errors';
import type { Prompter, Question } from '../../ports';

export interface SshPlace {
  /** The cluster's, in messages and questions. */
  readonly name: string;
  readonly prompter: Prompter;
  /** Asked anew at each connect: agents move. */
  environment(): NodeJS.ProcessEnv;
  /** Read instead of the user's and the system's configuration, as `ssh -F`; null for those. */
  readonly configFile: string | null;
  log(line: string): void;
}

/** What was in flight is unknown; another try may succeed. */
export const toUnreachable = ({ name }: Pick<SshPlace, 'name'>, what: string, cause?: unknown): WatchError =>
  new WatchError(
    'cluster-unreachable',
    `${name}: ${what}`,
    'The connection is tried again by itself; look at the network and at the login node if this lasts.',
    cause,
  );

export const toNeedsSignIn = ({ name }: Pick<SshPlace, 'name'>, what: string, remedy: string): WatchError =>
  new WatchError('needs-sign-in', `${name}: ${what}`, remedy);

/** The way out if this program cannot do what a host or its configuration wants. */
export const elsewhere =
  'open a window on the login node with Remote-SSH, where the cluster is of the local kind';

/** Time that a server may take; it stands still while a person is asked. */
export class Patience {
  private timer: NodeJS.Timeout | undefined;
  private asking = 0;
  private isOver = false;

  constructor(
    private readonly limitMs: number,
    private readonly onEnd: () => void,
  ) {
    this.restart();
  }

  restart(): void {
    clearTimeout(this.timer);
    if (this.asking === 0 && !this.isOver) this.timer = setTimeout(this.onEnd, this.limitMs);
  }

  /** For good: an answer that comes later starts nothing. */
  stop(): void {
    this.isOver = true;
    clearTimeout(this.timer);
  }

  async ask({ prompter, name }: SshPlace, question: Question): Promise<readonly string[] | null> {
    this.asking += 1;
    clearTimeout(this.timer);
    try {
      return await prompter.ask(name, question);
    } finally {
      this.asking -= 1;
      this.restart();
    }
  }
}
