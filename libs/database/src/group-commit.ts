/**
 * One transaction for all that arrives while the last one commits. Every `add` resolves when its own item is durable;
 * the busier it gets, the larger the groups, and the cheaper each item. An item that makes its group fail is found by
 * committing the group's items one by one, so that it takes no other down.
 */
export class GroupCommit<Item, Result = void> {
  private readonly waiting: Waiting<Item, Result>[] = [];
  private working: Promise<void> | undefined;

  /**
   * @param commit makes the items durable in one transaction, and gives one result for each, in order
   * @param limits items a transaction, and items waiting at most; the next one is refused by `refuse`
   */
  constructor(
    private readonly commit: (items: readonly Item[]) => Promise<readonly Result[]>,
    private readonly limits: GroupLimits,
  ) {}

  add(item: Item): Promise<Result> {
    if (this.waiting.length >= this.limits.waiting) return Promise.reject(this.limits.refuse());
    const done = new Promise<Result>((resolve, reject) => this.waiting.push({ item, resolve, reject }));
    this.working ??= this.work();
    return done;
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.working) await this.working;
  }

  private async work(): Promise<void> {
    await new Promise(setImmediate); // let the rest of this turn of the event loop join
    const { group, paceMs = PACE_MS } = this.limits;
    while (this.waiting.length) {
      const together = this.waiting.splice(0, group);
      const began = performance.now();
      await this.settle(together);
      const rest = paceMs - (performance.now() - began);
      if (rest > 0 && together.length > 1) await new Promise((resolve) => setTimeout(resolve, rest));
    }
    this.working = undefined;
  }

  private async settle(group: Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.commit(group.map(({ item }) => item));
      group.forEach(({ resolve }, i) => resolve(results[i] as Result));
    } catch (error) {
      if (group.length === 1) group[0]!.reject(error);
      else for (const one of group) await this.settle([one]);
    }
  }
}

const PACE_MS = 4;

interface GroupLimits {
  readonly group: number;
  readonly waiting: number;
  readonly refuse: () => Error;
  /**
   * Under load a group begins so many milliseconds after the one before, so that more can join; a lone item, as at low
   * load, never waits for company. 4 where nothing is said.
   */
  readonly paceMs?: number;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}
