// What the builder's page knows: the form, which everything else is made from, the sample, and what became of both.
import type { Piece } from '../../language/example/pieces';
import type { SuggestedCondition } from '../../language/example/suggestWatcher';
import { emptyForm, isSameForm, toCaptureNames, type WatcherForm } from '../../language/form/watcherForm';
import type {
  DryRunReport,
  FoundDirective,
  OfferedSource,
  OfferedTemplate,
  SampleSource,
  SampleStream,
} from './protocol';
import type { FormAnswer, TextAnswer } from './work/languageWork';
import type { MatchRow } from './work/matchWork';

export type Pane = 'captures' | 'dryRun' | 'directive' | 'json';

/** A preview that is being edited: its text counts until it is left. */
export interface PreviewDraft {
  readonly pane: 'directive' | 'json';
  readonly text: string;
  readonly answer: TextAnswer | undefined;
}

/** Made from a selection in the sample. */
export interface Example {
  readonly pieces: readonly Piece[];
  readonly conditions: readonly SuggestedCondition[];
}

/** What survives the page: everything that a person has typed or chosen. */
export interface KeptState {
  readonly version: 1;
  /** How often it has changed: it is kept in two places, of which the later one counts. */
  readonly changes: number;
  readonly form: WatcherForm;
  /** The form that is stored elsewhere: in the script, or what the builder began with. */
  readonly base: WatcherForm;
  /** The directive that the form is about; null: it is not in a script yet. */
  readonly directive: FoundDirective | null;
  readonly scriptName: string | null;
  readonly editedWatcher: string | null;
  readonly source: SampleSource | null;
  readonly typed: string;
  readonly stream: SampleStream;
  readonly pane: Pane;
  readonly draft: PreviewDraft | null;
  readonly example: Example | null;
  readonly isAdvancedOpen: boolean;
}

/** Lines as patterns see them: a refresh of a line is one by itself. */
export interface SampleLines {
  readonly stdout: readonly string[] | null;
  readonly stderr: readonly string[] | null;
  readonly isWhole: boolean;
}

export interface StreamCount {
  readonly matches: number;
  /** Indices of the lines that match. */
  readonly lines: readonly number[];
  /** Lines that were looked at so far. */
  readonly looked: number;
}

/** What the pattern finds in the sample. */
export interface Findings {
  readonly stdout: StreamCount;
  readonly stderr: StreamCount;
  readonly rows: readonly MatchRow[];
  /** The pattern took too long, and was stopped. */
  readonly isStopped: boolean;
}

/** Something that is said in a bar above the form. */
export interface Notice {
  readonly kind: 'info' | 'warning' | 'error';
  readonly text: string;
  /** What can be done about it. */
  readonly button?: 'undo' | 'reveal';
}

export interface BuilderState extends KeptState {
  readonly isOpen: boolean;
  readonly answer: FormAnswer | undefined;
  readonly allowedCommands: readonly string[] | undefined;
  readonly sources: readonly OfferedSource[];
  readonly sample: SampleLines | null;
  readonly sampleError: string | null;
  readonly findings: Findings;
  readonly templates: readonly OfferedTemplate[] | null;
  readonly search: string;
  readonly notice: Notice | null;
  /** The directive as it was changed in the editor meanwhile. */
  readonly meanwhile: FoundDirective | null;
  /** Its form. */
  readonly meanwhileForm: WatcherForm | null;
  readonly isBroken: boolean;
  readonly isGone: boolean;
  /** Left unfinished when a builder of the same was closed. */
  readonly leftOver: KeptState | null;
  /** What the form was before a template or an example took its place. */
  readonly former: WatcherForm | null;
  readonly dryRun: DryRunReport | null;
  readonly busy: 'insert' | 'apply' | 'attach' | 'dryRun' | 'template' | null;
}

const noCount: StreamCount = { matches: 0, lines: [], looked: 0 };
export const noFindings: Findings = { stdout: noCount, stderr: noCount, rows: [], isStopped: false };

const firstKept: KeptState = {
  version: 1,
  changes: 0,
  form: emptyForm,
  base: emptyForm,
  directive: null,
  scriptName: null,
  editedWatcher: null,
  source: null,
  typed: '',
  stream: 'stdout',
  pane: 'captures',
  draft: null,
  example: null,
  isAdvancedOpen: false,
};

/** `kept`: of this page before it was hidden or loaded again. */
export const firstState = (kept: KeptState | undefined): BuilderState => ({
  ...(kept ?? firstKept),
  isOpen: false,
  answer: undefined,
  allowedCommands: undefined,
  sources: [],
  sample: null,
  sampleError: null,
  findings: noFindings,
  templates: null,
  search: '',
  notice: null,
  meanwhile: null,
  meanwhileForm: null,
  isBroken: false,
  isGone: false,
  leftOver: null,
  former: null,
  dryRun: null,
  busy: null,
});

export const keptNames = Object.keys(firstKept) as readonly (keyof KeptState)[];

export const toKept = (state: BuilderState): KeptState =>
  Object.fromEntries(keptNames.map((name) => [name, state[name]])) as unknown as KeptState;

/** Undefined for what another version has kept. */
export function readKept(kept: unknown): KeptState | undefined {
  if (typeof kept !== 'object' || kept === null) return undefined;
  const record = kept as Readonly<Record<string, unknown>>;
  return record['version'] === 1 && keptNames.every((name) => name in record)
    ? (kept as KeptState)
    : undefined;
}

/** Whether the form says something that is stored nowhere else. */
export const isUnsaved = ({ form, base, draft }: KeptState): boolean =>
  draft !== null || !isSameForm(form, base);

/** What has to be repaired before anything can be done with the watcher. */
export const countErrors = ({ answer }: BuilderState): number =>
  (answer?.problems ?? []).filter(({ severity }) => severity === 'error').length;

/** The names of the groups as they stand in the form now, also while it is being read; empty for a group without one. */
export function toNames({ answer, form }: BuilderState): readonly string[] {
  const written = toCaptureNames(form);
  return (answer?.groups ?? []).map(
    ({ name, isOwnName }, index) => written[index] || (isOwnName ? name : ''),
  );
}
