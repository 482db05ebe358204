/**
 * Work on one thing, one at a time: who looks whether something is there before he makes it must not be overtaken
 * between the two. With a database, all processes that share it take turns; without, those of this process do.
 */
import { Problem } from '@concord/canonical';
import type { Database } from '@concord/database';
import { sql } from 'kysely';

/** Connections that are held for turns at most; whoever needs another one waits. */
const HELD = 6;

/** Postgres ends a statement that waits for longer than the pool allows. */
const WAITED_TOO_LONG = '57014';

export class Turns {
  /** The last work on a thing: the next one waits for it. */
  private readonly last = new Map<string, Promise<unknown>>();
  private free = HELD;
  private readonly waiting: (() => void)[] = [];

  /** @param scope keeps the things of one system apart from those of another */
  constructor(
    private readonly scope: string,
    private readonly database?: Database,
  ) {}

  /**
   * Takes all of the things at once, so that nobody waits in a circle; whoever has a turn takes no other one. Throws
   * `upstream-unavailable` where another process does not come to an end with them.
   */
  take<T>(things: readonly string[], work: () => Promise<T>): Promise<T> {
    const names = [...new Set(things)].sort().map((thing) => `${this.scope} ${thing}`);
    const before = names.flatMap((name) => this.last.get(name) ?? []);
    const own = Promise.allSettled(before).then(() => this.amongAll(names, work));
    const ended: Promise<void> = own.then(
      () => this.forget(names, ended),
      () => this.forget(names, ended),
    );
    for (const name of names) this.last.set(name, ended);
    return own;
  }

  private forget(names: readonly string[], ended: Promise<unknown>): void {
    for (const name of names) if (this.last.get(name) === ended) this.last.delete(name);
  }

  private async amongAll<T>(names: readonly string[], work: () => Promise<T>): Promise<T> {
    const { database } = this;
    if (!database) return work();
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await locked(database, names, work);
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}

/** The locks are those of the connection, which goes with the process: nobody has to clean up after a crash. */
function locked<T>(database: Database, names: readonly string[], work: () => Promise<T>): Promise<T> {
  return database.connection().execute(async (connection) => {
    try {
      for (const name of names) await sql`select pg_advisory_lock(hashtextextended(${name}, 0))`.execute(connection);
      return await work();
    } catch (error) {
      if ((error as { code?: string }).code !== WAITED_TOO_LONG) throw error;
      throw new Problem('upstream-unavailable', 'Another process is still at work on the same', { retryAfter: 1 });
    } finally {
      for (const name of names) await sql`select pg_advisory_unlock(hashtextextended(${name}, 0))`.execute(connection);
    }
  });
}
