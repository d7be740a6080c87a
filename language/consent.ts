// What people must have agreed to: found in definitions and login set-ups by the table of actions, and hashed.
import { findActionRow, findDefaults } from './actionTable';
import { describeAny, describeOutside } from './consentWords';
import type { ActionDefinition, Definition } from './definition';
import type { Json } from './json/value';
import { compilePattern } from './regex/compile';
import type { Consent, Power, PowerKind } from './power';
import { defaultResubmits } from './schema';
import { toSha256 } from './sha256';
import { judgeCommand } from './shell/commandVerdict';
import { toVisible } from './show/visible';
import { isBuiltInVariable } from './variables';

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
