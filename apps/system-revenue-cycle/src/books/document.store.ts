import { DEFAULT_PAGE_SIZE, Problem, refuseStale, toPage, type Page, type PageQuery } from '@concord/canonical';
import type { Database } from '@concord/database';
import type { Selectable } from 'kysely';
import { startOfSequence } from '../page-start.js';
import type { DocumentKind, RevenueCycleTables } from './tables.js';

type Row = Selectable<RevenueCycleTables['sandbox_revenue_cycle.document']>;

/** What a document is found by; its body is one canonical shape. */
export interface NewDocument<Body> {
  /** Of one kind, each once. */
  readonly businessKey: string;
  readonly encounterId?: string;
  readonly claim?: string;
  readonly payer?: string;
  readonly status?: string;
  readonly body: Body;
  readonly sealed?: Buffer;
}

export interface Document<Body> extends NewDocument<Body> {
  readonly id: string;
  readonly sequence: number;
  readonly revision: string;
  readonly createdAt: string;
  readonly changedAt: string;
}

export interface DocumentFilter extends PageQuery {
  encounter_id?: string;
  claim?: string;
  payer?: string;
  status?: string;
  changed_since?: string;
}

/** The documents of one kind, numbered `DEN-000123`. Every method works inside the transaction it is given. */
export class DocumentStore<Body extends object> {
  constructor(
    private readonly kind: DocumentKind,
    private readonly prefix: string,
  ) {}

  /** Undefined where the business key is there already. */
  async add(db: Database, document: NewDocument<Body>, at: Date): Promise<Document<Body> | undefined> {
    const row = await tables(db)
      .insertInto('sandbox_revenue_cycle.document')
      .values({
        kind: this.kind,
        business_key: document.businessKey,
        encounter_id: document.encounterId ?? null,
        claim: document.claim ?? null,
        payer: document.payer ?? null,
        status: document.status ?? null,
        body: JSON.stringify(document.body),
        sealed: document.sealed ?? null,
        created_at: at,
        changed_at: at,
      })
      .onConflict((known) => known.doNothing())
      .returningAll()
      .executeTakeFirst();
    return row && this.document(row);
  }

  async ofKey(db: Database, businessKey: string): Promise<Document<Body> | undefined> {
    const row = await this.rows(db).where('business_key', '=', businessKey).executeTakeFirst();
    return row && this.document(row);
  }

  async read(db: Database, id: string): Promise<Document<Body> | undefined> {
    const sequence = this.sequenceOf(id);
    const row = sequence && (await this.rows(db).where('sequence', '=', sequence).executeTakeFirst());
    return row ? this.document(row) : undefined;
  }

  /** In the order in which they came. */
  async list(db: Database, filter: DocumentFilter): Promise<Page<Document<Body>>> {
    const size = filter.page_size ?? DEFAULT_PAGE_SIZE;
    const after = startOfSequence(filter.page_token);
    let rows = this.rows(db)
      .orderBy('sequence')
      .limit(size + 1);
    if (after) rows = rows.where('sequence', '>', after);
    if (filter.encounter_id) rows = rows.where('encounter_id', '=', filter.encounter_id);
    if (filter.claim) rows = rows.where('claim', '=', filter.claim);
    if (filter.payer) rows = rows.where('payer', '=', filter.payer);
    if (filter.status) rows = rows.where('status', '=', filter.status);
    if (filter.changed_since) rows = rows.where('changed_at', '>=', new Date(filter.changed_since));
    return toPage(
      await rows.execute(),
      size,
      ({ sequence }) => sequence,
      (row) => this.document(row),
    );
  }

  /** All of some encounters, for sums. */
  async ofEncounters(db: Database, encounters: readonly string[]): Promise<Document<Body>[]> {
    if (!encounters.length) return [];
    const rows = await this.rows(db).where('encounter_id', 'in', encounters).execute();
    return rows.map((row) => this.document(row));
  }

  /**
   * Changes a document that was decided on a revision. Throws `not-found` and `stale`. Two changes at once wait for each
   * other at the row.
   */
  async change(
    db: Database,
    id: string,
    revision: string,
    change: (document: Document<Body>) => Partial<NewDocument<Body>>,
    at: Date,
  ): Promise<Document<Body>> {
    const row = await this.rows(db)
      .where('sequence', '=', this.sequenceOf(id) ?? 0)
      .forUpdate()
      .executeTakeFirst();
    if (!row) throw new Problem('not-found');
    refuseStale(revision, String(row.revision));
    const { body, sealed, payer, status } = change(this.document(row));
    const changed = await tables(db)
      .updateTable('sandbox_revenue_cycle.document')
      .set({
        revision: row.revision + 1,
        changed_at: at,
        ...(body ? { body: JSON.stringify(body) } : {}),
        ...(sealed ? { sealed } : {}),
        ...(payer ? { payer } : {}),
        ...(status ? { status } : {}),
      })
      .where('sequence', '=', row.sequence)
      .returningAll()
      .executeTakeFirstOrThrow();
    return this.document(changed);
  }

  private rows(db: Database) {
    return tables(db).selectFrom('sandbox_revenue_cycle.document').selectAll().where('kind', '=', this.kind);
  }

  private document(row: Row): Document<Body> {
    return {
      id: `${this.prefix}-${String(row.sequence).padStart(6, '0')}`,
      sequence: row.sequence,
      businessKey: row.business_key,
      encounterId: row.encounter_id ?? undefined,
      claim: row.claim ?? undefined,
      payer: row.payer ?? undefined,
      status: row.status ?? undefined,
      body: row.body as Body,
      sealed: row.sealed ?? undefined,
      revision: String(row.revision),
      createdAt: row.created_at.toISOString(),
      changedAt: row.changed_at.toISOString(),
    };
  }

  private sequenceOf(id: string): number | undefined {
    const [, digits] = new RegExp(`^${this.prefix}-([0-9]{6,15})$`).exec(id) ?? [];
    return digits === undefined ? undefined : Number(digits);
  }
}

const tables = (db: Database) => db.$extendTables<RevenueCycleTables>();
