// Waits for a condition with a deadline: tests never wait for a time.

/** Asks `look` until it gives something; throws with `what` after the deadline. */
export async function waitFor<Value>(
  what: string,
  look: () => Value | undefined | false | null | Promise<Value | undefined | false | null>,
  deadlineMs = 20_000,
): Promise<Value> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false && value !== null) return value;
    if (performance.now() > end) throw new Error(`Still not after ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
