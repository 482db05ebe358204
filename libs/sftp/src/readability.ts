/**
 * Whether what a mailbox lists can be read: a folder may answer while every read of a file breaks off. A file that fails
 * while others are read is a matter of that file.
 */
export class Readability {
  /** Files that lie there and whose last read broke off; and whether others were read since it first did. */
  private readonly broken = new Map<string, boolean>();

  /** @param tell why nothing can be read, in words; nothing once something can */
  constructor(private readonly tell: (failure?: string) => void) {}

  /** What is not there any more keeps nobody from reading. */
  listed(names: readonly string[]): void {
    const there = new Set(names);
    for (const name of this.broken.keys()) if (!there.has(name)) this.broken.delete(name);
    if ([...this.broken.values()].every((isItself) => isItself)) this.tell();
  }

  read(name: string): void {
    this.broken.delete(name);
    for (const other of this.broken.keys()) this.broken.set(other, true);
    this.tell();
  }

  brokeOff(name: string, reason: string): void {
    const isItself = this.broken.get(name) ?? false;
    this.broken.set(name, isItself);
    if (!isItself) this.tell(`files are listed but cannot be read: ${reason}`);
  }
}
