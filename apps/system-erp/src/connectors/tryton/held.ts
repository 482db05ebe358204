/** What hardly ever changes in Tryton: once found it is kept for a minute, as the structure of the books is. */
const FRESH_MS = 60_000;
const MOST = 1_000;

export class Held<T> {
  private readonly found = new Map<string, { readonly value: T; readonly since: number }>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** What is not there is looked for again at every call. */
  async get(name: string, find: () => Promise<T | undefined>): Promise<T | undefined> {
    const held = this.found.get(name);
    if (held && this.now() - held.since < FRESH_MS) return held.value;
    this.found.delete(name);
    const value = await find();
    if (value === undefined) return undefined;
    if (this.found.size >= MOST) this.found.delete(this.found.keys().next().value!);
    this.found.set(name, { value, since: this.now() });
    return value;
  }
}
