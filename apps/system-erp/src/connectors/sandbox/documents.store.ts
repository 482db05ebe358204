/**
 * Everything of the sandbox that is not the journal: a document has a kind, a number, a revision, and its canonical shape
 * in one column. Changes are made under a lock of the row; what belongs together is done in one transaction.
 */
import { createHash } from 'node:crypto';
import { DEFAULT_PAGE_SIZE, pagePosition, Problem, refuseStale, toPage, type Page } from '@concord/canonical';
import type { Database } from '@concord/database';
import { sql, type RawBuilder } from 'kysely';

/** What every stored shape carries. */
export interface Stored {
  id: string;
  revision: string;
  changedAt: string;
}

export type Body<T extends Stored> = Omit<T, keyof Stored>;

interface Row<T extends Stored> {
  readonly id: string;
  readonly version: number;
  readonly changed_at: Date;
  readonly body: Body<T>;
}

interface ListQuery {
  readonly page_size?: number;
  readonly page_token?: string;
  readonly changed_since?: string;
}

const isId = (value: unknown): boolean => typeof value === 'string';

export class Documents<T extends Stored> {
  /**
   * @param kind what it is, in words: `purchase order`
   * @param prefix what its numbers begin with: `PO`
   */
  constructor(
    private readonly database: Database,
    private readonly kind: string,
    private readonly prefix: string,
    private readonly now: () => string,
  ) {}

  /** Makes a document once for a business key, in one transaction; a repetition finds the first one. */
  once(businessKey: string, make: (tx: Database) => Promise<Body<T>>): Promise<T> {
    return this.database.transaction().execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(${lockOf(this.kind, businessKey)})`.execute(tx);
      const [first] = await this.select(tx, sql`business_key = ${businessKey}`);
      return first ?? this.insert(tx, businessKey, await make(tx));
    });
  }

  /** Throws `not-found`. */
  async read(id: string, within = this.database): Promise<T> {
    return (await this.findById(id, within)) ?? this.missing();
  }

  async findById(id: string, within = this.database): Promise<T | undefined> {
    const [one] = await this.select(within, sql`id = ${id}`);
    return one;
  }

  /** The first that fits, or undefined. */
  async find(like: object, within = this.database): Promise<T | undefined> {
    const [one] = await this.select(within, sql`body @> ${JSON.stringify(like)}::jsonb`, sql`order by id limit 1`);
    return one;
  }

  /** In ascending order of the number. A value of `like` that is undefined lets everything pass. */
  async list(query: ListQuery, like: object = {}, where: RawBuilder<unknown> = sql`true`): Promise<Page<T>> {
    const { page_token, page_size = DEFAULT_PAGE_SIZE, changed_since } = query;
    const after = pagePosition<string>(page_token, isId) ?? '';
    const since = changed_since ? sql`changed_at >= ${changed_since}::timestamptz` : sql`true`;
    const asked = sql`id > ${after} and body @> ${JSON.stringify(like)}::jsonb and ${since} and ${where}`;
    const rows = await this.select(this.database, asked, sql`order by id limit ${page_size + 1}`);
    return toPage(
      rows,
      page_size,
      ({ id }) => id,
      (row) => row,
    );
  }

  /** Changes a document under its lock, in a transaction of its own or in the one given. Throws `not-found`, `stale`. */
  async change(
    id: string,
    expected: string,
    change: (current: T, tx: Database) => T | Promise<T>,
    within?: Database,
  ): Promise<T> {
    const work = async (tx: Database): Promise<T> => {
      const [current] = await this.select(tx, sql`id = ${id}`, sql`for update`);
      if (!current) return this.missing();
      refuseStale(expected, current.revision);
      const changed = await change(current, tx);
      return changed === current ? current : this.update(tx, changed);
    };
    return within ? work(within) : this.database.transaction().execute(work);
  }

  /** Puts documents that have their number, where they are not there yet. */
  async seed(documents: readonly (Body<T> & { id: string })[]): Promise<void> {
    const rows = documents.map(({ id, ...body }) => ({ id, body }));
    await sql`
      insert into sandbox_erp.document (kind, id, changed_at, body)
      select ${this.kind}, id, ${this.now()}::timestamptz, body
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as seed (id text, body jsonb)
      on conflict do nothing`.execute(this.database);
  }

  /** Puts a document of a known number, or changes the one that is there; both under its lock. */
  async put(tx: Database, id: string, change: (current: T | undefined) => Body<T>): Promise<void> {
    await sql`select pg_advisory_xact_lock(${lockOf(this.kind, id)})`.execute(tx);
    const [current] = await this.select(tx, sql`id = ${id}`, sql`for update`);
    const body = change(current);
    if (current) await this.update(tx, { ...current, ...body });
    else await this.write(tx, id, null, body);
  }

  private async insert(tx: Database, businessKey: string, body: Body<T>): Promise<T> {
    const { rows } = await sql<{ number: number }>`
      insert into sandbox_erp.last_number as last (kind, number) values (${this.kind}, 1)
      on conflict (kind) do update set number = last.number + 1 returning number`.execute(tx);
    return this.write(tx, `${this.prefix}-${String(rows[0]!.number).padStart(6, '0')}`, businessKey, body);
  }

  private async write(tx: Database, id: string, businessKey: string | null, body: Body<T>): Promise<T> {
    const { rows } = await sql<Row<T>>`
      insert into sandbox_erp.document (kind, id, business_key, changed_at, body)
      values (${this.kind}, ${id}, ${businessKey}, ${this.now()}, ${JSON.stringify(body)}) returning *`.execute(tx);
    return toDocument(rows[0]!);
  }

  private async update(tx: Database, { id, revision: _, changedAt: __, ...body }: T): Promise<T> {
    const { rows } = await sql<Row<T>>`
      update sandbox_erp.document set body = ${JSON.stringify(body)}, version = version + 1, changed_at = ${this.now()}
      where kind = ${this.kind} and id = ${id} returning *`.execute(tx);
    return toDocument(rows[0]!);
  }

  private async select(db: Database, where: RawBuilder<unknown>, rest = sql``): Promise<T[]> {
    const { rows } = await sql<Row<T>>`
      select * from sandbox_erp.document where kind = ${this.kind} and ${where} ${rest}`.execute(db);
    return rows.map(toDocument);
  }

  private missing(): never {
    throw new Problem('not-found', `There is no such ${this.kind}`);
  }
}

const toDocument = <T extends Stored>({ id, body, version, changed_at }: Row<T>): T =>
  ({ id, ...body, revision: String(version), changedAt: changed_at.toISOString() }) as unknown as T;

/** A name as the number of an advisory lock. */
const lockOf = (kind: string, name: string): string =>
  createHash('sha256').update(`${kind} ${name}`).digest().readBigInt64BE().toString();
