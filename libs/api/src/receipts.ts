import { createHash } from 'node:crypto';
import { canonicalJson, Problem } from '@concord/canonical';
import { GroupCommit, rowsOf, type Database } from '@concord/database';
import { sql } from 'kysely';
import { bulkMigration } from './bulk/migrations.js';

/** The answer of an effect, kept so that the same request finds it instead of having the effect again. */
interface Receipt {
  readonly fingerprint: string;
  readonly status: number;
  readonly body: unknown;
}

interface Name {
  readonly scope: string;
  readonly key: string;
}

const idOf = ({ scope, key }: Name): string => `${scope}\n${key}`;

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
  '002-job': bulkMigration,
  '003-connector-health': `
    create table api.connector_health (
      process text not null,
      connector text not null,
      health jsonb not null,
      seen_at timestamptz not null,
      primary key (process, connector)
    );`,
  '004-credential': `
    create table api.credential (
      vendor text not null,
      kind text not null,
      digest text not null,
      since timestamptz not null,
      primary key (vendor, kind)
    );`,
  // Kept as it was answered: nothing looks into it here.
  '005-as-answered': `alter table api.receipt alter column body type json;`,
};

const RECEIPT = { scope: 'text', key: 'text', fingerprint: 'text', status: 'int', body: 'json' } as const;

/** Finance effects keep their receipts for 30 days; a run that waits for a person may be resumed that late. */
const KEPT_DAYS = 30;

/**
 * Receipts of effects, by consumer and operation (`scope`) and Idempotency-Key
 * (draft-ietf-httpapi-idempotency-key-header-07). A refusal leaves no receipt: it had no effect, and the same key may
 * succeed once the cause is mended.
 */
export class Receipts {
  private readonly inFlight = new Map<string, { fingerprint: string; receipt: Promise<Receipt> }>();
  private readonly tables;
  private readonly reads: GroupCommit<Name, Receipt | undefined>;
  private readonly writes: GroupCommit<Name & Receipt, boolean>;

  constructor(database: Database) {
    this.tables = database.$extendTables<ReceiptTables>();
    const refuse = () =>
      new Problem('upstream-unavailable', 'Too many effects wait for their receipts', { retryAfter: 1 });
    const limits = { group: 200, waiting: 10_000, refuse };
    this.reads = new GroupCommit((names) => this.readAll(names), limits);
    this.writes = new GroupCommit((receipts) => this.writeAll(receipts), limits);
  }

  /**
   * The stored answer, or that of `effect`, which is then stored. Two at once: one effect, one answer for both. Throws
   * `idempotency-mismatch` where the key was used, or is being used, with another fingerprint.
   */
  async once(
    scope: string,
    key: string,
    fingerprint: string,
    effect: () => Promise<{ status: number; body: unknown }>,
  ): Promise<Receipt & { replayed: boolean }> {
    const id = idOf({ scope, key });
    const running = this.inFlight.get(id);
    if (running) {
      refuseOther(running, fingerprint);
      return { ...(await running.receipt), replayed: true };
    }
    const receipt = this.readOrRun(scope, key, fingerprint, effect);
    this.inFlight.set(id, { fingerprint, receipt });
    try {
      return await receipt;
    } finally {
      this.inFlight.delete(id);
    }
  }

  private async readOrRun(
    scope: string,
    key: string,
    fingerprint: string,
    effect: () => Promise<{ status: number; body: unknown }>,
  ): Promise<Receipt & { replayed: boolean }> {
    const known = await this.reads.add({ scope, key });
    if (known) return replayed(known, fingerprint);
    const own: Receipt = { fingerprint, ...(await effect()) };
    if (await this.writes.add({ scope, key, ...own })) return { ...own, replayed: false };
    const first = await this.reads.add({ scope, key });
    return first ? replayed(first, fingerprint) : { ...own, replayed: false };
  }

  private async readAll(names: readonly Name[]): Promise<(Receipt | undefined)[]> {
    const { rows } = await sql<Name & Receipt>`
      select scope, key, fingerprint, status, body from api.receipt
      join unnest(${names.map(({ scope }) => scope)}::text[], ${names.map(({ key }) => key)}::text[]) as asked (scope, key)
      using (scope, key)`.execute(this.tables);
    const found = new Map(rows.map((row) => [idOf(row), row]));
    return names.map((name) => found.get(idOf(name)));
  }

  /** Whether each was the first of its name. */
  private async writeAll(receipts: readonly (Name & Receipt)[]): Promise<boolean[]> {
    const { rows } = await sql<Name>`
      insert into api.receipt (scope, key, fingerprint, status, body)
      select scope, key, fingerprint, status, body
      from ${rowsOf(RECEIPT, receipts)} as given
      on conflict do nothing
      returning scope, key`.execute(this.tables);
    const written = new Set(rows.map(idOf));
    return receipts.map((receipt) => written.has(idOf(receipt)));
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

function replayed(receipt: Receipt, fingerprint: string): Receipt & { replayed: boolean } {
  refuseOther(receipt, fingerprint);
  return { ...receipt, replayed: true };
}

function refuseOther(used: { readonly fingerprint: string }, fingerprint: string): void {
  if (used.fingerprint !== fingerprint) throw new Problem('idempotency-mismatch');
}

/** Hash of a request body that does not depend on the order of its members. */
export const fingerprintOf = (body: unknown): string =>
  createHash('sha256')
    .update(Buffer.isBuffer(body) ? body : canonicalJson(body))
    .digest('base64url');
