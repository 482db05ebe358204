/** Calls under way by what they do: the same asked again meanwhile gets the answer of the first. In this process only. */
export class Once {
  private readonly underWay = new Map<string, Promise<unknown>>();

  /** @param what names the call and what it answers; the same name is the same call */
  run<T>(what: string, work: () => Promise<T>): Promise<T> {
    const first = this.underWay.get(what) as Promise<T> | undefined;
    if (first) return first;
    const own = work().finally(() => this.underWay.delete(what));
    this.underWay.set(what, own);
    return own;
  }
}
