import { canonicalJson, DEFAULT_PAGE_SIZE, toPage, type ChangesQuery, type Page } from '@concord/canonical';
import type { Database } from '@concord/database';
import type { Vault } from '@concord/events';
import { sql, type RawBuilder } from 'kysely';
import { startOfCodes } from '../../page-start.js';
import type { Kind, Versioned } from './kind.js';

interface Row {
  readonly id: string;
  readonly revision: number;
  readonly changed_at: Date;
  readonly body: Record<string, unknown>;
  readonly sealed: Buffer | null;
}

/** What is kept of a resource; revision and time of the change are columns of their own. */
export type Body<T extends Versioned> = Omit<T, 'revision' | 'changedAt'>;

/** The table behind the record, in the schema of its connector. Identifiers sort by their bytes, as tokens of pages do. */
export const recordMigration = (schema: string): string => `
  create table ${schema}.record (
    kind text not null,
    id text collate "C" not null,
    revision bigint not null,
    changed_at timestamptz not null,
    body jsonb not null,
    sealed bytea,
    digest text not null,
    business_key text,
    primary key (kind, id),
    unique (kind, business_key)
  );
  create index record_changed on ${schema}.record (kind, changed_at);
  create index record_body on ${schema}.record using gin (body jsonb_path_ops);
  create sequence ${schema}.record_number start 2001;`;

/**
 * Resources of any kind in one table, in the words of the canonical shapes. What nobody but its owner should read is
 * sealed. Every method takes the connection or transaction that it works in.
 */
export class RecordStore {
  private readonly table: RawBuilder<unknown>;

  constructor(
    private readonly schema: string,
    private readonly vault: Vault,
  ) {
    this.table = sql.table(`${schema}.record`);
  }

  /** @param lock nobody else changes it until the transaction ends */
  async read<T extends Versioned>(db: Database, kind: Kind<T>, id: string, lock = false): Promise<T | undefined> {
    const { rows } = await sql<Row>`
      select id, revision, changed_at, body, sealed from ${this.table} where kind = ${kind.name} and id = ${id}
      ${lock ? sql`for update` : sql``}`.execute(db);
    return rows[0] && this.toResource(kind, rows[0]);
  }

  /** @param more a further condition on `body` */
  async list<T extends Versioned>(
    db: Database,
    kind: Kind<T>,
    query: ChangesQuery,
    more: RawBuilder<unknown> = sql``,
  ): Promise<Page<T>> {
    const size = query.page_size ?? DEFAULT_PAGE_SIZE;
    const after = startOfCodes(query.page_token);
    const asked = membersAsked(kind, query);
    const { rows } = await sql<Row>`
      select id, revision, changed_at, body, sealed from ${this.table} as record where kind = ${kind.name}
      ${after === undefined ? sql`` : sql`and id > ${after}`}
      ${asked === undefined ? sql`` : sql`and body @> ${asked}::jsonb`}
      ${query.changed_since === undefined ? sql`` : sql`and changed_at >= ${query.changed_since}`}
      ${more}
      order by id limit ${size + 1}`.execute(db);
    return toPage(
      rows,
      size,
      ({ id }) => id,
      (row) => this.toResource(kind, row),
    );
  }

  async ofBusinessKey<T extends Versioned>(db: Database, kind: Kind<T>, key: string): Promise<T | undefined> {
    const { rows } = await sql<Row>`
      select id, revision, changed_at, body, sealed from ${this.table}
      where kind = ${kind.name} and business_key = ${key}`.execute(db);
    return rows[0] && this.toResource(kind, rows[0]);
  }

  /** A new one; undefined where the business key, or the identifier, is there already. */
  async add<T extends Versioned>(
    db: Database,
    kind: Kind<T>,
    body: Body<T>,
    at: Date,
    businessKey: string | null = null,
  ): Promise<T | undefined> {
    const { open, sealed, digest } = this.parted(kind, body);
    const { rows } = await sql<Row>`
      insert into ${this.table} (kind, id, revision, changed_at, body, sealed, digest, business_key)
      values (${kind.name}, ${body.id}, 1, ${at}, ${open}::jsonb, ${sealed}, ${digest}, ${businessKey})
      on conflict do nothing returning id, revision, changed_at, body, sealed`.execute(db);
    return rows[0] && this.toResource(kind, rows[0]);
  }

  /** Another state of one that was read with `lock`. */
  async replace<T extends Versioned>(db: Database, kind: Kind<T>, body: Body<T>, at: Date): Promise<T> {
    const { open, sealed, digest } = this.parted(kind, body);
    const { rows } = await sql<Row>`
      update ${this.table} set revision = revision + 1, changed_at = ${at}, body = ${open}::jsonb, sealed = ${sealed},
        digest = ${digest}
      where kind = ${kind.name} and id = ${body.id}
      returning id, revision, changed_at, body, sealed`.execute(db);
    return this.toResource(kind, rows[0]!);
  }

