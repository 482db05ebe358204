/**
 * What a connector keeps by itself, because the platform behind does not: whole documents by kind and identifier, each with
 * its revision. A page is read in the order of the identifiers.
 */
import {
  DEFAULT_PAGE_SIZE,
  pagePosition,
  Problem,
  refuseStale,
  toPage,
  type Backorder,
  type CatalogueChange,
  type ChangesQuery,
  type OrderConfirmation,
  type Page,
  type ParLevel,
  type ReceivedInvoice,
  type ShipmentNotice,
  type SupplierItem,
  type SupplierStock,
  type SupplyContract,
  type SupplyOrder,
  type SupplyRequisition,
} from '@concord/canonical';
import type { Clock } from '@concord/api';
import type { Database } from '@concord/database';
import { sql } from 'kysely';

/** Every kind with its shape. */
export interface Kinds {
  'supplier-item': SupplierItem;
  'supplier-stock': SupplierStock;
  'catalogue-change': CatalogueChange;
  contract: SupplyContract;
  'par-level': ParLevel;
  requisition: SupplyRequisition;
  order: SupplyOrder;
  confirmation: OrderConfirmation;
  shipment: ShipmentNotice;
  backorder: Backorder;
  'received-invoice': ReceivedInvoice;
}

export type Kind = keyof Kinds;
/** A document without what the store adds to it. */
export type Body<K extends Kind> = Omit<Kinds[K], 'id' | 'revision' | 'changedAt'>;

/** Kinds of which people change something, and which therefore carry a revision. */
const REVISED: ReadonlySet<Kind> = new Set([
  'supplier-item',
  'contract',
  'par-level',
  'requisition',
  'order',
  'received-invoice',
]);

interface Row {
  id: string;
  body: object;
  revision: string;
  changed_at: Date;
}

const isText = (value: unknown): boolean => typeof value === 'string';

export class Documents {
  constructor(
    private readonly database: Database,
    private readonly schema: string,
    private readonly clock: Clock,
  ) {}

  /** The same store inside a transaction. */
  within(tx: Database): Documents {
    return new Documents(tx, this.schema, this.clock);
  }

  /** The database, or the transaction that this store is in: for what is kept beside the documents. */
  get connection(): Database {
    return this.database;
  }

  /** All that the work writes, or nothing of it. */
  transaction<T>(work: (documents: Documents) => Promise<T>): Promise<T> {
    return this.database.transaction().execute((tx) => work(this.within(tx)));
  }

  /** The next number of this store, as `SR-000001`; numbers of work that failed are left out. */
  async nextNumber(prefix: string): Promise<string> {
    const sequence = `${this.schema}.document_number`;
    const { rows } = await sql<{ number: string }>`select nextval(${sequence})::text as number`.execute(this.database);
    return `${prefix}-${(rows[0]?.number ?? '').padStart(6, '0')}`;
  }

  /** Keeps a new one; where the business key is known, the first one is the answer. Throws `conflict` for an id that is taken. */
  async add<K extends Kind>(kind: K, id: string, businessKey: string | undefined, body: Body<K>): Promise<Kinds[K]> {
    const { rows } = await sql<Row>`
      insert into ${this.table} (kind, id, business_key, body, changed_at)
      values (${kind}, ${id}, ${businessKey ?? null}, ${JSON.stringify(body)}::jsonb, ${this.clock()})
      on conflict do nothing returning id, body, revision::text, changed_at`.execute(this.database);
    if (rows[0]) return toDocument(kind, rows[0]);
    const first = businessKey === undefined ? undefined : await this.findByBusinessKey(kind, businessKey);
    if (first) return first;
    throw new Problem('conflict', `This ${kind} is there already`, { context: { [kind]: id } });
  }

  /** Keeps it, whether there was one or not; what is the same as before is no change. */
  async put<K extends Kind>(kind: K, id: string, body: Body<K>): Promise<void> {
    await sql`
      insert into ${this.table} as document (kind, id, body, changed_at)
      values (${kind}, ${id}, ${JSON.stringify(body)}::jsonb, ${this.clock()})
      on conflict (kind, id) do update
      set body = excluded.body, revision = document.revision + 1, changed_at = excluded.changed_at
      where document.body <> excluded.body`.execute(this.database);
  }

