// What a client's settings say of clusters, history and messages: read from VS Code's settings or from config.json, checked key by key.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WatchError } from '../errors';
import type { AccessSettings, ClusterSettings } from '../ports';
import type { Surroundings } from '../protocol';
import { clusterFields, commandNames, historyFields, host, mailFields, slackFields } from '../settingsShapes';
import { findWanted, fits, record, said, text, type Fields, type Shape } from '../shapes';
import { isMissing } from './fileErrors';
import { checkHome } from './ownHome';

export interface SettingsProblem {
  /** `clusters.big.kind`. */
  readonly key: string;
  readonly message: string;
  readonly remedy: string;
}

export interface ParsedSettings {
  /** What is right of them. */
  readonly value: AccessSettings;
  readonly problems: readonly SettingsProblem[];
}

type Nullable<Value> = { readonly [Name in keyof Value]: Value[Name] | null };

/** An empty object is what VS Code has where nothing is set. */
const isGiven = (value: unknown): boolean =>
  value !== undefined && value !== null && !(fits(record, value) && Object.keys(value).length === 0);

const filePath = said(text, 'the path of a file');
const { keepMonths } = historyFields;

/** `json` has the shape of config.json: `{"clusters": {"big": {"host": "login1"}}, "ssh": {"configFile": "…"}, "mail": {…}}`. */
export function parseAccessSettings(json: unknown): ParsedSettings {
  const problems: SettingsProblem[] = [];
  const say = (key: string, message: string, remedy: string): void => {
    problems.push({ key, message, remedy });
  };
  const sayWrong = (key: string, value: unknown, shape: Shape<unknown>): void => {
    say(key, `${key} is ${JSON.stringify(value)}.`, `Make it ${findWanted(shape, value) ?? ''}.`);
  };
  const readObject = (value: unknown, key: string): Readonly<Record<string, unknown>> => {
    if (value === undefined || value === null) return {};
    if (fits(record, value)) return value;
    say(key, `${key} is not an object.`, 'Write it in braces: {…}.');
    return {};
  };
  const checkKeys = (
    value: Readonly<Record<string, unknown>>,
    known: readonly string[],
    at: string,
  ): void => {
    for (const name of Object.keys(value))
      if (!known.includes(name))
        say(`${at}${name}`, `${at}${name} is not known.`, `Known: ${known.join(', ')}.`);
  };

  /** Each member as it is if it is right, else null. */
  const readMembers = <Value extends object>(given: unknown, at: string, fields: Fields<Value>): Value => {
    const value = readObject(given, at);
    checkKeys(value, Object.keys(fields), `${at}.`);
    const read = ([name, shape]: [string, Shape<unknown>]): readonly [string, unknown] => {
      const found = value[name] ?? null;
      if (found === null || fits(shape, found)) return [name, found];
      sayWrong(`${at}.${name}`, found, shape);
      return [name, null];
    };
    return Object.fromEntries(Object.entries<Shape<unknown>>(fields).map(read)) as Value;
  };

  const readCluster = (name: string, given: unknown): ClusterSettings => {
    const read = readMembers(given, `clusters.${name}`, clusterFields) as Nullable<ClusterSettings>;
    return { ...read, kind: read.kind ?? 'ssh' };
  };

  const root = readObject(json, 'the configuration');
  checkKeys(root, ['clusters', 'ssh', 'history', 'allowedCommands', 'mail', 'slack'], '');
  const ssh = readObject(root['ssh'], 'ssh');
  checkKeys(ssh, ['configFile'], 'ssh.');
  const given = Object.entries(readObject(root['clusters'], 'clusters'));
  const isUsable = ([name]: readonly [string, unknown]): boolean => {
    if (name !== 'sandbox' && fits(host, name)) return true;
    say(`clusters.${name}`, `A cluster cannot be called "${name}".`, 'Choose another name, without blanks.');
    return false;
  };
  const clusters = given.filter(isUsable).map(([name, value]) => [name, readCluster(name, value)] as const);
  const file = ssh['configFile'] ?? '';
  if (!fits(filePath, file)) sayWrong('ssh.configFile', file, filePath);
  // Of history the engine reads more from config.json itself, when it begins.
  const months = readObject(root['history'], 'history')['keepMonths'] ?? undefined;
  if (months !== undefined && !fits(keepMonths, months))
    say(
      'history.keepMonths',
      `history.keepMonths is ${JSON.stringify(months)}.`,
      'Make it a number of months, 1 or more, or leave it out to keep all.',
    );
  const allowed = root['allowedCommands'] ?? undefined;
  if (allowed !== undefined && !fits(commandNames, allowed))
    sayWrong('allowedCommands', allowed, commandNames);
  return {
    value: {
      clusters: Object.fromEntries(clusters),
      sshConfigFile: fits(filePath, file) && file !== '' ? file : null,
      ...(fits(keepMonths, months) && { keepMonths: months }),
      // What is wrong with it allows nothing.
      ...(allowed !== undefined && { allowedCommands: fits(commandNames, allowed) ? allowed : [] }),
      ...(isGiven(root['mail']) && { mail: readMembers(root['mail'], 'mail', mailFields) }),
      ...(isGiven(root['slack']) && { slack: readMembers(root['slack'], 'slack', slackFields) }),
    },
    problems,
  };
}

