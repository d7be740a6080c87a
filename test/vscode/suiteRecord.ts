// What the suite in the extension host tells its runner, one line each.

export type SuiteRecord =
  | { readonly kind: 'test'; readonly title: string }
  | { readonly kind: 'pass'; readonly title: string }
  | { readonly kind: 'fail'; readonly title: string; readonly reason: string }
  | { readonly kind: 'end'; readonly failures: number };
