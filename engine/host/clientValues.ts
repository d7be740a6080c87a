// What clients have said of their surroundings: the newest one's values count, the settings also after it has left.
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { checkAccessSettings, pickEnvironment } from '../link/accessSettings';
import { isMissing } from '../link/fileErrors';
import type { AccessSettings } from '../ports';
import type { ClientName, Surroundings } from '../protocol';

type Kept = Readonly<Record<string, AccessSettings>>;

/** A client of one kind says what its own settings are, and nothing of another's: theirs are added. */
export class ClientValues {
  readonly #file: string;
  readonly #log: (line: string) => void;
  /** By kind of client, the one that spoke last at the end. */
  #settings: Kept;
  #environment: Readonly<Record<string, string>> = {};

  /** The settings are kept in a file of the home: an engine that starts by itself goes on with the clusters it knew. */
  constructor(home: string, log: (line: string) => void) {
    this.#file = join(home, 'clients.json');
    this.#log = log;
    this.#settings = read(this.#file, log);
  }

  get settings(): AccessSettings {
    const all = Object.values(this.#settings);
    const files = all.flatMap(({ sshConfigFile }) => sshConfigFile ?? []);
    const months = all.flatMap(({ keepMonths }) => keepMonths ?? []).at(-1);
    const lists = all.flatMap(({ allowedCommands }) => (allowedCommands ? [allowedCommands] : []));
    // Only what all allow that have a list of their own.
    const [first, ...others] = lists;
    const allowed = first?.filter((name) => others.every((list) => list.includes(name)));
    const mail = all.flatMap((one) => one.mail ?? []).at(-1);
    const slack = all.flatMap((one) => one.slack ?? []).at(-1);
    return {
      clusters: Object.fromEntries(all.flatMap(({ clusters }) => Object.entries(clusters))),
      sshConfigFile: files.at(-1) ?? null,
      ...(months !== undefined && { keepMonths: months }),
      ...(allowed && { allowedCommands: allowed }),
      ...(mail && { mail }),
      ...(slack && { slack }),
    };
  }

  /** The engine's own, with the agent of the newest client. */
  get environment(): Readonly<Record<string, string | undefined>> {
    return { ...withoutRelativePaths(process.env), ...this.#environment };
  }

  /** Whether anything is another now. */
  take(client: ClientName, { settings, environment }: Surroundings): boolean {
    const before = JSON.stringify([this.settings, this.#environment]);
    this.#environment = { ...this.#environment, ...pickEnvironment(environment) };
    if (settings !== null) this.#keep(client, checkAccessSettings(settings).value);
    return JSON.stringify([this.settings, this.#environment]) !== before;
  }

  #keep(client: ClientName, settings: AccessSettings): void {
    const others = Object.entries(this.#settings).filter(([name]) => name !== client);
    const next = Object.fromEntries([...others, [client, settings]]);
    if (JSON.stringify(next) === JSON.stringify(this.#settings)) return;
    this.#settings = next;
    try {
      rmSync(`${this.#file}.new`, { force: true, recursive: true });
      writeFileSync(`${this.#file}.new`, JSON.stringify(next, null, 2), { flag: 'wx', mode: 0o600 });
      renameSync(`${this.#file}.new`, this.#file);
    } catch (error) {
      this.#log(`The settings of clients could not be kept: ${String(error)}`);
    }
  }
}

/**
 * What cannot be read, or is not what it must be, is left out and named: clients say it again, and no engine fails for what
 * one of another version, or somebody's editor, has left.
 */
function read(file: string, log: (line: string) => void): Kept {
  try {
    const kept: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return Object.fromEntries(
      Object.entries(kept ?? {}).map(([client, settings]) => {
        const { value, problems } = checkAccessSettings(settings);
        for (const { message } of problems)
          log(`${file}, ${JSON.stringify(client)}: ${message} It is left out.`);
        return [client, value];
      }),
    );
  } catch (error) {
    if (!isMissing(error)) log(`${file} cannot be read and is left out: ${String(error)}`);
    return {};
  }
}

/** What is found in the current directory is not what was meant: programs come from absolute entries of the path alone. */
export function withoutRelativePaths(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) =>
      name.toUpperCase() === 'PATH' && value !== undefined
        ? [name, value.split(delimiter).filter(isAbsolute).join(delimiter)]
        : [name, value],
    ),
  );
}
