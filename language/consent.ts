// What people must have agreed to: what watchers do beyond noting things down, as data and in sentences, from the table of actions.
import { findActionRow, findDefaults, type ActionRow, type PowerRow } from './actionTable';
import type { ActionDefinition, Definition } from './definition';
import type { Json } from './json/value';
import { compilePattern } from './regex/compile';
import { defaultResubmits } from './schema';
import { toSha256 } from './sha256';
import { judgeCommand, showCommand } from './shell/commandVerdict';
import { toVisible } from './show/visible';
import { isBuiltInVariable } from './variables';
import { findAllVariables } from './template';

/** Whom an action is about, in words. */
export interface ConsentTarget {
  readonly job: string;
  readonly cluster: string;
}

/** cancelOther: a job that was there before its watchers. */
export type PowerKind = Exclude<PowerRow['kind'], 'ownJob'> | 'cancelOther' | 'loginSetup';

/** Something that people must have agreed to before a script's watchers, or the script's login set-up, may do it. */
export interface Power {
  readonly kind: PowerKind;
  /** The watcher's name; null for the login set-up. */
  readonly watcher: string | null;
  /** Null for the login set-up. */
  readonly action: string | null;
  /** What it is about, exactly: the command, the commands of the login set-up, or the sentence where there is no more to it. */
  readonly text: string;
  /** All of it in words, on one line; of the login set-up without its commands. */
  readonly sentence: string;
  /** The list of allowed commands covers it: it needs no agreement. */
  readonly covered: boolean;
  /** Of resubmissions: how many there may be. */
  readonly limit: number | null;
  /** What the agreement is known by: the same for the same text at the same place, and for nothing else. */
  readonly key: string;
}

/** Where it would happen, and what is allowed there. */
export interface ConsentPlace {
  readonly cluster: string;
  /** Where the job is submitted, absolute; null if it is not known. */
  readonly workdir: string | null;
  /** Where it works, and where those work that continue it; absent: where it is submitted. */
  readonly folders?: readonly string[];
  /** Whom its mail reaches that names nobody, and that of those that continue it; '', or absent: the user on the cluster. */
  readonly recipients?: readonly string[];
  /** Names of commands that run without consent. */
  readonly allowedCommands: readonly string[];
  /** The key of a job that was there before its watchers; null: one that is submitted with them, and that they may cancel. */
  readonly job: string | null;
}

/** What is agreed to. */
export interface Consent {
  readonly powers: readonly Power[];
  /** Of all that must be agreed to. */
  readonly hash: string;
}

/** Whether the folder counts: whom to write to has nothing to do with where the job works; what a command does has. */
export const isPlaced = (kind: PowerKind): boolean =>
  kind === 'command' || kind === 'resubmit' || kind === 'loginSetup';

/** In the order in which they are written; each is named once. */
export function findPowers(
  {
    definitions,
    loginSetup,
  }: { readonly definitions: readonly Definition[]; readonly loginSetup: string | null },
  place: ConsentPlace,
): readonly Power[] {
  const powers = definitions.flatMap((definition) =>
    definition.actions.flatMap((action) =>
      (place.folders ?? [place.workdir]).flatMap((folder) =>
        addRecipients(action, place).flatMap(
          (named) => toPower(definition, named, { ...place, workdir: folder }) ?? [],
        ),
      ),
    ),
  );
  const all = loginSetup === null ? powers : [toLoginSetupPower(loginSetup, place), ...powers];
  return [...new Map(all.map((power) => [power.sentence + power.key, power])).values()];
}

/** An action for each of those whom it writes to if it names nobody. */
function addRecipients(
  action: ActionDefinition,
  { recipients = [] }: ConsentPlace,
): readonly ActionDefinition[] {
  const param = findActionRow(action.type)?.params.find(({ namesWhom }) => namesWhom === 'address');
  const written = param && action.params[param.name];
  const isNamed = typeof written === 'string' && written.trim() !== '';
  if (!param || isNamed || recipients.length === 0) return [action];
  return recipients.map((to) =>
    to.trim() === '' ? action : { ...action, params: { ...action.params, [param.name]: to } },
  );
}

/** Undefined if nobody needs to agree to anything. */
export function toConsent(powers: readonly Power[]): Consent | undefined {
  const open = powers.filter(({ covered }) => !covered);
  if (open.length === 0) return undefined;
  return { powers, hash: hash(open.map(({ key, limit }) => `${key} ${limit ?? ''}`).sort()) };
}

const hash = (parts: readonly unknown[]): string => toSha256(JSON.stringify(parts));

function toLoginSetupPower(text: string, { cluster, workdir }: ConsentPlace): Power {
  return {
    ...{ kind: 'loginSetup', watcher: null, action: null, text, covered: false, limit: null },
    sentence: toVisible(`Before the job is submitted, these commands run on ${toNode(cluster)}.`),
    key: hash(['loginSetup', cluster, workdir, text]),
  };
}

const toNode = (cluster: string): string =>
  cluster === 'sandbox' ? 'this computer' : `the login node of ${cluster}`;