/**
 * What a client says of itself, or what was kept of it: the same checks in the shape that crosses processes. Members that are
 * not known are left out, as a newer client may say more.
 */
export function checkAccessSettings(given: unknown): ParsedSettings {
  if (!fits(record, given)) return parseAccessSettings(given ?? 'nothing');
  const { clusters, sshConfigFile, keepMonths, allowedCommands, mail, slack } = given;
  const pickKnown = (value: unknown, fields: object): unknown =>
    fits(record, value)
      ? Object.fromEntries(Object.entries(value).filter(([name]) => Object.hasOwn(fields, name)))
      : value;
  const pick = (cluster: unknown): unknown => pickKnown(cluster ?? 'nothing', clusterFields);
  return parseAccessSettings({
    clusters: fits(record, clusters)
      ? Object.fromEntries(Object.entries(clusters).map(([name, cluster]) => [name, pick(cluster)]))
      : (clusters ?? 'nothing'),
    ssh: { configFile: sshConfigFile },
    history: { keepMonths },
    allowedCommands,
    mail: pickKnown(mail, mailFields),
    slack: pickKnown(slack, slackFields),
  });
}

/**
 * `config.json` of a home, which may be missing. Throws WatchError: bad-request, which names the file and the key;
 * engine-unreachable if somebody else could have written it.
 */
export async function readConfigFile(home: string): Promise<AccessSettings> {
  await checkHome(home);
  const path = join(home, 'config.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return { clusters: {}, sshConfigFile: null };
    throw new WatchError(
      'bad-request',
      `${path} cannot be read: ${String(error)}`,
      'Check its permissions.',
      error,
    );
  }
  const { value, problems } = parseAccessSettings(parseJson(path, text));
  const [first] = problems;
  if (first) throw new WatchError('bad-request', `${path}: ${first.message}`, first.remedy);
  return value;
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new WatchError('bad-request', `${path} is not JSON: ${reason}`, 'Correct it, or remove it.', error);
  }
}

/**
 * What ssh needs of a client's environment: its agent. Not the search path: a terminal of some project would decide then
 * which programs the engine runs for all windows.
 */
const wanted = ['SSH_AUTH_SOCK', 'SSH_AGENT_PID', 'KRB5CCNAME'];

export function pickEnvironment(env: Readonly<Record<string, unknown>>): Surroundings['environment'] {
  return Object.fromEntries(
    wanted.flatMap((name) => {
      const value = env[name];
      return typeof value !== 'string' || value === '' || value.includes('\0') ? [] : [[name, value]];
    }),
  );
}
