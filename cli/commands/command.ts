// What every command is given: its output, and the way to the engine.
import { WatchError } from '../../engine/errors';
import type { EngineLink } from '../../engine/link/greet';
import type { MirrorKeeper } from '../../engine/link/mirror';
import type { EngineChange } from '../../engine/protocol';
import type { Input } from '../input';
import type { ExitCode, Output } from '../output';

export interface SettingsOption {
  /** It does not matter what config.json says: one that is broken is told, and left out. */
  readonly settings?: 'optional';
}

export interface LinkOptions extends SettingsOption {
  /** Starts an engine where none runs; otherwise none is an answer too. */
  readonly start: boolean;
}

export interface SteadyLinkOptions extends SettingsOption {
  readonly onChange: (change: EngineChange) => void;
  /** Connected, at first or again: what has happened meanwhile is to be asked for. */
  readonly onConnected: () => void;
  readonly onLost: () => void;
}

/** A link that starts the engine again when it is lost. */
export type SteadyLink = Pick<EngineLink, 'request' | 'close'>;

export interface Context {
  readonly output: Output;
  readonly input: Input;
  readonly environment: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Resolves when the person asks to stop (Ctrl+C). */
  readonly interrupted: Promise<void>;
  /** A link to the engine, or undefined where none runs and none shall be started. */
  connect(options: LinkOptions): Promise<EngineLink | undefined>;
  connectSteadily(options: SteadyLinkOptions): Promise<SteadyLink>;
  /** Whether somebody sits at the terminal. */
  readonly canAsk: boolean;
  /** Asks the person at the terminal, yes or no; null if nobody is there. */
  confirm(question: string): Promise<boolean | null>;
  /** Asks for something that is not shown; null if nobody sits there, empty if they turn away. */
  readSecret(question: string): Promise<string | null>;
  /** The commands that run without consent, as config.json names them; undefined if it names none. */
  readAllowedCommands(): Promise<readonly string[] | undefined>;
  /** Runs the language server in this process, on its standard streams, until the editor ends it. */
  startLanguageServer(): void;
  /** What a command comes to; the process ends with it. */
  exit(code: ExitCode): void;
}

/** Runs `use` with a link that is closed afterwards. */
export async function withEngine<Result>(
  context: Context,
  options: LinkOptions,
  use: (link: EngineLink) => Promise<Result>,
): Promise<Result> {
  const link = await context.connect(options);
  if (!link)
    throw new WatchError(
      'engine-unreachable',
      'No engine is running.',
      'Start one with "slurm-watchers engine start", or submit a job.',
    );
  try {
    return await use(link);
  } finally {
    await link.close();
  }
}

/** The news of a link for a mirror, which is filled after each connection. */
export const toSteadyOptions = (keeper: MirrorKeeper): SteadyLinkOptions => ({
  onChange: (change) => {
    keeper.take(change);
  },
  onConnected: () => {
    keeper.fill();
  },
  onLost: () => {
    keeper.lose();
  },
});

/**
 * Lets what goes wrong in the background end the command. That the engine was lost once more is nothing: the next
 * reconnect asks again.
 */
export function createFailure(): {
  readonly failed: Promise<never>;
  readonly fail: (reason: unknown) => void;
} {
  let reject: (reason: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, fail) => (reject = fail));
  failed.catch(() => undefined);
  const fail = (reason: unknown): void => {
    if (!(reason instanceof WatchError && reason.code === 'engine-unreachable')) reject(reason);
  };
  return { failed, fail };
}