  /** Many at once: those that are not known yet. Gives those that were written. */
  addAll<T extends Versioned>(db: Database, kind: Kind<T>, bodies: readonly Body<T>[], at: Date): Promise<T[]> {
    return this.putAll(db, kind, bodies, at, sql`do nothing`);
  }

  /** Many at once: those that are new, or say something else than what is known. Gives those that were written. */
  merge<T extends Versioned>(db: Database, kind: Kind<T>, bodies: readonly Body<T>[], at: Date): Promise<T[]> {
    const update = sql`(kind, id) do update
      set revision = known.revision + 1, changed_at = excluded.changed_at, body = excluded.body,
        sealed = excluded.sealed, digest = excluded.digest
      where known.digest <> excluded.digest`;
    return this.putAll(db, kind, bodies, at, update);
  }

  private async putAll<T extends Versioned>(
    db: Database,
    kind: Kind<T>,
    bodies: readonly Body<T>[],
    at: Date,
    onConflict: RawBuilder<unknown>,
  ): Promise<T[]> {
    if (!bodies.length) return [];
    const parts = bodies.map((body) => {
      const { open, sealed, digest } = this.parted(kind, body);
      return {
        id: body.id,
        body: JSON.parse(open) as object,
        sealed: sealed && `\\x${sealed.toString('hex')}`,
        digest,
      };
    });
    const { rows } = await sql<Row>`
      insert into ${this.table} as known (kind, id, revision, changed_at, body, sealed, digest)
      select ${kind.name}, id, 1, ${at}, body, sealed, digest
      from jsonb_to_recordset(${JSON.stringify(parts)}::jsonb) as told (id text, body jsonb, sealed bytea, digest text)
      on conflict ${onConflict}
      returning id, revision, changed_at, body, sealed`.execute(db);
    return rows.map((row) => this.toResource(kind, row));
  }

  /** Those of these identifiers are no more. */
  async remove(db: Database, kind: Kind<never>, ids: readonly string[]): Promise<void> {
    await sql`delete from ${this.table} where kind = ${kind.name} and id = any(${ids}::text[])`.execute(db);
  }

  /** How many there are. */
  async count(db: Database, kind: Kind<never>, more: RawBuilder<unknown> = sql``): Promise<number> {
    const { rows } = await sql<{ found: number }>`
      select count(*)::int as found from ${this.table} as record where kind = ${kind.name} ${more}`.execute(db);
    return rows[0]!.found;
  }

  /** `W-2001`: an identifier that nobody has. */
  async nextId(db: Database, kind: Kind<never>): Promise<string> {
    const name = `${this.schema}.record_number`;
    const { rows } = await sql<{ number: number }>`select nextval(${name}::regclass) as number`.execute(db);
    return `${kind.prefix}-${rows[0]!.number}`;
  }

  private toResource<T extends Versioned>(kind: Kind<T>, { id, revision, changed_at, body, sealed }: Row): T {
    const hidden = sealed && (JSON.parse(this.vault.open(sealed, this.placeOf(kind, id)).toString('utf8')) as object);
    return { ...body, ...hidden, id, revision: String(revision), changedAt: changed_at.toISOString() } as T;
  }

  private parted<T extends Versioned>(
    kind: Kind<T>,
    body: Body<T>,
  ): { open: string; sealed: Buffer | null; digest: string } {
    const { revision: _revision, changedAt: _changedAt, ...members } = body as T;
    const entries = Object.entries(members).filter(([, value]) => value !== undefined);
    const isSealed = ([name]: [string, unknown]) => kind.sealed.some((member) => member === name);
    const hidden = Object.fromEntries(entries.filter(isSealed));
    return {
      open: JSON.stringify(Object.fromEntries(entries.filter((entry) => !isSealed(entry)))),
      sealed: Object.keys(hidden).length ? this.vault.seal(JSON.stringify(hidden), this.placeOf(kind, body.id)) : null,
      digest: this.vault.digest(canonicalJson(Object.fromEntries(entries))),
    };
  }

  /** A sealed value opens only in its own row. */
  private placeOf(kind: Kind<never>, id: string): string {
    return `${this.schema}.${kind.name}.${id}`;
  }
}

function membersAsked<T extends Versioned>({ filters }: Kind<T>, query: object): string | undefined {
  const asked = Object.entries(query).flatMap(([name, value]) => {
    const member = filters[name];
    return member === undefined || value === undefined ? [] : [[member, value] as const];
  });
  return asked.length ? JSON.stringify(Object.fromEntries(asked)) : undefined;
}
