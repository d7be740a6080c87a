// A backtracking matcher that does what CPython's engine does, step by step and within a budget of steps.
import { hasChar } from './charSet';
import type { CodeText } from './codeText';
import type { CharTest, Instruction, Program } from './program';
import { toLower } from './unicode';

/** Where one match stands, in code points; `marks` are start and end of each group, -1 where it took no part. */
export interface RawMatch {
  readonly start: number;
  readonly end: number;
  readonly marks: readonly number[];
}

/** `undefined`: there is none; `'exhausted'`: the budget ran out before that was known. */
export type Search = RawMatch | undefined | 'exhausted';

export interface Matcher {
  /** Says on which text to work, and with how many steps: about one a character looked at. */
  load(text: CodeText, steps: number): void;
  /** What is left of the steps, never less than 0. */
  stepsLeft(): number;
  /** The first match at or after `from`. With `mustAdvance` a match that begins at `from` is not empty. */
  search(from: number, mustAdvance: boolean): Search;
  /** A match that begins exactly at `from`. */
  matchAt(from: number, mustAdvance: boolean): Search;
}

/** A loop that is running: CPython's repeat context. */
interface Loop {
  count: number;
  /** Where the last optional round began, to stop at rounds that take nothing. */
  lastStart: number;
  readonly outer: Loop | undefined;
}

type FrameKind =
  | 'branch'
  | 'repeatUnit'
  | 'enterLoop'
  | 'requiredRound'
  | 'optionalRound'
  | 'leaveLoop'
  | 'lazyTail'
  | 'lazyRound'
  | 'look'
  | 'atomic'
  | 'possessiveRequired'
  | 'possessiveOptional';

/** Something to try otherwise, or to undo, when matching fails. */
interface Frame {
  readonly kind: FrameKind;
  readonly at: Instruction;
  readonly position: number;
  /** The highest mark that counted; marks above it count as not set. */
  readonly lastMark: number;
  /** The marks up to it, where CPython saves them. Where it does not, stale marks stay visible, as they do there. */
  readonly marks: readonly number[] | undefined;
  readonly loop: Loop | undefined;
  /** The frame of the look or atomic group around. */
  readonly outerScope: number;
  /** The next alternative, the rounds so far, or the `lastStart` to bring back. */
  count: number;
}

const newline = 0x0a;
/** Keeps the memory of one search within some hundred megabytes, as steps keep its time. */
const maxFrames = 1_000_000;
const stop = undefined;

