// Scripts and definitions as they are kept: webhooks that directives name are masked in their places, all else stays.
import { findActionRow, findParam } from './actionTable';
import type { ActionDefinition, Definition } from './definition';
import { sliceText } from './mappedText';
import type { Script } from './script';
import { maskWebhook } from './show/webhook';
import { unquote } from './values';
import type { WrittenAction, WrittenParam } from './calls';

export interface MaskedScript {
  readonly text: string;
  /** The webhooks, as they were written. */
  readonly secrets: readonly string[];
}

/** `text` is the one that the script was read from. */
export function maskScript(text: string, { directives }: Script): MaskedScript {
  const written = directives
    .flatMap(({ actions }) => actions)
    .flatMap((action) => action.params.filter((param) => isSecret(action, param)))
    .map(({ value }) => unquote(value))
    .filter((value) => value.text !== '')
    .sort((one, other) => one.start - other.start);
  let masked = '';
  let from = 0;
  for (const value of written) {
    const { start, end } = sliceText(value, 0);
    masked += text.slice(from, start) + maskWebhook(value.text);
    from = end;
  }
  return { text: masked + text.slice(from), secrets: written.map((value) => value.text) };
}

const isSecret = ({ type }: WrittenAction, { name }: WrittenParam): boolean =>
  type !== undefined && name !== undefined && findParam(type, name.text)?.isSecret === true;

export interface MaskedDefinitions {
  readonly definitions: readonly Definition[];
  readonly secrets: readonly string[];
}

export function maskDefinitions(written: readonly Definition[]): MaskedDefinitions {
  const secrets: string[] = [];
  const maskParams = (action: ActionDefinition): ActionDefinition => {
    const params = { ...action.params };
    for (const { name, isSecret: isMasked } of findActionRow(action.type)?.params ?? []) {
      const value = params[name];
      if (!isMasked || typeof value !== 'string') continue;
      secrets.push(value);
      params[name] = maskWebhook(value);
    }
    return { ...action, params };
  };
  const definitions = written.map((one) => ({ ...one, actions: one.actions.map(maskParams) }));
  return { definitions, secrets };
}
