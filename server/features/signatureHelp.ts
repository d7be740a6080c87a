// Signature help: the parameters of an action or of a condition's function, with the one at the cursor.
import { MarkupKind, type Position, type SignatureHelp } from 'vscode-languageserver';
import {
  actionTable,
  findAction,
  findParam,
  type ActionType,
  type ParamRow,
} from '../../language/actionTable';
import { findFunction, findMethod } from '../../language/condition/reference';
import { isInDirective } from '../../language/directive/markers';
import type { Markdown } from '../../language/show/markdown';
import { describeParam } from '../descriptions';
import { lineText, type ScriptText } from '../documents';
import { findOpenCall, type OpenCall } from '../openCall';

export const signatureTriggers = ['(', ','];

export function findSignature(document: ScriptText, position: Position): SignatureHelp | undefined {
  const before = document.text.getText({ start: { ...position, character: 0 }, end: position });
  const isOurs = isInDirective(before, (at) => lineText(document, at), position.line);
  const call = isOurs ? findOpenCall(before) : undefined;
  const action = call && !call.isMethod ? findAction(call.name) : undefined;
  return call && (action ? helpForAction(action, call) : helpForFunction(call));
}

function helpForAction(type: ActionType, { argument, written }: OpenCall): SignatureHelp {
  const params: readonly ParamRow[] = actionTable[type].params;
  const name = /^([A-Za-z_][\w-]*)[ \t]*=/.exec(written)?.[1];
  const named = name === undefined ? undefined : findParam(type, name);
  return toHelp({
    name: type,
    summary: actionTable[type].summary,
    params: params.map((param) => ({
      label: param.required ? param.name : `[${param.name}]`,
      text: describeParam(param),
    })),
    active: named ? params.indexOf(named) : argument,
  });
}

function helpForFunction({ name, isMethod, argument }: OpenCall): SignatureHelp | undefined {
  const row = isMethod ? findMethod(name) : findFunction(name);
  if (!row) return undefined;
  const params = row.params.map((label) => ({ label, text: undefined }));
  return toHelp({ name, summary: row.summary, params, active: Math.min(argument, params.length - 1) });
}

interface Described {
  readonly name: string;
  readonly summary: string;
  readonly params: readonly { readonly label: string; readonly text: Markdown | undefined }[];
  readonly active: number;
}

/** Parameters are told by their places in the label: two may have the same letters. */
function toHelp({ name, summary, params, active }: Described): SignatureHelp {
  let at = name.length + 1;
  const parameters = params.map(({ label, text }) => {
    const start = at;
    at += label.length + 2;
    return {
      label: [start, start + label.length] as [number, number],
      ...(text !== undefined && { documentation: { kind: MarkupKind.Markdown, value: text } }),
    };
  });
  return {
    signatures: [
      {
        label: `${name}(${params.map(({ label }) => label).join(', ')})`,
        documentation: summary,
        parameters,
      },
    ],
    activeSignature: 0,
    activeParameter: Math.max(0, active),
  };
}
