// What the builder's page and the extension say to each other: what it is about, samples, templates, and what becomes of the watcher.
import {
  fitsFields,
  number,
  oneOf,
  optional,
  orNull,
  text,
  texts,
  truth,
  type Fields,
} from '../../engine/shapes';
import type { AskTable } from '../protocol';

/** What a builder is about; there is one panel for each. Scripts and watchers are found again by it after a reload. */
export type BuilderContext =
  | { readonly kind: 'new' }
  /** A new watcher for a script. */
  | { readonly kind: 'script'; readonly script: string }
  /** `line`: its first one, from 1, as it was when the builder was opened. */
  | { readonly kind: 'directive'; readonly script: string; readonly name: string; readonly line: number }
  | { readonly kind: 'job'; readonly cluster: string; readonly job: string; readonly title: string }
  | {
      readonly kind: 'line';
      readonly cluster: string;
      readonly job: string;
      readonly title: string;
      readonly stream: SampleStream;
      /** The line, and those before it, the nearest one last. */
      readonly text: string;
      readonly above: readonly string[];
    }
  /** This watcher itself, or a new one like it. */
  | {
      readonly kind: 'watcher';
      readonly watcher: string;
      readonly name: string;
      readonly isCopy: boolean;
    }
  | { readonly kind: 'template'; readonly template: string; readonly title: string };

export type SampleStream = 'stdout' | 'stderr';

/** Something that patterns can be tried on. */
export type SampleSource =
  | { readonly kind: 'job'; readonly cluster: string; readonly job: string }
  | { readonly kind: 'file'; readonly uri: string }
  | { readonly kind: 'typed' };

export interface OfferedSource {
  readonly source: SampleSource;
  readonly label: string;
  readonly detail: string;
}

/** Null: there is no such output. Of a long one only the end is here. */
export interface Sample {
  readonly stdout: string | null;
  readonly stderr: string | null;
  readonly isWhole: boolean;
}

/** A directive as it stands in the script. */
export interface FoundDirective {
  /** Its watcher, in the JSON form; without a name if none is written. */
  readonly watcher: string;
  /** Its lines. */
  readonly text: string;
  /** The watcher's name, written or given by its place. */
  readonly name: string;
  readonly line: number;
}

/** `broken`: the script has a directive there, but it is not a watcher at the moment. */
export type ScriptNews = { readonly found: FoundDirective | null; readonly isBroken: boolean };

export interface Opening {
  /** The file that the watcher is written to; null: it is chosen when it is inserted. */
  readonly scriptName: string | null;
  readonly directive: FoundDirective | null;
  /** The watcher at work that the form is about, in words: `loss of train (job 7)`; null: none. */
  readonly editedWatcher: string | null;
  /** What the form begins with, in the JSON form; null: it is empty. */
  readonly watcher: string | null;
  /** Why what the builder is about is not there any more; null if it is. */
  readonly missing: string | null;
  /** What was left unfinished when a builder of the same was closed. */
  readonly kept: string | null;
  readonly allowedCommands: readonly string[];
  readonly sources: readonly OfferedSource[];
  /** The line that the builder is opened from is in this one. */
  readonly source: SampleSource | null;
}

export interface OfferedTemplate {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly category: string;
  readonly tags: readonly string[];
  readonly watcher: string;
  /** Lines to try it on. */
  readonly lines: readonly string[];
}

/** One thing that would be done, or that happens, in words. */
export interface DryRunLine {
  /** From 1; null if no line is the cause. */
  readonly line: number | null;
  readonly kind: 'action' | 'note' | 'error';
  readonly text: string;
}

export interface DryRunReport {
  readonly lines: readonly DryRunLine[];
  /** Those that are left out. */
  readonly more: number;
  readonly matches: number;
  readonly triggers: number;
}

type AskedSource = {
  readonly kind: 'job' | 'file' | 'typed';
  readonly cluster?: string | undefined;
  readonly job?: string | undefined;
  readonly uri?: string | undefined;
};

type Watcher = { readonly watcher: string };

export interface BuilderProtocol {
  readonly context: BuilderContext;
  readonly state: object;
  readonly asks: {
    open: [Readonly<Record<string, never>>, Opening];
    sources: [Readonly<Record<string, never>>, readonly OfferedSource[]];
    /** Null: the person chose none. */
    chooseFile: [Readonly<Record<string, never>>, OfferedSource | null];
    read: [AskedSource, Sample];
    templates: [Readonly<Record<string, never>>, readonly OfferedTemplate[]];
    /** `typed`: the lines of the sample, if it is not a job's. */
    dryRun: [Watcher & AskedSource & { readonly typed: string | null }, DryRunReport];
    /** Null: the person changed their mind. */
    insert: [Watcher, (FoundDirective & { readonly scriptName: string }) | null];
    /** `known`: the directive's watcher as the page knows it; another one is not overwritten. */
    update: [Watcher & { readonly known: string }, FoundDirective];
    /** In words, to which jobs; null: the person changed their mind. */
    attach: [Watcher, string | null];
    /** To the watcher that the builder is about; in words. Null: the person changed their mind. */
    apply: [Watcher, string | null];
    copy: [{ readonly what: 'directive' | 'JSON'; readonly text: string }, null];
    /** Null: the person changed their mind. */
    saveTemplate: [Watcher, string | null];
    /** What is unfinished; null: nothing is. */
    keep: [{ readonly state: string | null }, null];
    reveal: [Readonly<Record<string, never>>, null];
  };
  readonly news: { script: ScriptNews };
}

const none = {};
const watcher = { watcher: text };
const source = {
  kind: oneOf('job', 'file', 'typed'),
  ...{ cluster: optional(text), job: optional(text), uri: optional(text) },
};

export const builderAsks: AskTable<BuilderProtocol> = {
  open: none,
  sources: none,
  chooseFile: none,
  read: source,
  templates: none,
  dryRun: { ...watcher, ...source, typed: orNull(text) },
  insert: watcher,
  update: { ...watcher, known: text },
  attach: watcher,
  apply: watcher,
  copy: { what: oneOf('directive', 'JSON'), text },
  saveTemplate: watcher,
  keep: { state: orNull(text) },
  reveal: none,
};

type ContextOf<Kind extends BuilderContext['kind']> = Omit<
  Extract<BuilderContext, { readonly kind: Kind }>,
  'kind'
>;

const job = { cluster: text, job: text, title: text };

const contextTable: { readonly [Kind in BuilderContext['kind']]: Fields<ContextOf<Kind>> } = {
  new: {},
  script: { script: text },
  directive: { script: text, name: text, line: number },
  job,
  line: { ...job, stream: oneOf('stdout', 'stderr'), text, above: texts },
  watcher: { watcher: text, name: text, isCopy: truth },
  template: { template: text, title: text },
};

/** Undefined if it is not what a builder can be about. */
export function readBuilderContext(kept: unknown): BuilderContext | undefined {
  if (typeof kept !== 'object' || kept === null) return undefined;
  const { kind } = kept as { readonly kind?: unknown };
  if (typeof kind !== 'string' || !Object.hasOwn(contextTable, kind)) return undefined;
  const fields: Fields<object> = contextTable[kind as BuilderContext['kind']];
  return fitsFields(fields, kept) ? (kept as BuilderContext) : undefined;
}