/** A matcher for one text after the other; the steps that `load` gives are for all searches in that text. */
export function createMatcher(program: Program): Matcher {
  let codes: CodeText['codes'] = new Uint16Array();
  let length = 0;
  let stepsLeft = 0;
  const marks = new Array<number>(2 * program.groupCount).fill(-1);
  const stack: Frame[] = [];
  let lastMark = -1;
  let loop: Loop | undefined;
  let scope = -1;
  let position = 0;

  const push = (kind: FrameKind, at: Instruction, saves: boolean, count = 0): void => {
    const saved = saves && lastMark >= 0 ? marks.slice(0, lastMark + 1) : undefined;
    if (stack.length >= maxFrames) stepsLeft = -1;
    stack.push({ kind, at, position, lastMark, marks: saved, loop, outerScope: scope, count });
  };
  const pushScope = (kind: FrameKind, at: Instruction, saves: boolean, count = 0): void => {
    push(kind, at, saves, count);
    scope = stack.length - 1;
  };
  const restore = (frame: Frame): void => {
    position = frame.position;
    lastMark = frame.lastMark;
    loop = frame.loop;
    frame.marks?.forEach((mark, at) => (marks[at] = mark));
  };
  /** Leaves a look or atomic group: whatever could be tried otherwise in it is forgotten, its marks stay. */
  const closeScope = (): Frame | undefined => {
    const frame = stack[scope];
    stack.length = scope;
    scope = frame?.outerScope ?? -1;
    loop = frame?.loop;
    return frame;
  };

  const accepts = (test: CharTest | undefined, at: number): boolean => {
    const code = codes[at];
    if (test === undefined || code === undefined) return false;
    return code < 256 ? test.low[code] === 1 : hasChar(test.ranges, code);
  };
  const countUnits = (test: CharTest | undefined, max: number): number => {
    const end = Math.min(length, position + max);
    let at = position;
    while (at < end && accepts(test, at)) at++;
    stepsLeft -= at - position;
    return at - position;
  };
  const isAt = ({ place, test }: Instruction): boolean => {
    switch (place) {
      case 'textStart':
        return position === 0;
      case 'textEnd':
        return position === length;
      case 'lineStart':
        return position === 0 || codes[position - 1] === newline;
      case 'lineEnd':
        return position === length || codes[position] === newline;
      case 'lastLineEnd':
        return position === length || (position === length - 1 && codes[position] === newline);
      case 'wordBoundary':
        return accepts(test, position - 1) !== accepts(test, position);
      case 'noWordBoundary':
        return length > 0 && accepts(test, position - 1) === accepts(test, position);
      case undefined:
        return false;
    }
  };

  const setMark = (number: number): void => {
    if (number > lastMark) {
      marks.fill(-1, lastMark + 1, number);
      lastMark = number;
    }
    marks[number] = position;
  };
  const groupBounds = (group: number): readonly [number, number] | undefined => {
    const number = 2 * (group - 1);
    const start = marks[number] ?? -1;
    const end = marks[number + 1] ?? -1;
    return number >= lastMark || start < 0 || end < start ? undefined : [start, end];
  };
  const takeGroup = ({ number, fold }: Instruction): boolean => {
    const bounds = groupBounds(number);
    if (bounds === undefined) return false;
    const [start, end] = bounds;
    stepsLeft -= end - start;
    for (let at = start; at < end; at++, position++) {
      if (position >= length) return false;
      if (foldOf(codes[at] ?? 0, fold) !== foldOf(codes[position] ?? 0, fold)) return false;
    }
    return true;
  };

  const repeatUnit = (at: Instruction): Instruction | undefined => {
    if (at.min > length - position) return stop;
    const count = countUnits(at.test, at.lazy ? at.min : at.max);
    if (count < at.min) return stop;
    if (!at.possessive) push('repeatUnit', at, loop !== undefined, count);
    position += count;
    return at.next;
  };
  /** One more round of the running loop, or what comes after it. */
  const until = (at: Instruction, running: Loop): Instruction | undefined => {
    const count = running.count + 1;
    if (count < at.min) {
      push('requiredRound', at, false);
      running.count = count;
      return at.body;
    }
    if (at.lazy) {
      push('lazyTail', at, running.outer !== undefined);
      loop = running.outer;
      return at.next;
    }
    if (count >= at.max || position === running.lastStart) return leaveLoop(at, running);
    push('optionalRound', at, true, running.lastStart);
    running.count = count;
    running.lastStart = position;
    return at.body;
  };
  const leaveLoop = (at: Instruction, running: Loop): Instruction | undefined => {
    push('leaveLoop', at, false);
    loop = running.outer;
    return at.next;
  };
  /** One more round of a possessive loop after `count` rounds; `lastStart` is where the last optional one began. */
  const possess = (at: Instruction, count: number, lastStart: number): Instruction | undefined => {
    if (count < at.min) pushScope('possessiveRequired', at, false, count);
    else if (count >= at.max || position === lastStart) return at.next;
    else pushScope('possessiveOptional', at, true, count);
    return at.body;
  };
  const endPossessiveRound = (): Instruction | undefined => {
    const frame = closeScope();
    if (frame === undefined) return stop;
    return possess(frame.at, frame.count + 1, frame.kind === 'possessiveOptional' ? frame.position : -1);
  };
  const look = (at: Instruction): Instruction | undefined => {
    if (position < at.number) return at.negated ? at.next : stop;
    pushScope('look', at, at.negated && loop !== undefined);
    position -= at.number;
    return at.body;
  };
  const endLook = ({ negated }: Instruction): Instruction | undefined => {
    const frame = closeScope();
    if (frame === undefined || negated) return stop;
    position = frame.position;
    return frame.at.next;
  };

  /** Does one instruction and gives the next one, or nothing where it fails. */
  const step = (at: Instruction): Instruction | undefined => {
    switch (at.op) {
      case 'unit':
        return accepts(at.test, position++) ? at.next : stop;
      case 'place':
        return isAt(at) ? at.next : stop;
      case 'mark':
        setMark(at.number);
        return at.next;
      case 'branch':
        push('branch', at, loop !== undefined, 1);
        return at.alternatives[0];
      case 'repeatUnit':
        return repeatUnit(at);
      case 'repeat':
        push('enterLoop', at, false);
        loop = { count: -1, lastStart: -1, outer: loop };
        return at.next;
      case 'until':
        return loop === undefined ? stop : until(at, loop);
      case 'look':
        return look(at);
      case 'lookEnd':
        return endLook(at);
      case 'atomic':
        pushScope('atomic', at, false);
        return at.body;
      case 'atomicEnd':
        return closeScope()?.at.next;
      case 'possessive':
        return possess(at, 0, -1);
      case 'possessiveEnd':
        return endPossessiveRound();
      case 'backreference':
        return takeGroup(at) ? at.next : stop;
      case 'conditional':
        return at.alternatives[groupBounds(at.number) === undefined ? 1 : 0];
      case 'success':
        return stop;
    }
  };

  /** Tries the newest frame otherwise; nothing means that it, too, has failed. */
  const retry = (frame: Frame): Instruction | undefined => {
    const { kind, at } = frame;
    switch (kind) {
      case 'branch':
        restore(frame);
        if (frame.count < at.alternatives.length) return at.alternatives[frame.count++];
        break;
      case 'repeatUnit':
        restore(frame);
        if (moveUnits(frame)) return at.next;
        break;
      case 'enterLoop':
      case 'leaveLoop':
        loop = frame.loop;
        break;
      case 'requiredRound':
      case 'lazyRound':
        loop = frame.loop;
        if (loop !== undefined) loop.count--;
        if (loop !== undefined && kind === 'lazyRound') loop.lastStart = frame.count;
        break;
      case 'optionalRound':
        restore(frame);
        stack.pop();
        if (loop === undefined) return stop;
        loop.lastStart = frame.count;
        loop.count--;
        return leaveLoop(at, loop);
      case 'lazyTail':
        restore(frame);
        stack.pop();
        return loop === undefined ? stop : lazyRound(at, loop);
      case 'look':
        scope = frame.outerScope;
        if (!at.negated) break;
        restore(frame);
        stack.pop();
        return at.next;
      case 'possessiveOptional':
        scope = frame.outerScope;
        restore(frame);
        stack.pop();
        return at.next;
      case 'atomic':
      case 'possessiveRequired':
        scope = frame.outerScope;
        break;
    }
    stack.pop();
    return stop;
  };
  /** One unit fewer, or one more for a lazy loop. */
  const moveUnits = (frame: Frame): boolean => {
    const { at } = frame;
    position += frame.count;
    if (at.lazy) {
      frame.count++;
      return frame.count <= at.max && accepts(at.test, position++);
    }
    frame.count--;
    position--;
    return frame.count >= at.min;
  };
  const lazyRound = (at: Instruction, running: Loop): Instruction | undefined => {
    if (running.count + 1 >= at.max || position === running.lastStart) return stop;
    push('lazyRound', at, false, running.lastStart);
    running.count++;
    running.lastStart = position;
    return at.body;
  };

  const load = (text: CodeText, steps: number): void => {
    ({ codes, length } = text);
    stepsLeft = steps;
  };
  const matchAt = (from: number, mustAdvance: boolean): Search => {
    position = from;
    lastMark = scope = -1;
    loop = undefined;
    stack.length = 0;
    let at: Instruction | undefined = program.start;
    for (;;) {
      if (stepsLeft-- < 0) return 'exhausted';
      if (at?.op === 'success' && !(mustAdvance && position === from)) {
        return {
          start: from,
          end: position,
          marks: marks.map((mark, number) => (number > lastMark ? -1 : mark)),
        };
      }
      if (at !== undefined) at = step(at);
      else {
        const frame = stack.at(-1);
        if (frame === undefined) return undefined;
        at = retry(frame);
      }
    }
  };
  const search = (from: number, mustAdvance: boolean): Search => {
    const end = length - program.minWidth;
    for (let at = from; at <= end; at++) {
      if (program.first !== undefined && !accepts(program.first, at)) {
        stepsLeft--;
        continue;
      }
      const found = matchAt(at, mustAdvance && at === from);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return { load, stepsLeft: () => Math.max(stepsLeft, 0), search, matchAt };
}

function foldOf(code: number, fold: Instruction['fold']): number {
  if (fold === 'none') return code;
  if (fold === 'unicode') return toLower(code);
  return code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
}
