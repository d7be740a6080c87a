// Fields to a typed definition: defaults, bounds, and what is wrong with each value.
import { resubmitsJob } from './actionTable';
import { append } from './append';
import { bindActions } from './bindActions';
import type { ActionMapping } from './block';
import type { WrittenAction } from './calls';
import { checkCondition, type NameGroup } from './conditionProblems';
import type { Definition } from './definition';
import { findPlainType, type PlainType } from './fieldTypes';
import type { WrittenField } from './inline';
import { findJobState, toJobEndState, type JobEndState } from './jobStates';
import { offsetIn, spanIn, spanOf, type MappedText } from './mappedText';
import type { BodyNames } from './bodyNames';
import { findNearest } from './nearest';
import { findNeverTrue } from './neverTrue';
import { checkCaptures, checkPattern } from './patternProblems';
import { toProblem, type Problem } from './problem';
import type { Pattern } from './regex/compile';
import {
  defaultDefinition,
  definitionFields,
  fieldKeys,
  fieldTable,
  findDefault,
  rowOf,
  type FieldName,
} from './schema';
import type { Span } from './text';
import { isBuiltInVariable } from './variables';
import { checkVariables, type NamedCapture } from './variableProblems';
import { parseList, unquote } from './values';

export interface WrittenDirective {
  /** `#WATCHER` or `#WATCHER_BEGIN`: where a problem of the whole directive is shown. */
  readonly marker: Span;
  readonly fields: readonly WrittenField[];
  /** Actions in their order. */
  readonly actions: readonly (MappedText | ActionMapping)[];
}

export interface BoundDirective {
  /** Undefined where the directive cannot be a watcher. The name is empty where none is written. */
  readonly definition: Definition | undefined;
  readonly actions: readonly WrittenAction[];
  readonly nameSpan: Span | undefined;
  readonly problems: readonly Problem[];
}

/** What the script around a directive decides. */
export interface Surroundings {
  readonly allowedCommands: readonly string[];
  readonly body: () => BodyNames;
}

const plainFields = definitionFields.flatMap((field) => {
  const type = findPlainType(fieldTable[field].type);
  return type ? [{ field, type }] : [];
});

export function bindDirective(directive: WrittenDirective, surroundings: Surroundings): BoundDirective {
  return new Binder(directive, surroundings).bind();
}

class Binder {
  private readonly problems: Problem[] = [];
  /** Values that later ones of the same field replaced, in their order. */
  private former: Map<FieldName, MappedText[]> | undefined;
  /** The value that counts of each field, without its quotes. */
  private readonly values = new Map<FieldName, MappedText>();

  /** The items of each list, in the order in which a field is written several times. */
  private lists: Map<FieldName, (readonly MappedText[])[]> | undefined;

  constructor(
    private readonly directive: WrittenDirective,
    private readonly surroundings: Surroundings,
  ) {
    for (const field of directive.fields) this.addField(field);
  }

  bind(): BoundDirective {
    const patternValue = this.values.get('pattern');
    const pattern = this.bindPattern(patternValue);
    const written = this.bindCaptureNames();
    // Names of groups 1, 2, …: the written ones win, surplus ones are kept.
    const captures = written?.map(({ text }) => text || null) ?? toDerivedCaptures(pattern);
    const names = captures.filter((name) => name !== null);
    if (pattern && pattern.groupNames.size > 0) append(names, pattern.groupNames.keys());
    const isKnown = (name: string): boolean =>
      names.includes(name) ||
      isBuiltInVariable(name) ||
      (/^\d/.test(name) && Number(name) <= (pattern?.groupCount ?? 0));
    if (pattern && written) append(this.problems, checkCaptures(pattern, written));
    const condition = this.bindCondition(names, (group) => {
      const known = captures[group - 1] ?? pattern?.tree.groups[group - 1]?.name;
      return known ? { name: known, edits: [] } : toGroupName(group, { pattern, patternValue, names });
    });
    const { allowedCommands, body } = this.surroundings;
    const groupCount = patternValue ? pattern?.groupCount : 0;
    const known = { captures: names, groupCount, allowedCommands, isKnown };
    const actions = bindActions(this.directive.actions, known);
    append(this.problems, actions.problems);
    const definition = this.toDefinition({
      captures,
      condition: condition?.text ?? null,
      actions: actions.actions,
    });
    this.checkTogether(definition, actions.written);
    const { triggerOnJobEnd: triggersOnJobEnd } = definition;
    for (const text of [condition, ...actions.written.map((action) => action.condition)])
      if (text) append(this.problems, findNeverTrue(text, { captures: names, triggersOnJobEnd }));
    append(
      this.problems,
      checkVariables({
        captures: toNamedCaptures(pattern, patternValue, written ?? []),
        patternNames: pattern?.groupNames ?? new Map(),
        groupCount: pattern?.groupCount,
        actions: actions.written,
        condition: this.values.get('condition')?.text ?? '',
        body,
      }),
    );
    const fits =
      this.hasTrigger(patternValue, pattern, definition) && condition !== undefined && !actions.broken;
    const name = this.values.get('name');
    return {
      definition: fits ? definition : undefined,
      actions: actions.written,
      nameSpan: name && spanOf(name),
      problems: this.problems,
    };
  }

