// Requests as the engine's process takes them: checked against the table, answered by the engine, about which clusters.
import type { Engine } from '../engine';
import { WatchError } from '../errors';
import { checkAccessSettings } from '../link/accessSettings';
import type { EngineMethod, Hello } from '../protocol';
import { isMethod, requestTable, type Answering, type Caller, type Reach } from '../requestTable';
import { findWanted, fits, number, record, text, type Fields, type Shape } from '../shapes';
import { toOutputText } from './outputText';

/** A row of the table, whatever its method is: parameters are checked before they get there. */
interface AnyRow {
  readonly reach: (params: unknown) => Reach;
  readonly answer?: (engine: Engine, params: unknown, answering: Answering) => Promise<unknown>;
}

const rowOf = (method: EngineMethod): AnyRow => requestTable[method] as AnyRow;

/** What a hello of any version says of itself. */
const anyHello: Fields<Pick<Hello, 'protocol' | 'version'>> = { protocol: number, version: text };

/** Throws bad-request; lets methods pass that are not known. */
export function checkRequest(method: string, params: unknown): void {
  if (!isMethod(method)) return;
  check(method, params, requestTable[method].fields);
  // Each is kept, and used by later engines: checked as from a file.
  if (method === 'engine/hello' || method === 'engine/surroundings')
    checkSettings(method, (params as { readonly settings: unknown }).settings);
}

/** Throws bad-request. Another version's hello may look otherwise beside that. */
export function checkAnyHello(params: unknown): void {
  check('engine/hello', params, anyHello);
}

function checkSettings(method: string, settings: unknown): void {
  const [problem] = settings === null ? [] : checkAccessSettings(settings).problems;
  if (problem)
    throw misshapen(`"settings" of ${method} is not what it must be: ${problem.message} ${problem.remedy}`);
}

function check(method: string, params: unknown, fields: Readonly<Record<string, Shape<unknown>>>): void {
  if (!fits(record, params)) throw misshapen(`The parameters of ${method} are not an object.`);
  for (const [name, shape] of Object.entries(fields)) {
    const wanted = findWanted(shape, params[name]);
    if (wanted !== undefined) throw misshapen(`"${name}" of ${method} is not ${wanted}.`);
  }
}

const misshapen = (message: string): WatchError =>
  new WatchError('bad-request', message, 'Bring both to the same version.');

/** The clusters that a request may reach while somebody waits for its answer. Parameters have been checked. */
export async function findReached(
  engine: Engine,
  method: string,
  params: unknown,
): Promise<readonly string[]> {
  const reach = isMethod(method) ? rowOf(method).reach(params) : null;
  if (reach === null) return [];
  if ('cluster' in reach) return [reach.cluster];
  const clusters = new Set<string>();
  for (const watcher of reach.watchers)
    for (const found of await engine.watchers({ watcher }))
      for (const { cluster } of await engine.jobs({ job: found.job })) clusters.add(cluster);
  return [...clusters];
}

/** Throws WatchError; `unsupported` for a method that this version does not know. */
export async function answer(
  engine: Engine,
  method: string,
  params: unknown,
  caller: Caller,
): Promise<unknown> {
  const handle = isMethod(method) ? rowOf(method).answer : undefined;
  if (!handle)
    throw new WatchError(
      'unsupported',
      `The engine does not know ${method}.`,
      'Bring both to the same version.',
    );
  return handle(engine, params, { ...caller, toText: toOutputText });
}
