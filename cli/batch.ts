// Bulk mode: one JSON object a line comes in, one answer a line goes out, in order and at once.
import { fits, record, text } from '../engine/shapes';
import { readLines, type InputPlace } from './input';
import type { ExitCode, Output } from './output';

export type BatchRequest = Readonly<Record<string, unknown>>;

/** A line that is no request of the command; the others are answered all the same. */
export class BadRequest extends Error {}

export interface Batch {
  /** Throws BadRequest. */
  readonly answer: (request: BatchRequest) => object;
  /** The shape in which this command says that a line is no request. */
  readonly refuse: (message: string) => object;
}

/** 1 where a line was no request; lines without text are passed over. */
export async function runBatch(
  { answer, refuse }: Batch,
  { input, output }: InputPlace & { readonly output: Output },
): Promise<ExitCode> {
  let code: ExitCode = 0;
  for await (const line of readLines(input)) {
    if (line.trim() === '') continue;
    try {
      output.json(answer(parseRequest(line)));
    } catch (error) {
      code = 1;
      const message = error instanceof Error ? error.message : String(error);
      output.json(refuse(error instanceof BadRequest ? message : `Unexpected: ${message}`));
    }
  }
  return code;
}

function parseRequest(line: string): BatchRequest {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new BadRequest(`This line is not valid JSON: ${error instanceof Error ? error.message : ''}`);
  }
  if (!fits(record, value)) throw new BadRequest('A request is a JSON object.');
  return value;
}

/** A member of a request that is text. */
export function textOf(request: BatchRequest, name: string): string {
  const value = request[name];
  if (fits(text, value)) return value;
  throw new BadRequest(
    value === undefined
      ? `The request has no "${name}".`
      : `"${name}" of the request is not text: ${JSON.stringify(value)}.`,
  );
}
