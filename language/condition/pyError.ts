// The exceptions of conditions: Python's, and ours for what is beyond the bounds.

/** A Python exception; `type` is its name, or LimitError where our bounds refuse. */
export class PyError extends Error {
  constructor(
    readonly type: string,
    message: string,
    /** Where in the source, in UTF-16 units; filled in by the evaluator. */
    public offset = -1,
  ) {
    super(message);
  }
}

/** The work that an evaluation may do is used up. */
export class WorkError extends PyError {
  constructor() {
    super('LimitError', 'the condition needs too much work on a text or list of this length');
  }
}
