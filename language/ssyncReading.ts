// What ssync's own parser drops of a directive: for scripts that must work with both tools.
import { spanOf, type MappedText } from './mappedText';
import { toProblem, type Fix, type Problem } from './problem';
import type { Directive } from './directive';
import { markers } from './directive/markers';
import { fieldTable, findField } from './schema';
import { parseDuration } from './values';

/** Source: ssync's `script_processor.py`, `_parse_inline_watcher`, `_parse_watcher_block` and `_parse_action_string`. */
const inlineKeys = new Set([
  'pattern',
  'interval',
  'captures',
  'action',
  'condition',
  'name',
  'trigger_on_job_end',
  'trigger_job_states',
  'remaining_resubmits',
  'resubmit_count',
  'max_failures',
]);
const blockKeys = new Set([
  ...inlineKeys,
  'timer_mode_enabled',
  'timer_mode',
  'timer_interval_seconds',
  'timer_interval',
  'actions',
]);
/** Its own names of actions, whatever ours are. */
const actionNames = new Set(
  'cancel cancel_job resubmit notify notify_email notify_slack email slack run run_command command store store_metric metric log log_event'.split(
    ' ',
  ),
);
const wholeNumbers = new Set([
  'interval',
  'timer_interval',
  'timer_interval_seconds',
  'remaining_resubmits',
  'resubmit_count',
  'max_failures',
]);
const booleans = new Set(['trigger_on_job_end', 'timer_mode', 'timer_mode_enabled']);
const inlineLists = new Set(['captures', 'trigger_job_states']);

/** What it hears of one line. */
interface Heard {
  readonly key: string;
  readonly value: string;
}

/** Whole fields and actions that it would drop, as hints. */
export function findIgnored(script: string, directive: Directive): readonly Problem[] {
  return directive.kind === 'inline'
    ? findIgnoredInline(script, directive)
    : findIgnoredInBlock(script, directive);
}

function findIgnoredInline(script: string, { span, fields }: Directive): readonly Problem[] {
  const line = script.slice(span.start, span.end);
  const opening = `${markers.inline} `;
  const begin = opening.length;
  const heard = new Map<number, Heard>();
  // A tab behind the marker hides the whole directive from it.
  if (line.startsWith(opening)) {
    const pair = /(?<!\w)(\w+)=("[^"]*"|'[^']*'|\[[^\]]*\]|\w+\([^)]*\)|[^\s]+)/g;
    for (const { index, 1: key = '', 2: value = '' } of line.slice(begin).matchAll(pair)) {
      const inside = /^(["'])(.*)\1$/s.exec(value)?.[2] ?? value;
      heard.set(span.start + begin + index, { key: key.toLowerCase(), value: inside });
    }
  }
  return fields.flatMap(({ field, key, value }) => {
    const found = heard.get(spanOf(key).start);
    return field && !(found && isHeard(found, inlineKeys)) ? [toIgnored(key, value, found)] : [];
  });
}

function findIgnoredInBlock(script: string, { span, fields, actions }: Directive): readonly Problem[] {
  const heard = new Map<number, Heard>();
  const items = new Map<number, string>();
  let inActions = false;
  for (let start = span.start; start < span.end;) {
    const newline = script.indexOf('\n', start);
    const end = newline === -1 ? script.length : newline;
    const line = toContent(script.slice(start, end).trim());
    const colon = line.indexOf(':');
    const key = line.slice(0, colon).trim().toLowerCase();
    if (colon !== -1 && !inActions) heard.set(start, { key, value: line.slice(colon + 1).trim() });
    else if (inActions && line.trim().startsWith('- ')) items.set(start, line.trim().slice(2));
    inActions ||= heard.has(start) && key === 'actions';
    start = end + 1;
  }
  const lineOf = (offset: number): number => script.lastIndexOf('\n', offset - 1) + 1;
  const ignoredFields = fields.flatMap(({ field, key, value }) => {
    const found = heard.get(lineOf(spanOf(key).start));
    return field && !(found && isHeard(found, blockKeys)) ? [toIgnored(key, value, found)] : [];
  });
  const ignoredActions = actions.flatMap(({ name, type, span: { start } }) => {
    const line = lineOf(start);
    // An action of a field is judged with its field.
    const isField = fields.some(({ key }) => lineOf(spanOf(key).start) === line);
    const item = items.get(line);
    return type && !isField && !(item !== undefined && isAction(item)) ? [toIgnoredAction(name)] : [];
  });
  return [...ignoredFields, ...ignoredActions];
}

const toContent = (trimmed: string): string =>
  trimmed.startsWith('# ') ? trimmed.slice(2) : trimmed.startsWith('#') ? trimmed.slice(1).trim() : trimmed;

function isHeard({ key, value }: Heard, keys: ReadonlySet<string>): boolean {
  if (!keys.has(key)) return false;
  if (wholeNumbers.has(key)) return /^\s*[-+]?\d+\s*$/.test(value);
  if (booleans.has(key)) return /^(?:true|yes|1|on|false|no|0|off)$/i.test(value);
  if (key === 'action') return isAction(value);
  if (keys === inlineKeys && inlineLists.has(key)) return /^\[.*\]$/s.test(value);
  if (inlineLists.has(key)) return value !== '';
  // What follows on the same line is lost, and the items below are what counts.
  return key !== 'actions' || value === '' || value.startsWith('#');
}

/** Whether it knows an action by what it takes for its name. */
function isAction(text: string): boolean {
  const call = /^(\w+)(?:\((.*)\))?$/.exec(text.trim());
  const name = call?.[1] ?? text.trim().split(/\s+/, 1)[0] ?? '';
  return actionNames.has(name.toLowerCase());
}

function toIgnored(key: MappedText, value: MappedText, heard: Heard | undefined): Problem {
  const fix = findFix(key, value, heard);
  return toProblem(
    'ignored-by-ssync',
    spanOf(key),
    `ssync would drop "${key.text}"${heard ? '' : ' as it stands here'}.`,
    fix
      ? `${fix.title}, if the script must work with ssync too.`
      : 'Leave it, unless the script must work with ssync too.',
    fix ? { fix } : {},
  );
}

/** Another key, or seconds as a number, where ssync understands that. */
function findFix(key: MappedText, value: MappedText, heard: Heard | undefined): Fix | undefined {
  const field = findField(key.text);
  if (!field) return undefined;
  if (inlineKeys.has(field) && !blockKeys.has(key.text.toLowerCase()))
    return { title: `Write ${field}`, edits: [{ span: spanOf(key), newText: field }] };
  const seconds = fieldTable[field].type === 'duration' ? parseDuration(value.text) : undefined;
  if (!heard || !wholeNumbers.has(heard.key) || seconds === undefined || !Number.isInteger(seconds))
    return undefined;
  return { title: `Write ${seconds}`, edits: [{ span: spanOf(value), newText: String(seconds) }] };
}

const toIgnoredAction = (name: MappedText): Problem =>
  toProblem(
    'ignored-by-ssync',
    spanOf(name),
    `ssync would drop the action "${name.text}" as it stands here.`,
    'Leave it, unless the script must work with ssync too.',
  );
