// What the parameters of each request must look like: clients are programs of their own, and may be wrong.
import { WatchError } from '../errors';
import { isJobId } from '../jobId';
import { checkAccessSettings } from '../link/accessSettings';
import type { EngineMethod } from '../protocol';

/** What a value must be, in words for people; undefined where it is. */
type Shape = (value: unknown) => string | undefined;

const isText = (value: unknown): value is string => typeof value === 'string';
const text: Shape = (value) => (isText(value) ? undefined : 'a text');
const jobId: Shape = (value) =>
  isText(value) && isJobId(value) ? undefined : "a job's id, such as 4242, 4242_3 or 4242+1";
const number: Shape = (value) => (typeof value === 'number' ? undefined : 'a number');
const whole: Shape = (value) =>
  Number.isSafeInteger(value) && Number(value) >= 0 ? undefined : 'a whole number from 0 on';
const positive: Shape = (value) => (typeof value === 'number' && value > 0 ? undefined : 'a number above 0');
const truth: Shape = (value) => (typeof value === 'boolean' ? undefined : 'true or false');
const texts: Shape = (value) =>
  Array.isArray(value) && value.every(isText) ? undefined : 'an array of texts';
const record: Shape = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'an object';
const records: Shape = (value) =>
  Array.isArray(value) && value.every((item) => record(item) === undefined)
    ? undefined
    : 'an array of objects';
const orNull =
  (shape: Shape): Shape =>
  (value) => {
    const wanted = value === null ? undefined : shape(value);
    return wanted === undefined ? undefined : `${wanted} or null`;
  };
/** May be left out. */
const optional =
  (shape: Shape): Shape =>
  (value) =>
    value === undefined ? undefined : shape(value);
const oneOf =
  (...words: readonly string[]): Shape =>
  (value) =>
    isText(value) && words.includes(value) ? undefined : `one of ${words.join(', ')}`;

type Fields = Readonly<Record<string, Shape>>;

const jobFilter = { cluster: optional(text), job: optional(text), live: optional(truth) };
const recordFilter = {
  ...{ cluster: optional(text), job: optional(text), watcher: optional(text) },
  ...{ afterId: optional(whole), since: optional(number), limit: optional(whole) },
};
/** Each is kept, and used by later engines: checked as from a file. */
const settings: Shape = (value) => {
  const [problem] = checkAccessSettings(value).problems;
  return problem && `what it must be: ${problem.message} ${problem.remedy}`;
};
const environment: Shape = (value) =>
  record(value) ?? (Object.values(value as object).every(isText) ? undefined : 'an object of texts');
const surroundings = { settings: orNull(settings), environment };
const goOn = { watchers: texts, missed: oneOf('skip', 'match') };

/** Members that are not named here are let pass: a newer client may say more. */
const requestShapes: Readonly<Record<EngineMethod, Fields>> = {
  'engine/hello': {
    ...surroundings,
    ...{ protocol: number, version: text, client: oneOf('vscode', 'cli', 'test'), pid: whole },
    ...{ keepRunning: orNull(truth), canAsk: truth, hasSafe: truth },
  },
  'engine/surroundings': surroundings,
  'engine/submit': {
    ...{ cluster: text, scriptName: text, script: text, workdir: orNull(text), options: texts },
  },
  'engine/attach': { cluster: text, job: text, watchers: text, from: oneOf('start', 'end') },
  'engine/dryRun': { cluster: text, job: text, watchers: orNull(text), tickMs: positive },
  'engine/jobs': jobFilter,
  'engine/watchers': { ...jobFilter, watcher: optional(text) },
  'engine/events': {
    ...recordFilter,
    kind: optional(oneOf('trigger', 'action', 'skip', 'error', 'state', 'gap')),
  },
  'engine/metrics': { ...recordFilter, name: optional(text) },
  'engine/pause': { watchers: texts },
  'engine/resume': goOn,
  'engine/rearm': goOn,
  'engine/planTrigger': { watchers: texts },
  'engine/trigger': { watchers: texts, agreed: optional(records) },
  'engine/remove': { watchers: texts },
  'engine/cancelJob': { cluster: text, job: jobId },
  'engine/clusters': {},
  'engine/signIn': { cluster: text },
  'engine/clusterJobs': { cluster: text, background: truth },
  'engine/readOutput': {
    ...{ cluster: text, job: text, stream: oneOf('stdout', 'stderr') },
    ...{ from: orNull(whole), maxBytes: whole },
  },
  'engine/findWorkdir': { cluster: text, path: orNull(text) },
  'engine/status': {},
  'engine/stop': {},
};

/** What a hello of any version says of itself. */
const anyHello: Fields = { protocol: number, version: text };

/** Throws bad-request; lets methods pass that are not known. */
export function checkRequest(method: string, params: unknown): void {
  if (Object.hasOwn(requestShapes, method)) check(method, params, requestShapes[method as EngineMethod]);
}

/** Throws bad-request. Another version's hello may look otherwise beside that. */
export function checkAnyHello(params: unknown): void {
  check('engine/hello', params, anyHello);
}

function check(method: string, params: unknown, fields: Fields): void {
  const wanted = record(params);
  if (wanted !== undefined) throw misshapen(`The parameters of ${method} are not ${wanted}.`);
  for (const [name, shape] of Object.entries(fields)) {
    const expected = shape((params as Readonly<Record<string, unknown>>)[name]);
    if (expected !== undefined) throw misshapen(`"${name}" of ${method} is not ${expected}.`);
  }
}

const misshapen = (message: string): WatchError =>
  new WatchError('bad-request', message, 'Bring both to the same version.');
