// What the engine's thread and the match worker say to each other.
import type { MatchRequest, MatchResult } from '../ports';

export interface MatchOrder {
  readonly id: number;
  readonly request: MatchRequest;
  readonly budgetMs: number;
}

export type MatchReply =
  | { readonly id: number; readonly results: readonly MatchResult[] }
  | { readonly id: number; readonly error: string };