  private addField({ field, key, value, plain, items, heading }: WrittenField): void {
    if (!field) {
      this.problems.push(toUnknownField(key));
      return;
    }
    const inside = plain ? value : unquote(value);
    const { type } = fieldTable[field];
    if (type === 'actions' && (heading || inside.text.trim() !== '')) return;
    const isList = type === 'names' || type === 'states';
    const listed = isList ? (items ?? parseList(value)) : undefined;
    const isEmptyList = listed?.length === 0 && inside.text.trim() !== '';
    // No captures is what an empty list says; no states would be a watcher that never acts.
    if (isEmptyList && type === 'names') return;
    // Of items with dashes it is the first, which may be empty.
    const isEmpty = inside.text.trim() === '' && !items?.some(({ text }) => text !== '');
    if (isEmpty || (isEmptyList && !items)) {
      if (field !== 'pattern')
        this.problems.push(
          toProblem(
            'bad-value',
            spanOf(key),
            `"${field}" has no value; it counts as not written.`,
            'Write a value, or remove the field.',
            { severity: 'warning' },
          ),
        );
      return;
    }
    const before = this.values.get(field);
    if (before) {
      this.former ??= new Map();
      const former = this.former.get(field);
      if (former) former.push(before);
      else this.former.set(field, [before]);
      this.problems.push(
        toProblem(
          'duplicate-field',
          spanOf(key),
          `"${field}" is written twice; the last one counts.`,
          'Remove one of them.',
        ),
      );
    }
    if (listed) {
      this.lists ??= new Map();
      const lists = this.lists.get(field);
      if (lists) lists.push(listed);
      else this.lists.set(field, [listed]);
    }
    this.values.set(field, isList ? value : inside);
  }

  private bindPattern(value: MappedText | undefined): Pattern | undefined {
    if (!value) return undefined;
    const { pattern, problems } = checkPattern(value);
    append(this.problems, problems);
    return pattern;
  }

  /** Undefined where none are written, or where one is bad: positions never shift. */
  private bindCaptureNames(): readonly MappedText[] | undefined {
    const lists = this.lists?.get('captures') ?? [];
    for (let at = lists.length - 1; at >= 0; at--) {
      const names = this.checkNames(lists[at] ?? []);
      if (names) return names;
    }
    return undefined;
  }

  private checkNames(names: readonly MappedText[]): readonly MappedText[] | undefined {
    const bad = names.filter(({ text }) => !/^(?:[A-Za-z_]\w*)?$/.test(text));
    for (const name of bad)
      this.problems.push(
        toProblem(
          'bad-capture-name',
          spanOf(name),
          `"${name.text}" is not a name; the whole list counts as not written.`,
          'Use letters, digits and "_", not beginning with a digit.',
        ),
      );
    return bad.length > 0 ? undefined : names;
  }

  /** Null: there is none. Undefined: there is one, and it cannot hold. */
  private bindCondition(captures: readonly string[], nameGroup: NameGroup): MappedText | null | undefined {
    const value = this.values.get('condition');
    if (!value) return null;
    const { condition, problems } = checkCondition(value, captures, nameGroup);
    append(this.problems, problems);
    return condition && value;
  }

  private toDefinition(parts: Pick<Definition, 'captures' | 'condition' | 'actions'>): Definition {
    const definition: Record<string, unknown> = {
      ...defaultDefinition,
      name: this.values.get('name')?.text ?? '',
      pattern: this.values.get('pattern')?.text ?? null,
      captures: parts.captures,
      condition: parts.condition,
      triggerJobStates: this.states(),
      actions: this.directive.actions.length === 0 ? defaultDefinition.actions : parts.actions,
    };
    for (const { field, type } of plainFields)
      definition[rowOf(field).property] =
        this.read(field, type) ?? findDefault(field, definition as unknown as Definition);
    return definition as unknown as Definition;
  }

  /** A bad value and one out of its bounds count as not written: then the one that was written before it counts. */
  private read(field: FieldName, type: PlainType): ReturnType<PlainType['read']> {
    const value = this.values.get(field);
    if (!value) return undefined;
    const written = [...(this.former?.get(field) ?? []), value];
    for (let at = written.length - 1; at >= 0; at--) {
      const one = written[at];
      const read = one && this.readOne(field, type, one);
      if (read !== undefined) return read;
    }
    return undefined;
  }

  private readOne(
    field: FieldName,
    { read, kind, printBound }: PlainType,
    value: MappedText,
  ): ReturnType<PlainType['read']> {
    const parsed = read(value.text);
    if (parsed === undefined) {
      this.problems.push(
        toProblem(
          'bad-value',
          spanOf(value),
          `"${value.text}" is not ${kind}; "${field}" counts as not written.`,
          `Correct it, or remove "${field}".`,
        ),
      );
      return undefined;
    }
    const [low, high] = rowOf(field).bounds ?? [-Infinity, Infinity];
    if (typeof parsed !== 'number' || (parsed >= low && parsed <= high)) return parsed;
    const range =
      high === Infinity ? `of ${printBound(low)} or more` : `from ${printBound(low)} to ${printBound(high)}`;
    this.problems.push(
      toProblem(
        'out-of-range',
        spanOf(value),
        `"${value.text}" is out of range; "${field}" counts as not written.`,
        `Write a value ${range}.`,
      ),
    );
    return undefined;
  }

