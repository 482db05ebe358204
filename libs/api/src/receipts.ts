import { createHash } from 'node:crypto';
import { Problem } from '@concord/canonical';
import type { Database } from '@concord/database';

/** The answer of an effect, kept so that the same request finds it instead of having the effect again. */
interface Receipt {
  readonly fingerprint: string;
  readonly status: number;
  readonly body: unknown;
}

type ReceiptTables = {
  'api.receipt': {
    scope: string;
    key: string;
    fingerprint: string;
    status: number;
    body: string | null;
    created_at?: Date;
  };
};

export const receiptMigrations = {
  '001-receipt': `
    create schema if not exists api;
    create table api.receipt (
      scope text not null,
      key text not null,
      fingerprint text not null,
      status int not null,
      body jsonb,
      created_at timestamptz not null default now(),
      primary key (scope, key)
    );
    create index receipt_age on api.receipt (created_at);`,
};

/** Finance effects keep their receipts for 30 days; a run that waits for a person may be resumed that late. */
const KEPT_DAYS = 30;

/**
 * Receipts of effects, by consumer and operation (`scope`) and Idempotency-Key
 * (draft-ietf-httpapi-idempotency-key-header-07). A refusal leaves no receipt: it had no effect, and the same key may
 * succeed once the cause is mended.
 */
export class Receipts {
  private readonly inFlight = new Map<string, Promise<Receipt>>();
  private readonly tables;

  constructor(database: Database) {
    this.tables = database.$extendTables<ReceiptTables>();
  }

  /** The stored answer, or that of `effect`, which is then stored. Two at once: one effect, one answer for both. */
  async once(
    scope: string,
    key: string,
    fingerprint: string,
    effect: () => Promise<{ status: number; body: unknown }>,
  ): Promise<Receipt & { replayed: boolean }> {
    const id = `${scope}\n${key}`;
    const running = this.inFlight.get(id);
    if (running) return { ...same(await running, fingerprint), replayed: true };
    const stored = this.readOrRun(scope, key, fingerprint, effect);
    const receipt = stored.then((answer) => answer.receipt);
    receipt.catch(() => undefined); // awaited below; a joined caller gets its own rejection
    this.inFlight.set(id, receipt);
    try {
      const { receipt: answer, replayed } = await stored;
      return { ...same(answer, fingerprint), replayed };
    } finally {
      this.inFlight.delete(id);
    }
  }

  private async readOrRun(
    scope: string,
    key: string,
    fingerprint: string,
    effect: () => Promise<{ status: number; body: unknown }>,
  ): Promise<{ receipt: Receipt; replayed: boolean }> {
    const known = await this.read(scope, key);
    if (known) return { receipt: known, replayed: true };
    const { status, body } = await effect();
    const row = { scope, key, fingerprint, status, body: body === undefined ? null : JSON.stringify(body) };
    const inserted = await this.tables
      .insertInto('api.receipt')
      .values(row)
      .onConflict((conflict) => conflict.columns(['scope', 'key']).doNothing())
      .executeTakeFirst();
    const first = inserted.numInsertedOrUpdatedRows === 0n ? await this.read(scope, key) : undefined;
    return { receipt: first ?? { fingerprint, status, body }, replayed: first !== undefined };
  }

  private async read(scope: string, key: string): Promise<Receipt | undefined> {
    return this.tables
      .selectFrom('api.receipt')
      .select(['fingerprint', 'status', 'body'])
      .where('scope', '=', scope)
      .where('key', '=', key)
      .executeTakeFirst();
  }

  /** Removes receipts past their time, a bounded number a call. */
  async forget(limit = 5000): Promise<void> {
    const old = this.tables
      .selectFrom('api.receipt')
      .select(['scope', 'key'])
      .where('created_at', '<', new Date(Date.now() - KEPT_DAYS * 86_400_000))
      .limit(limit);
    await this.tables
      .deleteFrom('api.receipt')
      .where((row) => row(row.refTuple('scope', 'key'), 'in', old.$asTuple('scope', 'key')))
      .execute();
  }
}

function same(receipt: Receipt, fingerprint: string): Receipt {
  if (receipt.fingerprint === fingerprint) return receipt;
  throw new Problem('idempotency-mismatch');
}

/** Hash of a request body that does not depend on the order of its members. */
export const fingerprintOf = (body: unknown): string =>
  createHash('sha256')
    .update(Buffer.isBuffer(body) ? body : canonicalJson(body))
    .digest('base64url');

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join()}}`;
}
