// The settings of scripts: asked of the client for each folder where it can be asked, else taken as it tells them.
import * as v from 'valibot';

/** Each property is the last word of a setting's key. */
export interface ScriptSettings {
  /** Whether to say what ssync would drop. */
  readonly ssync: boolean;
  /** Names of commands that run without consent; absent: the default list. */
  readonly allowedCommands?: readonly string[];
}

export const section = 'slurmWatchers';

const defaults: ScriptSettings = { ssync: false };

export interface Settings {
  /** What is known of a script's settings by now. */
  known(uri: string): ScriptSettings;
  /** Waits until they are known; a client that cannot tell them means the defaults. */
  learn(uri: string): Promise<ScriptSettings>;
  forget(uri: string): void;
  /** They have changed: all are asked for anew. */
  forgetAll(): void;
}

/** `ask` gives the client's object of settings for a script. */
export function createSettings(ask: (uri: string) => Promise<unknown>): Settings {
  const known = new Map<string, ScriptSettings>();
  const asked = new Map<string, Promise<ScriptSettings>>();
  const request = async (uri: string): Promise<ScriptSettings> => {
    const settings = toScriptSettings(await ask(uri).catch(() => undefined));
    known.set(uri, settings);
    return settings;
  };
  return {
    known: (uri) => known.get(uri) ?? defaults,
    learn: (uri) => {
      const answer = asked.get(uri) ?? request(uri);
      asked.set(uri, answer);
      return answer;
    },
    forget: (uri) => {
      known.delete(uri);
      asked.delete(uri);
    },
    forgetAll: () => {
      asked.clear();
    },
  };
}

const isWord = v.regex(/^[^\s\p{C}]+$/u);

/** As `{ lint: { ssync: true }, allowedCommands: ['make'] }`; whatever else a client sends means the defaults. */
const sentSettings = v.fallback(
  v.object({
    lint: v.fallback(v.object({ ssync: v.boolean() }), { ssync: defaults.ssync }),
    // As for the engine: what is wrong with the list allows nothing.
    allowedCommands: v.nullish(v.fallback(v.array(v.pipe(v.string(), isWord)), [])),
  }),
  { lint: { ssync: defaults.ssync } },
);

function toScriptSettings(settings: unknown): ScriptSettings {
  const { lint, allowedCommands } = v.parse(sentSettings, settings);
  return { ...lint, ...(allowedCommands && { allowedCommands }) };
}

/** The same for all that is found with them, in a text that names them. */
export const nameSettings = ({ ssync, allowedCommands }: ScriptSettings): string =>
  [...(ssync ? ['ssync'] : []), ...(allowedCommands ? [`allowed ${allowedCommands.join(' ')}`] : [])].join(
    ' ',
  );

export const readMember = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null
    ? new Map<string, unknown>(Object.entries(value)).get(key)
    : undefined;
