// Files that gave no answer: nobody waits for them again until a look of its own, on the side, has come back.

/** How often they are looked at, ms. */
const reviewMs = 10_000;

export class Suspects {
  private readonly paths = new Set<string>();
  private isReviewing = false;
  private lastReview = -Infinity;

  /** `look` resolves with whether a file answers, whatever it says, within a time limit of its own; it does not throw. */
  constructor(
    private readonly look: (path: string) => Promise<boolean>,
    private readonly steady: () => number,
  ) {}

  has(path: string): boolean {
    return this.paths.has(path);
  }

  add(path: string): void {
    if (this.paths.size === 0) this.lastReview = this.steady();
    this.paths.add(path);
  }

  /** Called with each read: now and then looks at all of them, one after another. Waits for nothing. */
  review(): void {
    if (this.paths.size === 0 || this.isReviewing || this.steady() - this.lastReview < reviewMs) return;
    this.isReviewing = true;
    void this.reviewAll();
  }

  private async reviewAll(): Promise<void> {
    for (const path of [...this.paths]) if (await this.look(path)) this.paths.delete(path);
    this.lastReview = this.steady();
    this.isReviewing = false;
  }
}
