/**
 * One pool of connections to Postgres, with Kysely on top. A `Database` knows no tables by itself: every store names its
 * own (a `type`, Kysely takes no interface here), and a transaction opened on the `Database` goes from store to store:
 *
 * ```ts
 * type ReceiptTables = { 'receipts.receipt': { key: string; result: string } };
 *
 * class ReceiptStore {
 *   async keep(db: Database, receipt: Receipt) {
 *     await db.$extendTables<ReceiptTables>().insertInto('receipts.receipt').values(receipt).execute();
 *   }
 * }
 * await db.transaction().execute(async (tx) => {
 *   await receipts.keep(tx, receipt);
 *   await events.append(tx, event);
 * });
 * ```
 *
 * How values come back is in `column-types.ts`. Close with `await db.destroy()`.
 */
import { Kysely } from 'kysely';
import pg from 'pg';
import { columnTypes } from './column-types.js';
import { PipeliningDialect } from './pipeline.js';
import { PreparingClient } from './preparing-client.js';

/** A connection pool or a transaction in it, before a store names its tables with `$extendTables<…>()`. */
export type Database = Kysely<Record<never, never>>;

export interface DatabaseOptions {
  /** Connections at most; the next caller waits, and fails after 10 s. */
  readonly max?: number;
  /** How the connections are called in `pg_stat_activity`. */
  readonly name?: string;
  /** Milliseconds after which Postgres ends a statement; 0 is never. */
  readonly statementTimeout?: number;
}

/** Opens nothing yet: the first query connects. A lost connection fails the query that uses it and is then replaced. */
export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const { max = 20, name = 'concord', statementTimeout = 30_000 } = options;
  const pool = new pg.Pool({
    Client: PreparingClient,
    connectionString: url,
    max,
    application_name: name,
    statement_timeout: statementTimeout,
    idle_in_transaction_session_timeout: 60_000,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    pipeline: true,
    types: columnTypes,
  });
  // Node ends the process on an `error` event that nobody hears. An idle client reports through the pool, a client
  // that was lent out reports by itself; in both cases the next query learns of it, so there is nothing to do here.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return new Kysely({ dialect: new PipeliningDialect({ pool }) });
}
