// The call that is being written at the cursor: its name and which of its arguments the cursor is in.
import { skipQuoted } from '../language/scan';
import { findLastName, findTail } from '../language/textEnd';

export interface OpenCall {
  readonly name: string;
  /** The call is a method: a dot stands before its name. */
  readonly isMethod: boolean;
  /** Number of commas before the cursor. */
  readonly argument: number;
  /** The argument's text up to the cursor. */
  readonly written: string;
}

interface Frame {
  readonly name: string;
  readonly isMethod: boolean;
  argument: number;
  from: number;
}

/** The innermost call with a name; `before` is the line up to the cursor. Quoted conditions are looked into. */
export function findOpenCall(before: string): OpenCall | undefined {
  const frames: Frame[] = [];
  for (let at = 0; at < before.length; at++) {
    const character = before[at] ?? '';
    const frame = frames.at(-1);
    if (character === '\\') at += 1;
    else if (character === '"' || character === "'") {
      const behind = skipQuoted(before, at);
      if (behind !== undefined) at = behind - 1;
      // An open quote of a field may hold a condition; one of a parameter is text.
      else if (frames.length > 0) break;
    } else if ('([{'.includes(character)) frames.push(toFrame(before, at));
    else if (')]}'.includes(character)) frames.pop();
    else if (character === ',' && frame) {
      frame.argument += 1;
      frame.from = at + 1;
    }
  }
  const call = frames.filter(({ name }) => name !== '').at(-1);
  return call && { ...call, written: before.slice(call.from).trimStart() };
}

function toFrame(before: string, at: number): Frame {
  const end = before[at] === '(' ? findTail(before, /[ \t]/, at) : at;
  const start = before[at] === '(' ? findLastName(before, /[\w-]/, end) : end;
  const isMethod = start < end && before[start - 1] === '.';
  return { name: before.slice(start, end), isMethod, argument: 0, from: at + 1 };
}
