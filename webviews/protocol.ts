// What every page and the extension say to each other: questions with their answers, and news. What each page asks stands in its own protocol.
import { fitsFields, type Fields } from '../engine/shapes';

/** The contract of a page. Everything in it is data that can be cloned. */
export interface PageProtocol {
  /** What the page is about; it stands in the page from the beginning and comes back after a reload. */
  readonly context: object;
  /** What the page keeps when it is hidden, moved or reloaded. */
  readonly state: object;
  /** By name: what the page asks with, and the answer. */
  readonly asks: object;
  /** By name: what the extension tells the page unasked. */
  readonly news: object;
}

type Asks<P extends PageProtocol> = Extract<keyof P['asks'], string>;
type AskOf<P extends PageProtocol, Name extends Asks<P>> = P['asks'][Name] extends [
  infer Params,
  infer Answer,
]
  ? { readonly params: Params; readonly answer: Answer }
  : never;

export type AskName<P extends PageProtocol> = Asks<P>;
export type ParamsOf<P extends PageProtocol, Name extends Asks<P>> = AskOf<P, Name>['params'];
export type AnswerOf<P extends PageProtocol, Name extends Asks<P>> = AskOf<P, Name>['answer'];
export type NewsName<P extends PageProtocol> = Extract<keyof P['news'], string>;

/** What a question must look like. The extension checks it: a page shows what jobs print, and is trusted with nothing. */
export type AskTable<P extends PageProtocol> = {
  readonly [Name in Asks<P>]: Fields<ParamsOf<P, Name>>;
};

/** What a page sends. */
export type FromPage =
  | { readonly kind: 'ask'; readonly id: number; readonly name: string; readonly params: unknown }
  /** It cannot go on, and shows that. */
  | { readonly kind: 'failed'; readonly message: string; readonly stack: string }
  /** A person wants it loaded again. */
  | { readonly kind: 'reload' };

/** What a page is sent. */
export type ToPage =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly message: string; readonly remedy: string }
  | { readonly kind: 'news'; readonly name: string; readonly value: unknown };

/** What VS Code keeps of a page, and hands to its serializer. */
export interface KeptPage<P extends PageProtocol> {
  readonly context: P['context'];
  readonly state?: P['state'];
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Undefined if it is not one of the messages above. */
export function readFromPage(message: unknown): FromPage | undefined {
  if (!isRecord(message)) return undefined;
  const { kind, id, name, params, message: text, stack } = message;
  switch (kind) {
    case 'ask':
      return Number.isSafeInteger(id) && typeof name === 'string'
        ? { kind, id: id as number, name, params }
        : undefined;
    case 'failed':
      return typeof text === 'string' && typeof stack === 'string'
        ? { kind, message: text, stack }
        : undefined;
    case 'reload':
      return { kind };
    default:
      return undefined;
  }
}

/** Undefined if it is not one of the messages above. */
export function readToPage(message: unknown): ToPage | undefined {
  if (!isRecord(message)) return undefined;
  const { kind, id, name, answer, message: text, remedy, value } = message;
  switch (kind) {
    case 'answer':
      return typeof id === 'number' ? { kind, id, answer } : undefined;
    case 'refusal':
      return typeof id === 'number' && typeof text === 'string' && typeof remedy === 'string'
        ? { kind, id, message: text, remedy }
        : undefined;
    case 'news':
      return typeof name === 'string' ? { kind, name, value } : undefined;
    default:
      return undefined;
  }
}

/** Whether the parameters of a question are what its row says; members that it does not name are refused. */
export function fitsAsk<P extends PageProtocol>(
  table: AskTable<P>,
  name: string,
  params: unknown,
): name is Asks<P> {
  if (!Object.hasOwn(table, name)) return false;
  const fields = table[name as Asks<P>];
  return fitsFields(fields, params) && Object.keys(params).every((field) => Object.hasOwn(fields, field));
}