/** Undefined if it needs no agreement whatever it says. */
function toPower(definition: Definition, action: ActionDefinition, place: ConsentPlace): Power | undefined {
  const { cluster, workdir, job } = place;
  const what = describeOutside(action, { job: 'the job', cluster });
  if (what === null) return undefined;
  const row = findActionRow(action.type)?.outside?.power ?? { kind: 'command', params: [] };
  if (row.kind === 'ownJob' && job === null) return undefined;
  const kind = row.kind === 'ownJob' ? 'cancelOther' : row.kind;
  const values = { ...findDefaults(action.type), ...action.params };
  const limit = kind === 'resubmit' ? (definition.remainingResubmits ?? defaultResubmits) : null;
  const command = kind === 'command' ? findCommand(action.type, values) : undefined;
  const end = command === undefined ? describeMore(action.type, values, limit) : '';
  const sentence = toVisible(`"${definition.name}" ${what}${end}.`);
  const agreed = row.params.map((name) => values[name] ?? null);
  // Of a job that was submitted elsewhere nobody knows where it works: it is the job itself that is agreed to.
  const where = isPlaced(kind) ? (workdir ?? job) : kind === 'cancelOther' ? job : null;
  return {
    ...{ kind, watcher: definition.name, action: action.type, sentence, limit },
    text: command ?? sentence,
    covered: command !== undefined && isCovered(command, definition, place.allowedCommands),
    key: hash([kind, action.type, cluster, where, agreed]),
  };
}

type Values = Readonly<Record<string, Json>>;

function findCommand(type: string, values: Values): string | undefined {
  const row = findActionRow(type)?.params.find((param) => param.type === 'command');
  const value = row && values[row.name];
  return typeof value === 'string' ? value : undefined;
}

/** How often, and what is agreed to that the sentence of the table does not name. */
function describeMore(type: string, values: Values, limit: number | null): string {
  const row = findActionRow(type);
  const { consent = '', power } = row?.outside ?? {};
  const more = (power?.params ?? []).flatMap((name) => {
    const value = values[name] ?? '';
    if (value === '' || consent.includes(`{${name}`)) return [];
    const any = row && typeof value === 'string' ? describeAny(row, name, value) : undefined;
    return [`${name}: ${any ?? (typeof value === 'string' ? hidePath(value) : JSON.stringify(value))}`];
  });
  const often = limit === null ? '' : limit === 1 ? ', once' : `, up to ${limit} times`;
  return `${often}${more.length === 0 ? '' : ` (${more.join(', ')})`}`;
}

/** The path of a webhook is a secret: its host says who is written to. */
const hidePath = (text: string): string => {
  const end = text.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '');
  const host = end.split(/[/?#]/, 1)[0] ?? '';
  const isAddress = end !== text || (host !== end && host.includes('.'));
  return isAddress ? host.slice(host.lastIndexOf('@') + 1) : text;
};

function isCovered(
  command: string,
  { pattern, captures: written }: Definition,
  allowedCommands: readonly string[],
): boolean {
  const compiled = pattern === null ? undefined : compilePattern(pattern).value;
  const captures = [...written, ...(compiled?.groupNames.keys() ?? [])].filter((name) => name !== null);
  const isKnown = (name: string): boolean =>
    captures.includes(name) ||
    isBuiltInVariable(name) ||
    (/^\d/.test(name) && Number(name) <= (compiled?.groupCount ?? 0));
  return judgeCommand(command, { allowedCommands, isKnown, captures }).covered;
}

/** The list as lines for people: what must be agreed to, and after it what is covered. */
export function describePowers(powers: readonly Power[]): readonly string[] {
  const describe = (of: readonly Power[]): readonly string[] =>
    [...new Set(of.map((power) => toLines(power).join('\n')))].flatMap((lines) => lines.split('\n'));
  const covered = describe(powers.filter((power) => power.covered));
  return [
    ...describe(powers.filter((power) => !power.covered)),
    ...(covered.length === 0 ? [] : ['Commands that are allowed without asking:', ...covered]),
  ];
}

/** Commands stand on lines of their own: no full stop after them is taken for a part of them. */
function toLines({ kind, sentence, text }: Power): readonly string[] {
  if (kind === 'loginSetup')
    return [`${sentence.slice(0, -1)}:`, ...text.split('\n').map((line) => `    ${toVisible(line)}`)];
  const command = toVisible(showOnOneLine(text));
  const end = ` ${command}.`;
  return kind === 'command' && sentence.endsWith(`:${end}`)
    ? [sentence.slice(0, -end.length), `    ${command}`]
    : [sentence];
}

/**
 * What an action does outside, as the words after "This" or a name: `cancels the job`. Commands are whole, with characters
 * that cannot be seen as escapes. Null for an action that takes effect within its transaction.
 */
export function describeOutside(
  { type, params }: { readonly type: string; readonly params: ActionDefinition['params'] },
  target: ConsentTarget,
): string | null {
  const row = findActionRow(type);
  // Of another version, and all that is known of it is its name.
  if (!row) return `runs ${type}`;
  if (!row.outside) return null;
  const values = { ...findDefaults(type), ...params };
  const words: Readonly<Record<string, string>> = { ...target };
  return row.outside.consent.replace(
    /\{(\w+)(?:\|([^}]*))?\}/g,
    (_, name: string, absent = '') => words[name] ?? showValue(row, name, values[name]) ?? String(absent),
  );
}

/** Undefined if there is nothing to show. */
function showValue(row: ActionRow, name: string, value: Json | undefined): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') return JSON.stringify(value);
  const param = row.params.find((each) => each.name === name);
  return describeAny(row, name, value) ?? (param?.type === 'command' ? showOnOneLine(value) : value);
}

/** Whom an action reaches if the job's output decides it; undefined if it does not. */
function describeAny({ params }: ActionRow, name: string, value: string): string | undefined {
  const whom = params.find((param) => param.name === name)?.namesWhom;
  return whom && findAllVariables(value).length > 0
    ? `any ${whom} that the job's output gives: ${value}`
    : undefined;
}

const showOnOneLine = (command: string): string =>
  showCommand(command).replaceAll('\t', '\\x09').replaceAll('\n', '\\x0a');
