/** Keys by something they have in common, in the order they were put in. */
export class KeyIndex {
  private readonly keys = new Map<string, Set<string>>();

  add(name: string, key: string): void {
    const known = this.keys.get(name);
    if (known) known.add(key);
    else this.keys.set(name, new Set([key]));
  }

  delete(name: string, key: string): void {
    this.keys.get(name)?.delete(key);
  }

  of(name: string): string[] {
    return [...(this.keys.get(name) ?? [])];
  }
}