  private states(): readonly JobEndState[] {
    const value = this.values.get('trigger_job_states');
    if (!value) return defaultDefinition.triggerJobStates;
    const states = (this.lists?.get('trigger_job_states')?.at(-1) ?? []).flatMap((item) => {
      if (item.text === '') return [];
      const state = findJobState(item.text);
      const end = state && toJobEndState(state);
      if (!end)
        this.problems.push(
          toProblem(
            'unknown-state',
            spanOf(item),
            `"${item.text}" is not a state in which a job can end; it is skipped.`,
            'Use completed, failed, timeout, cancelled, out_of_memory, node_fail, preempted, boot_fail, deadline, revoked or unknown.',
          ),
        );
      return end ? [end] : [];
    });
    return [...new Set(states)];
  }

  private hasTrigger(
    value: MappedText | undefined,
    pattern: Pattern | undefined,
    definition: Definition,
  ): boolean {
    if (value) return pattern !== undefined;
    if (definition.triggerOnJobEnd) return true;
    this.problems.push(
      toProblem(
        'missing-pattern',
        this.directive.marker,
        'This watcher has no pattern and does not wait for the end of the job.',
        'Write pattern="…", or trigger_on_job_end=true.',
      ),
    );
    return false;
  }

  private checkTogether(definition: Definition, actions: readonly WrittenAction[]): void {
    const timer = this.values.get('timer_mode_enabled');
    if (definition.timerModeEnabled && definition.triggerOnJobEnd && timer) {
      this.problems.push(
        toProblem(
          'timer-with-job-end',
          spanOf(timer),
          'Timer mode acts while the job runs, trigger_on_job_end once it has ended: only the end counts here.',
          'Remove one of the two.',
        ),
      );
    }
    const resubmit = actions.find(({ type }) => resubmitsJob(type));
    if (resubmit && definition.remainingResubmits === null && definition.maxTriggers === null) {
      this.problems.push(
        toProblem(
          'resubmit-without-limit',
          resubmit.span,
          'Neither remaining_resubmits nor max_triggers is written: a chain ends after 3 resubmissions.',
          'Write remaining_resubmits.',
        ),
      );
    }
  }
}

/** The names that the pattern itself gives to its groups; null for those before the last that have none. */
export function toDerivedCaptures(pattern: Pattern | undefined): readonly (string | null)[] {
  if (!pattern || pattern.groupNames.size === 0) return [];
  const names = pattern.tree.groups.map(({ name }) => name ?? null);
  while (names.at(-1) === null) names.pop();
  return names;
}

/** Every capture once, at its place: the written ones, and those of the pattern whose group has no written name. */
function toNamedCaptures(
  pattern: Pattern | undefined,
  value: MappedText | undefined,
  written: readonly MappedText[],
): readonly NamedCapture[] {
  const captures: NamedCapture[] = [];
  written.forEach((name, index) => {
    const group = pattern && index < pattern.groupCount ? index + 1 : undefined;
    if (name.text !== '') captures.push({ name: name.text, span: spanOf(name), group });
  });
  if (!pattern || !value || pattern.groupNames.size === 0) return captures;
  for (const [name, group] of pattern.groupNames) {
    const at = value.text.indexOf(`(?P<${name}>`);
    if (written[group - 1]?.text || at === -1) continue;
    captures.push({ name, group, span: spanIn(value, at + 4, at + 4 + name.length) });
  }
  return captures;
}

/** A name for a group that has none, and how to write it into the pattern. */
function toGroupName(
  group: number,
  {
    pattern,
    patternValue,
    names,
  }: {
    readonly pattern: Pattern | undefined;
    readonly patternValue: MappedText | undefined;
    readonly names: readonly string[];
  },
): ReturnType<NameGroup> {
  const node = pattern?.tree.groups[group - 1];
  const name = `value${group}`;
  if (!node || !patternValue || names.includes(name)) return undefined;
  const at = offsetIn(patternValue, node.span.start + 1);
  return { name, edits: [{ span: { start: at, end: at }, newText: `?P<${name}>` }] };
}

function toUnknownField(key: MappedText): Problem {
  const nearest = findNearest(key.text, fieldKeys);
  const hint = nearest === undefined ? '.' : `: did you mean "${nearest}"?`;
  const remedy =
    nearest === undefined ? `The fields are: ${Object.keys(fieldTable).join(', ')}.` : `Write ${nearest}.`;
  const fix =
    nearest === undefined
      ? {}
      : { fix: { title: `Write ${nearest}`, edits: [{ span: spanOf(key), newText: nearest }] } };
  return toProblem('unknown-field', spanOf(key), `There is no field "${key.text}"${hint}`, remedy, fix);
}
