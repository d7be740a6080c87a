// The builder at work: after each change of its state the worker and the extension are asked for what follows from it.
import type { Piece } from '../../language/example/pieces';
import type { WatcherForm } from '../../language/form/watcherForm';
import { createBackgroundWorker, TooSlow } from '../kit/backgroundWorker';
import { Refusal, type ExtensionLink } from '../kit/extensionLink';
import { inTurn } from '../kit/inTurn';
import type { Page } from '../kit/page';
import { startProgram, type Program } from '../kit/program';
import { createMatching, type Matching } from './matching';
import type { BuilderProtocol, FoundDirective, SampleSource } from './protocol';
import { toSample, toSampleLines } from './sample';
import { createSampleRows, type SampleRows } from './sampleRows';
import { firstState, isUnsaved, readKept, toKept, toNames, type BuilderState, type KeptState } from './state';
import { update, type Happening } from './update';
import { drawBuilder } from './view/builderView';
import type { Doing } from './view/shared';
import type { BuilderJob } from './worker';
import type { LanguageJobs } from './work/languageWork';
import type { MatchAnswer, MatchJob } from './work/matchWork';

/** Longer than any piece of work that is not hopeless takes on a slow machine, ms. */
const [languageLimit, matchLimit] = [5000, 1000];
/** What is unfinished is told to the extension this long after the last change, ms. */
const keepAfter = 200;
/** Lines above an example, in which a table's header may be. */
const linesAbove = 200;

export class Builder {
  readonly #extension: ExtensionLink<BuilderProtocol>;
  readonly #program: Program<BuilderState, Happening>;
  readonly #rows: SampleRows;
  readonly #matching: Matching;
  readonly #runLanguage: (job: BuilderJob) => Promise<unknown>;
  #seen: BuilderState;
  #isStarted = false;
  #isReading = false;
  #isReadingPreview = false;
  #keepTimer: number | undefined;
  #lastBox: HTMLInputElement | HTMLTextAreaElement | undefined;

