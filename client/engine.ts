// The way to the engine: starts and supervises it when something is asked of it, and keeps the window's copy up to date.
import { join } from 'node:path';
import { env, EventEmitter, workspace, type Disposable, type Event, type ExtensionContext } from 'vscode';
import { version } from '../package.json';
import { toWatchError, WatchError } from '../engine/errors';
import { findHome } from '../engine/link/home';
import type { EngineSupervisor, LinkState } from '../engine/link/supervise';
import type { EngineChange, OutputNews, Surroundings } from '../engine/protocol';
import { keepsRunning } from './keepRunning';
import type { Log } from './log';
import type { EngineRequest } from '../engine/link/greet';
import { keptEvents, Mirror, MirrorKeeper } from '../engine/link/mirror';
import type { Owned } from './owned';
import type { AnswerQuestion } from './questions';
import { readSettings } from './settings';

/** idle: nothing was asked of the engine yet. */
export type EngineState = LinkState | { readonly kind: 'idle' };

export interface Engine extends Owned {
  readonly home: string;
  readonly state: EngineState;
  readonly mirror: Mirror;
  /** Whether the mirror shows all that the engine knows. */
  readonly isFilled: boolean;
  /** Whether watching goes on without a window. */
  readonly keepsRunning: boolean;
  /** News, after the mirror has it. */
  readonly onDidChange: Event<EngineChange>;
  /** Of the outputs that this window follows. */
  readonly onOutput: Event<OutputNews>;
  /** The state is another, or the mirror was filled anew. */
  readonly onDidReset: Event<void>;
  /** Connects, and starts the engine where none runs; refuses with a WatchError in a folder that is not trusted. */
  wake(): void;
  /** Wakes the engine and asks it; throws WatchError. */
  readonly request: EngineRequest;
}

export const createEngine = (context: ExtensionContext, log: Log, answer: AnswerQuestion): Engine =>
  new SupervisedEngine(context, log, answer);

class SupervisedEngine implements Engine {
  readonly home = findHome();
  readonly mirror = new Mirror();
  readonly #changed = new EventEmitter<EngineChange>();
  readonly #output = new EventEmitter<OutputNews>();
  readonly #reset = new EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly onOutput = this.#output.event;
  readonly onDidReset = this.#reset.event;
  #supervisor: Promise<EngineSupervisor> | undefined;
  #state: EngineState = { kind: 'idle' };
  readonly #keeper = new MirrorKeeper(this.mirror, {
    fetch: async () => {
      const [jobs, watchers, events] = await Promise.all([
        this.request('engine/jobs', {}),
        this.request('engine/watchers', {}),
        this.request('engine/events', { limit: keptEvents }),
      ]);
      return { jobs, watchers, events };
    },
    onFilled: () => {
      this.#reset.fire();
    },
    onChange: (change) => {
      this.#changed.fire(change);
    },
    onFailed: (error) => {
      this.log.warn(`The list of watchers is not complete: ${toWatchError(error).message}`);
    },
  });

  #surroundings: (() => Surroundings) | undefined;
  readonly #settings: Disposable;

  constructor(
    private readonly context: ExtensionContext,
    private readonly log: Log,
    private readonly answer: AnswerQuestion,
  ) {
    this.#settings = workspace.onDidChangeConfiguration((change) => {
      const isAccess = ['clusters', 'ssh', 'history', 'allowedCommands', 'mail', 'slack'].some((key) =>
        change.affectsConfiguration(`slurmWatchers.${key}`),
      );
      if (isAccess) void this.#tellSurroundings();
    });
  }

  get state(): EngineState {
    return this.#state;
  }

  get isFilled(): boolean {
    return this.#keeper.isFilled;
  }

  get keepsRunning(): boolean {
    const host = { platform: process.platform, remoteName: env.remoteName, env: process.env };
    return keepsRunning(readSettings().keepRunning, host);
  }

  wake(): void {
    if (!workspace.isTrusted)
      throw new WatchError(
        'unsupported',
        'Jobs are not watched in a folder that is not trusted.',
        'Trust the folder with "Workspaces: Manage Workspace Trust".',
      );
    if (!this.#supervisor) {
      this.#supervisor = this.#supervise();
      this.#take({ kind: 'starting' });
      this.#supervisor.catch((error: unknown) => {
        this.#supervisor = undefined;
        this.#take({ kind: 'lost', error: toWatchError(error) });
      });
    } else if (this.#state.kind === 'lost')
      void this.#supervisor.then((supervisor) => {
        supervisor.start();
      });
  }

  /** Loads what checks the settings with it: activation does not wait for that. */
  async #readSurroundings(): Promise<() => Surroundings> {
    const { createSurroundings } = await import('./surroundings.js');
    return (this.#surroundings ??= createSurroundings(this.log));
  }

  /** Loads the code of the way to the engine with it, as above. */
  async #supervise(): Promise<EngineSupervisor> {
    const { superviseEngine } = await import('../engine/link/supervise.js');
    const { location, nodePath } = readSettings();
    return superviseEngine({
      home: this.home,
      clientName: 'vscode',
      version,
      bundleDirectory: join(this.context.extensionPath, 'dist/engine'),
      nodePath: nodePath || undefined,
      location: location === 'auto' ? 'any' : 'thisProcess',
      keepRunning: this.keepsRunning,
      canAsk: true,
      hasSafe: true,
      surroundings: await this.#readSurroundings(),
      onQuestion: this.answer,
      onState: (state) => {
        this.#take(state);
      },
      onChange: (change) => {
        this.#keeper.take(change);
      },
      onOutput: (news) => {
        this.#output.fire(news);
      },
      onReconnected: () => {
        this.log.info('Connected to the engine again.');
      },
    });
  }

  readonly request: EngineRequest = async (method, params, listen) => {
    this.wake();
    if (!this.#supervisor) throw new TypeError('awake without a supervisor');
    const supervisor = await this.#supervisor;
    return supervisor.request(method, params, listen);
  };

  /** An engine that is not connected is told with the next hello. */
  async #tellSurroundings(): Promise<void> {
    if (this.#state.kind !== 'connected') return;
    const surroundings = await this.#readSurroundings();
    await this.request('engine/surroundings', surroundings()).catch((error: unknown) => {
      this.log.warn(`The engine was not told of the new settings: ${toWatchError(error).message}`);
    });
    this.#reset.fire();
  }

  dispose(): void {
    this.#settings.dispose();
    void this.#supervisor?.then((supervisor) => supervisor.close());
    this.#changed.dispose();
    this.#output.dispose();
    this.#reset.dispose();
  }

  #take(state: LinkState): void {
    this.#state = state;
    if (state.kind === 'connected') {
      this.log.info(`Connected to the engine ${state.welcome.version}, process ${state.welcome.pid}.`);
      this.#keeper.fill();
    } else {
      this.#keeper.lose();
      if (state.kind === 'lost') this.log.warn(`${state.error.message} ${state.error.remedy}`);
    }
    this.#reset.fire();
  }
}
