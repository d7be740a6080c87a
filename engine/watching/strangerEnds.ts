// How jobs have ended that the books do not have, and whose outputs somebody follows.
import { toJobEndState, type JobEndState } from '../../language/jobStates';
import type { JobReport } from '../ports';

/** A job that is missing from this many answers in a row has ended, nobody knows how. */
const maxMissing = 2;

export class StrangerEnds {
  private readonly ends = new Map<string, JobEndState | null>();
  private readonly missing = new Map<string, number>();

  /** What the scheduler said of these jobs; of silent ones nobody could say anything. Others are forgotten. */
  note(ids: readonly string[], reports: readonly JobReport[], silent: readonly string[]): void {
    this.ends.clear();
    for (const id of [...this.missing.keys()]) if (!ids.includes(id)) this.missing.delete(id);
    for (const id of ids) {
      if (silent.includes(id)) continue;
      const report = reports.find((known) => known.id === id);
      const count = report ? 0 : (this.missing.get(id) ?? 0) + 1;
      this.missing.set(id, count);
      const endState = report ? toJobEndState(report.state) : null;
      if (endState !== null || count >= maxMissing) this.ends.set(id, endState);
    }
  }

  /** Undefined while it has not ended. */
  find(id: string): { readonly endState: JobEndState | null } | undefined {
    const endState = this.ends.get(id);
    return endState === undefined ? undefined : { endState };
  }
}
