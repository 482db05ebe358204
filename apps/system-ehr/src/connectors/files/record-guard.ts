/** Marks the end of a record that was cut. */
export const CUT = '\u0000';

/**
 * Lets no record of a file grow beyond a limit, so that neither a line without end nor a quote that is never closed makes the
 * reader hold the rest of the file: such a record is cut and marked, and the next line is read as if nothing had been.
 */
export class RecordGuard {
  private length = 0;
  private quoted = false;
  private skipping = false;

  constructor(private readonly limit: number) {}

  /** What may pass of a piece of text. */
  pass(text: string): string {
    let passed = '';
    let at = 0;
    for (const { index: mark } of text.matchAll(/["\n]/g)) {
      const isEnd = text[mark] === '\n';
      if (this.skipping) {
        if (!isEnd) continue;
        this.skipping = false;
        at = mark + 1;
        continue;
      }
      passed += this.keep(text.slice(at, mark + 1));
      at = mark + 1;
      if (this.skipping) {
        if (isEnd) this.skipping = false;
      } else if (!isEnd) this.quoted = !this.quoted;
      else if (!this.quoted) this.length = 0;
    }
    return this.skipping ? passed : passed + this.keep(text.slice(at));
  }

  private keep(text: string): string {
    this.length += text.length;
    if (this.length <= this.limit) return text;
    const end = `${CUT}${this.quoted ? '"' : ''}\n`;
    this.length = 0;
    this.quoted = false;
    this.skipping = true;
    return end;
  }
}