  constructor({ root, extension }: Page<BuilderProtocol>) {
    this.#extension = extension;
    const address = root.dataset['worker'] ?? '';
    this.#runLanguage = inTurn(createBackgroundWorker<BuilderJob, unknown>(address, languageLimit));
    const matcher = createBackgroundWorker<BuilderJob, unknown>(address, matchLimit);
    this.#matching = createMatching({
      run: (given: MatchJob) => matcher.run({ kind: 'match', given }) as Promise<MatchAnswer>,
      onPlaces: () => {
        this.#rows.refresh();
      },
      onFindings: (findings) => {
        this.#program.send({ kind: 'found', findings });
      },
    });
    this.#rows = createSampleRows({
      lineAt: (line) => {
        const state = this.#program.state();
        return toSample(state)?.[state.stream]?.[line];
      },
      placesOf: this.#matching.placesOf,
      onSight: () => {
        this.#look();
      },
      onUse: () => {
        this.#useSelection();
      },
    });
    this.#seen = firstState(undefined);
    const doing = this.#createDoing();
    this.#program = startProgram<BuilderState, Happening>({
      root,
      first: firstState(readKept(extension.savedState)),
      update,
      view: (state) => drawBuilder({ state, doing }, this.#rows.element),
      onDrawn: (state) => {
        if (this.#isStarted) this.#follow(state);
      },
    });
  }

  start(): void {
    const isFresh = this.#extension.savedState === undefined;
    addEventListener('focusin', ({ target }) => {
      if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)
        if (target.closest('.card')) this.#lastBox = target;
    });
    addEventListener('pagehide', () => {
      this.#keep();
    });
    this.#extension.onNews('script', (news) => {
      this.#orTell(async () => {
        this.#send({ kind: 'scriptChanged', news, form: await this.#toForm(news.found) });
      });
    });
    this.#isStarted = true;
    this.#readForm();
    this.#follow(this.#program.state());
    this.#orTell(async () => this.#open(isFresh));
  }

  // ---- what follows from a change ----------------------------------------------------------------------------------

  #send(happening: Happening): void {
    this.#program.send(happening);
  }

  #follow(state: BuilderState): void {
    const before = this.#seen;
    this.#seen = state;
    const has = (...names: readonly (keyof BuilderState)[]): boolean =>
      names.some((name) => state[name] !== before[name]);
    if (has('form', 'directive', 'allowedCommands')) this.#readForm();
    if (has('draft')) this.#readPreview();
    if (has('source') && state.source) this.#readSample(state.source);
    const isOtherSample = has('sample', 'source', 'typed', 'stream');
    if (isOtherSample) this.#rows.setCount(toSample(state)?.[state.stream]?.length ?? 0);
    if (isOtherSample || has('form', 'answer')) this.#match(state, before, isOtherSample);
    const kept = toKept(state);
    const isChanged = (Object.keys(kept) as (keyof KeptState)[]).some((name) => has(name));
    if (isChanged) this.#extension.save(kept);
    if (!isChanged && !has('leftOver', 'isOpen')) return;
    clearTimeout(this.#keepTimer);
    this.#keepTimer = setTimeout(() => {
      this.#keep();
    }, keepAfter);
  }

  /** What is unfinished outlives the panel. */
  #keep(): void {
    clearTimeout(this.#keepTimer);
    const state = this.#program.state();
    if (!state.isOpen) return;
    const kept = state.leftOver ?? (isUnsaved(state) ? toKept(state) : undefined);
    void this.#extension.ask('keep', { state: kept ? JSON.stringify(kept) : null }).catch(ignoreRefusal);
  }

  async #language<Kind extends keyof LanguageJobs>(
    kind: Kind,
    given: LanguageJobs[Kind][0],
  ): Promise<LanguageJobs[Kind][1]> {
    return (await this.#runLanguage({ kind, given } as BuilderJob)) as LanguageJobs[Kind][1];
  }

  /** The last form counts: one that changes while it is read is read again. */
  #readForm(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    const { form, directive, allowedCommands } = this.#program.state();
    const isOwnName = directive !== null && !hasName(directive);
    const given = {
      ...{ form, original: directive?.text, allowedCommands },
      ownName: isOwnName ? directive.name : undefined,
    };
    void this.#language('form', given)
      .then((answer) => {
        this.#send({ kind: 'answered', form, answer });
      }, ignoreTooSlow)
      .finally(() => {
        this.#isReading = false;
        if (this.#program.state().form !== form) this.#readForm();
      });
  }

  #readPreview(): void {
    const { draft } = this.#program.state();
    if (!draft || draft.answer || this.#isReadingPreview) return;
    this.#isReadingPreview = true;
    const { pane, text } = draft;
    void this.#language(pane, { text })
      .then((answer) => {
        this.#send({ kind: 'previewRead', text, answer });
      }, ignoreTooSlow)
      .finally(() => {
        this.#isReadingPreview = false;
        if (this.#program.state().draft?.text !== text) this.#readPreview();
      });
  }

  #match(state: BuilderState, before: BuilderState, isOtherSample: boolean): void {
    const pattern = state.form.fields.pattern ?? '';
    const condition = state.form.fields.condition ?? '';
    const names = toNames(state);
    const isSame =
      !isOtherSample &&
      pattern === (before.form.fields.pattern ?? '') &&
      condition === (before.form.fields.condition ?? '') &&
      names.join() === toNames(before).join();
    if (isSame) return;
    this.#matching.start({ pattern, condition, names, sample: toSample(state), stream: state.stream });
    this.#look();
  }

  #look(): void {
    const { first, end } = this.#rows.visible();
    this.#matching.look(Math.max(0, first - 20), end + 20);
  }

  // ---- the extension -----------------------------------------------------------------------------------------------

  #orTell(work: () => Promise<void>): void {
    work().catch((thrown: unknown) => {
      this.#send({ kind: 'ended', notice: { kind: 'error', text: describeRefusal(thrown) } });
    });
  }

  async #open(isFresh: boolean): Promise<void> {
    const opening = await this.#extension.ask('open', {});
    const directiveForm = await this.#toForm(opening.directive);
    const form = isFresh ? await this.#findFirstForm(opening.watcher) : undefined;
    const leftOver = opening.kept === null ? undefined : readKept(JSON.parse(opening.kept));
    this.#send({ kind: 'opened', opening, form, directiveForm, leftOver });
    if (isFresh) await this.#beginWithLine();
  }

  async #findFirstForm(watcher: string | null): Promise<WatcherForm | undefined> {
    return watcher === null ? undefined : (await this.#language('json', { text: watcher })).form;
  }

  async #beginWithLine(): Promise<void> {
    const { context } = this.#extension;
    if (context.kind !== 'line') return;
    const { text, above, stream } = context;
    const selection = { line: text, span: { start: 0, end: text.length }, above };
    const { form, ...example } = await this.#language('example', selection);
    this.#send({ kind: 'streamChosen', stream });
    this.#send({ kind: 'exampleTaken', form, example });
  }

  async #toForm(directive: FoundDirective | null): Promise<WatcherForm | undefined> {
    return directive ? (await this.#language('json', { text: directive.watcher })).form : undefined;
  }

  #readSample(source: SampleSource): void {
    if (source.kind === 'typed') return;
    this.#extension.ask('read', source).then(
      (sample) => {
        if (this.#program.state().source === source)
          this.#send({ kind: 'sampleCame', sample: toSampleLines(sample) });
      },
      (thrown: unknown) => {
        if (!(thrown instanceof Refusal)) throw thrown;
        this.#send({ kind: 'sampleRefused', message: `${thrown.message} ${thrown.remedy}` });
      },
    );
  }

  // ---- what people do ----------------------------------------------------------------------------------------------

  #createDoing(): Doing {
    return {
      send: (happening) => {
        this.#send(happening);
      },
      insert: () => {
        this.#write('insert');
      },
      update: () => {
        this.#write('update');
      },
      attach: () => {
        this.#withWatcher('attach', async (watcher) => {
          const attached = await this.#extension.ask('attach', { watcher });
          return attached === null ? null : { kind: 'info', text: attached };
        });
      },
      apply: () => {
        this.#withWatcher('apply', async (watcher) => {
          const applied = await this.#extension.ask('apply', { watcher });
          if (applied === null) return null;
          this.#send({ kind: 'stored' });
          return { kind: 'info', text: applied };
        });
      },
      copy: (what) => {
        const { answer } = this.#program.state();
        const text = what === 'directive' ? answer?.directive : answer?.watcher;
        if (text === undefined) return;
        this.#orTell(async () => {
          await this.#extension.ask('copy', { what, text });
        });
      },
      saveTemplate: () => {
        this.#withWatcher('template', async (watcher) => {
          const name = await this.#extension.ask('saveTemplate', { watcher });
          if (name === null) return null;
          this.#send({ kind: 'templatesCame', templates: await this.#extension.ask('templates', {}) });
          return { kind: 'info', text: `“${name}” is among your templates now.` };
        });
      },
      dryRun: () => {
        this.#dryRun();
      },
      reveal: () => {
        this.#orTell(async () => {
          await this.#extension.ask('reveal', {});
        });
      },
      openTemplates: () => {
        if (this.#program.state().templates) return;
        this.#orTell(async () => {
          this.#send({ kind: 'templatesCame', templates: await this.#extension.ask('templates', {}) });
        });
      },
      takeTemplate: (id) => {
        this.#takeTemplate(id);
      },
      chooseSource: (source) => {
        this.#send({ kind: 'sourceChosen', source });
      },
      chooseFile: () => {
        this.#orTell(async () => {
          const chosen = await this.#extension.ask('chooseFile', {});
          if (!chosen) return;
          this.#send({ kind: 'sourcesCame', sources: await this.#extension.ask('sources', {}) });
          this.#send({ kind: 'sourceChosen', source: chosen.source });
        });
      },
      refresh: () => {
        const { source } = this.#program.state();
        if (source) this.#readSample(source);
        this.#orTell(async () => {
          this.#send({ kind: 'sourcesCame', sources: await this.#extension.ask('sources', {}) });
        });
      },
      useSelection: () => {
        this.#useSelection();
      },
      changePieces: (pieces) => {
        this.#changePieces(pieces);
      },
      insertVariable: (name) => {
        this.#insertVariable(name);
      },
      showLine: (line) => {
        this.#rows.show(line);
        this.#rows.element.focus();
      },
    };
  }

  #withWatcher(
    what: NonNullable<BuilderState['busy']>,
    work: (watcher: string) => Promise<BuilderState['notice']>,
  ): void {
    const { watcher } = this.#program.state().answer ?? {};
    if (watcher === undefined) return;
    this.#send({ kind: 'began', what });
    this.#orTell(async () => {
      this.#send({ kind: 'ended', notice: await work(watcher) });
    });
  }

  #write(how: 'insert' | 'update'): void {
    const { form: sent, directive, scriptName } = this.#program.state();
    this.#withWatcher('insert', async (watcher) => {
      const written =
        how === 'update' && directive
          ? {
              ...(await this.#extension.ask('update', { watcher, known: directive.watcher })),
              scriptName: scriptName ?? '',
            }
          : await this.#extension.ask('insert', { watcher });
      const form = await this.#toForm(written);
      if (!written || !form) return null;
      const { scriptName: name, ...directiveNow } = written;
      const text = how === 'update' ? `${name} was updated.` : `The directive was inserted into ${name}.`;
      const notice = { kind: 'info', text, button: 'reveal' } as const;
      this.#send({ kind: 'written', directive: directiveNow, scriptName: name, form, sent, notice });
      return notice;
    });
  }

  #dryRun(): void {
    const { source, typed, answer } = this.#program.state();
    if (!source || answer?.watcher === undefined) return;
    const { watcher } = answer;
    this.#send({ kind: 'began', what: 'dryRun' });
    this.#orTell(async () => {
      const given = { watcher, ...source, typed: source.kind === 'typed' ? typed : null };
      this.#send({ kind: 'dryRunCame', report: await this.#extension.ask('dryRun', given) });
    });
  }

  #takeTemplate(id: string): void {
    const template = this.#program.state().templates?.find((one) => one.id === id);
    if (!template) return;
    this.#orTell(async () => {
      const { form } = await this.#language('json', { text: template.watcher });
      if (!form) return;
      const why = `The form was filled from the template ${template.title}.`;
      this.#send({ kind: 'formTaken', form, why, lines: template.lines.join('\n') });
    });
  }

  #useSelection(): void {
    const selected = this.#rows.selection();
    const state = this.#program.state();
    const lines = toSample(state)?.[state.stream] ?? [];
    if (!selected) {
      const text = 'Select some text in the sample first, or click a line.';
      this.#send({ kind: 'ended', notice: { kind: 'info', text } });
      return;
    }
    const { line, span } = selected;
    const above = lines.slice(Math.max(0, line - linesAbove), line);
    void this.#language('example', { line: lines[line] ?? '', span, above }).then(({ form, ...example }) => {
      this.#send({ kind: 'exampleTaken', form, example });
    }, ignoreTooSlow);
  }

  #changePieces(pieces: readonly Piece[]): void {
    void this.#language('pieces', { pieces }).then((answer) => {
      this.#send({ kind: 'piecesChanged', pieces, answer });
    }, ignoreTooSlow);
  }

  /** Into the text of an action where one was last, else it has no place. */
  #insertVariable(name: string): void {
    const box =
      this.#lastBox?.isConnected === true
        ? this.#lastBox
        : document.querySelector<HTMLInputElement>('.card .params input');
    if (!box) return;
    const end = box.selectionEnd ?? box.value.length;
    box.setRangeText(`$${name}`, box.selectionStart ?? end, end, 'end');
    box.dispatchEvent(new Event('input', { bubbles: true }));
    box.focus();
  }
}

const hasName = ({ watcher }: FoundDirective): boolean =>
  (JSON.parse(watcher) as { readonly name?: string }).name !== undefined;

/** What the extension has refused, or the worker was not done with in time; throws whatever is an error of ours. */
function describeRefusal(thrown: unknown): string {
  if (thrown instanceof TooSlow) return 'This computer is too busy to read the watcher. Try it again.';
  if (thrown instanceof Refusal) return `${thrown.message} ${thrown.remedy}`.trim();
  throw thrown;
}

/** It is asked again with the next change. */
function ignoreTooSlow(thrown: unknown): void {
  if (!(thrown instanceof TooSlow)) throw thrown;
}

/** The page's own state is kept all the same. */
function ignoreRefusal(thrown: unknown): void {
  if (!(thrown instanceof Refusal)) throw thrown;
}