  async remove(kind: Kind, id: string): Promise<void> {
    await sql`delete from ${this.table} where kind = ${kind} and id = ${id}`.execute(this.database);
  }

  async find<K extends Kind>(kind: K, id: string): Promise<Kinds[K] | undefined> {
    const { rows } = await sql<Row>`
      select id, body, revision::text, changed_at from ${this.table} where kind = ${kind} and id = ${id}`.execute(
      this.database,
    );
    return rows[0] && toDocument(kind, rows[0]);
  }

  async findByBusinessKey<K extends Kind>(kind: K, businessKey: string): Promise<Kinds[K] | undefined> {
    const { rows } = await sql<Row>`
      select id, body, revision::text, changed_at from ${this.table}
      where kind = ${kind} and business_key = ${businessKey}`.execute(this.database);
    return rows[0] && toDocument(kind, rows[0]);
  }

  /** Throws `not-found`. */
  async read<K extends Kind>(kind: K, id: string): Promise<Kinds[K]> {
    const document = await this.find(kind, id);
    if (!document) throw new Problem('not-found', `There is no such ${kind}`);
    return document;
  }

  /**
   * Changes one under its lock; `undefined` leaves it as it is.
   * @param expected the revision that the change was decided on; any where it is not given
   */
  async change<K extends Kind>(
    kind: K,
    id: string,
    change: (document: Kinds[K]) => Body<K> | undefined,
    expected = '*',
  ): Promise<Kinds[K]> {
    return this.locked(async (tx) => {
      const { rows } = await sql<Row>`
        select id, body, revision::text, changed_at from ${this.table}
        where kind = ${kind} and id = ${id} for update`.execute(tx);
      const row = rows[0];
      if (!row) throw new Problem('not-found', `There is no such ${kind}`);
      refuseStale(expected, row.revision);
      const body = change(toDocument(kind, row));
      if (!body) return toDocument(kind, row);
      const changed = await sql<Row>`
        update ${this.table} set body = ${JSON.stringify(bare(body))}::jsonb, revision = revision + 1,
          changed_at = ${this.clock()}
        where kind = ${kind} and id = ${id} returning id, body, revision::text, changed_at`.execute(tx);
      return toDocument(kind, changed.rows[0] as Row);
    });
  }

  /** @param asked fields of the body with the value that they must have; what is undefined is not asked */
  async list<K extends Kind>(
    kind: K,
    query: ChangesQuery,
    asked: Readonly<Record<string, string | undefined>> = {},
    also = sql<boolean>`true`,
  ): Promise<Page<Kinds[K]>> {
    const { page_token, page_size = DEFAULT_PAGE_SIZE, changed_since } = query;
    const after = pagePosition<string>(page_token, isText) ?? '';
    const like = JSON.stringify(Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)));
    const { rows } = await sql<Row>`
      select id, body, revision::text, changed_at from ${this.table}
      where kind = ${kind} and id > ${after} and body @> ${like}::jsonb
        and (${changed_since ?? null}::timestamptz is null or changed_at >= ${changed_since ?? null}::timestamptz)
        and ${also}
      order by id limit ${page_size + 1}`.execute(this.database);
    return toPage(
      rows,
      page_size,
      ({ id }) => id,
      (row) => toDocument(kind, row),
    );
  }

  private get table() {
    return sql.table(`${this.schema}.document`);
  }

  private locked<T>(work: (tx: Database) => Promise<T>): Promise<T> {
    return this.database.isTransaction ? work(this.database) : this.database.transaction().execute(work);
  }
}

const bare = ({ id: _id, revision: _revision, changedAt: _changedAt, ...body }: Record<string, unknown>) => body;

function toDocument<K extends Kind>(kind: K, { id, body, revision, changed_at }: Row): Kinds[K] {
  const revised = REVISED.has(kind) ? { revision } : {};
  return { ...body, id, ...revised, changedAt: changed_at.toISOString() } as unknown as Kinds[K];
}
