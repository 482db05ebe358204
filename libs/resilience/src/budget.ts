/**
 * How many repetitions a target may be given, over all calls to it. Repetitions help against a hiccup and finish off a
 * target that is down; the budget keeps the extra load at a tenth. A token bucket: every call pays in a share of a
 * repetition, and so does every second, so that a target which is called rarely can be tried again too.
 */
export interface BudgetLimits {
  /** Repetitions earned by one call. */
  readonly share: number;
  /** Repetitions earned by one second. */
  readonly perSecond: number;
  /** The most that can be saved, and what there is at the start. */
  readonly reserve: number;
}

export const BUDGET: BudgetLimits = { share: 0.1, perSecond: 0.5, reserve: 10 };

/** Never spends more than `reserve + share × calls + perSecond × seconds`. */
export class RetryBudget {
  private saved: number;
  private paidUntil: number;

  constructor(
    private readonly now: () => number,
    private readonly limits: BudgetLimits = BUDGET,
  ) {
    this.saved = limits.reserve;
    this.paidUntil = now();
  }

  /** To be told of every call, whether it succeeds or not. */
  earn(): void {
    this.pay(this.limits.share);
  }

  /** Takes one repetition; false where none is left. */
  spend(): boolean {
    const now = this.now();
    this.pay(((now - this.paidUntil) / 1_000) * this.limits.perSecond);
    this.paidUntil = now;
    if (this.saved < 1) return false;
    this.saved -= 1;
    return true;
  }

  private pay(amount: number): void {
    this.saved = Math.min(this.limits.reserve, this.saved + amount);
  }
}
