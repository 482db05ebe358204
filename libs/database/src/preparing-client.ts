import pg from 'pg';

/** Statements that a connection keeps at most; whatever comes after them is planned each time. */
const KEPT = 200;
/** Texts that are counted at most, so that statements of ever other lengths cannot fill the memory. */
const COUNTED = 2000;
/** From the third time on a statement is kept. */
const TIMES = 3;
/** `feature_not_supported`, here: "cached plan must not change result type", after a table was changed. */
const STALE_PLAN = '0A000';

type Names = Map<string, string>;

/**
 * A connection on which Postgres parses and plans a statement once, instead of each time, where it comes again and again.
 * Whose tables were changed under it, by a newer Concord beside this one, fails once and is then replaced.
 */
export class PreparingClient extends pg.Client {
  private static readonly times = new Map<string, number>();
  private static readonly names: Names = new Map();

  // `pg` declares a dozen ways to call this; all but the one with text and values go on as they are.
  override query(...args: unknown[]): never {
    const [text, values] = args;
    const name =
      typeof text === 'string' && Array.isArray(values) && values.length ? PreparingClient.nameOf(text) : undefined;
    const all = name ? [{ name, text, values }, ...args.slice(2)] : args;
    const result = (super.query as (...all: unknown[]) => unknown).apply(this, all);
    if (name && result instanceof Promise) result.catch((error: unknown) => this.leaveIfStale(error));
    return result as never;
  }

  private leaveIfStale(error: unknown): void {
    if ((error as { code?: string }).code === STALE_PLAN) void this.end().catch(() => undefined);
  }

  private static nameOf(text: string): string | undefined {
    const { names, times } = PreparingClient;
    const known = names.get(text);
    if (known || names.size >= KEPT) return known;
    const seen = (times.get(text) ?? 0) + 1;
    if (seen < TIMES) {
      if (times.size < COUNTED || seen > 1) times.set(text, seen);
      return undefined;
    }
    times.delete(text);
    const name = `concord_${names.size}`;
    names.set(text, name);
    return name;
  }
}
