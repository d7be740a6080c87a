// What the engine's thread asks of the match worker, and what it gets.
import type { MatchRequest, MatchResult } from '../ports';

/** The worker's data. */
export interface MatchWorkerData {
  readonly budgetMs: number;
}

export interface MatchCall extends MatchRequest {
  readonly kind: 'match';
}

export interface MatchAnswers {
  readonly match: readonly MatchResult[];
}
