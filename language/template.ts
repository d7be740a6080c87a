// Variables in parameters: `$1`, `$name`, `${name:-default}`; one pass, longest name, nothing expanded twice.

export interface TemplateValues {
  /** The matched text, then the groups in their order. */
  readonly groups: readonly (string | null)[];
  readonly variables: Readonly<Record<string, string>>;
}

export interface VariableUse {
  /** A name, or digits for a group. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly operator: ':-' | ':+' | undefined;
  readonly word: string;
}

const pattern = /\$\$|\$(?:([A-Za-z_]\w*|\d+)|\{([A-Za-z_]\w*|\d+)(?:(:[-+])([^}]*))?\})/g;

/** Every `$name` and `${…}` in the text; `$$` is none. */
export function findVariables(text: string): readonly VariableUse[] {
  return [...text.matchAll(pattern)]
    .filter(({ 0: whole }) => whole !== '$$')
    .map(({ index, 0: whole, 1: plain, 2: braced, 3: operator, 4: word }) => ({
      name: plain ?? braced ?? '',
      start: index,
      end: index + whole.length,
      operator: operator as VariableUse['operator'],
      word: word ?? '',
    }));
}

/** Source: section 6 of the language. A name that nobody knows stays as it is, for the shell. */
export function substitute(text: string, values: TemplateValues): string {
  let result = '';
  let from = 0;
  for (const use of findVariables(text)) {
    result += text.slice(from, use.start) + (expand(use, values) ?? text.slice(use.start, use.end));
    from = use.end;
  }
  return result + text.slice(from);
}

function expand(
  { name, operator, word }: VariableUse,
  { groups, variables }: TemplateValues,
): string | undefined {
  const isGroup = /^\d+$/.test(name);
  const known = isGroup ? Number(name) < groups.length : Object.hasOwn(variables, name);
  const value = isGroup ? (groups[Number(name)] ?? '') : (variables[name] ?? '');
  if (operator === ':-') return known && value !== '' ? value : word;
  if (operator === ':+') return known && value !== '' ? word : '';
  return known ? value : undefined;
}
