import { DEFAULT_PAGE_SIZE, toPage, type ExtractFault, type Page, type WorkforceExtract } from '@concord/canonical';
import type { Database } from '@concord/database';
import type { Vault } from '@concord/events';
import { sql } from 'kysely';
import { startOfSequence } from '../../page-start.js';
import type { WorkforceExtractQuery } from '../../queries.js';
import type { ToldKind } from './fields.js';

interface Row {
  readonly sequence: number;
  readonly id: string;
  readonly name: string;
  readonly kind: ToldKind | null;
  readonly status: WorkforceExtract['status'];
  readonly reason: WorkforceExtract['reason'] | null;
  readonly accepted: boolean;
  readonly written_at: Date;
  readonly received_at: Date;
  readonly lines: number;
  readonly changed: number;
  readonly ended: number;
  readonly fault_count: number;
  readonly faults: ExtractFault[];
  readonly changed_at: Date;
}

/** One that waits to be worked in. */
export interface Waiting {
  readonly id: string;
  readonly kind: ToldKind | undefined;
  readonly writtenAt: Date;
  /** It may shrink the workforce. */
  readonly accepted: boolean;
}

export type Outcome = Pick<WorkforceExtract, 'lines' | 'changed' | 'ended' | 'faultCount' | 'faults' | 'reason'>;

/** What of a file is sealed and stored at a time, in bytes. */
const PIECE = 262_144;
/** What was being worked in so often when the process died, or failed, is not tried again. */
const ATTEMPTS = 5;

/** Extracts as they came, and what became of them. */
export class ExtractStore {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
  ) {}

  /** Keeps the pieces of a file; it counts as nothing until it is added. */
  async keep(id: string, pieces: AsyncIterable<Buffer>, at: Date): Promise<void> {
    let number = 0;
    let held: Buffer[] = [];
    let bytes = 0;
    const write = async () => {
      const sealed = this.vault.seal(Buffer.concat(held), placeOf(id, number));
      [held, bytes] = [[], 0];
      await sql`insert into files_hcm.piece (extract, number, sealed, kept_at)
        values (${id}, ${number++}, ${sealed}, ${at})`.execute(this.database);
    };
    for await (const piece of pieces) {
      held.push(piece);
      bytes += piece.length;
      if (bytes >= PIECE) await write();
    }
    if (bytes) await write();
  }

  async *pieces(db: Database, id: string): AsyncGenerator<Buffer> {
    for (let number = 0; ; number++) {
      const { rows } = await sql<{ sealed: Buffer }>`
        select sealed from files_hcm.piece where extract = ${id} and number = ${number}`.execute(db);
      if (!rows[0]) return;
      yield this.vault.open(rows[0].sealed, placeOf(id, number));
    }
  }

  async add(
    tx: Database,
    { id, name, kind, writtenAt }: { id: string; name: string; kind: ToldKind | undefined; writtenAt: Date },
    at: Date,
  ): Promise<void> {
    const isKnown = kind !== undefined;
    await sql`
      insert into files_hcm.extract (id, name, kind, status, reason, written_at, received_at, changed_at)
      values (${id}, ${name}, ${kind ?? null}, ${isKnown ? 'received' : 'set-aside'}, ${isKnown ? null : 'unknown-file'},
        ${writtenAt}, ${at}, ${at})`.execute(tx);
  }

  /** The oldest that waits, counted as tried; undefined where none does. Nobody else works any in until `tx` ends. */
  async next(tx: Database): Promise<Waiting | undefined> {
    const { rows: turns } = await sql<{ mine: boolean }>`
      select pg_try_advisory_xact_lock(hashtextextended('files_hcm.extract', 0)) as mine`.execute(tx);
    if (!turns[0]?.mine) return undefined;
    const { rows } = await sql<Row>`
      select * from files_hcm.extract where status = 'received' order by written_at, sequence limit 1`.execute(tx);
    const [row] = rows;
    return row && { id: row.id, kind: row.kind ?? undefined, writtenAt: row.written_at, accepted: row.accepted };
  }

  /** When the newest of a kind was written that is worked in. */
  async latest(tx: Database, kind: ToldKind): Promise<Date | undefined> {
    const { rows } = await sql<{ latest: Date | null }>`
      select max(written_at) as latest from files_hcm.extract where kind = ${kind} and status = 'applied'`.execute(tx);
    return rows[0]?.latest ?? undefined;
  }

  async end(tx: Database, id: string, outcome: Outcome, at: Date): Promise<void> {
    const { reason, lines, changed, ended, faultCount, faults } = outcome;
    await sql`
      update files_hcm.extract set status = ${reason ? 'set-aside' : 'applied'}, reason = ${reason ?? null},
        lines = ${lines}, changed = ${changed}, ended = ${ended}, fault_count = ${faultCount},
        faults = ${JSON.stringify(faults)}::jsonb, changed_at = ${at}
      where id = ${id}`.execute(tx);
  }

  async failed(id: string, at: Date): Promise<void> {
    await sql`
      update files_hcm.extract set attempts = attempts + 1, changed_at = ${at},
        status = case when attempts + 1 >= ${ATTEMPTS} then 'set-aside' else status end,
        reason = case when attempts + 1 >= ${ATTEMPTS} then 'failed' end
      where id = ${id} and status = 'received'`.execute(this.database);
  }

  /** Whether it is now accepted. */
  async accept(id: string, at: Date): Promise<boolean> {
    const { rows } = await sql`
      update files_hcm.extract set status = 'received', reason = null, accepted = true, attempts = 0, changed_at = ${at}
      where id = ${id} and status = 'set-aside' and reason = 'shrinks' returning id`.execute(this.database);
    return rows.length > 0;
  }

  async read(id: string): Promise<WorkforceExtract | undefined> {
    const { rows } = await sql<Row>`select * from files_hcm.extract where id = ${id}`.execute(this.database);
    return rows[0] && toExtract(rows[0]);
  }

  async list({ status, changed_since, page_size, page_token }: WorkforceExtractQuery): Promise<Page<WorkforceExtract>> {
    const size = page_size ?? DEFAULT_PAGE_SIZE;
    const before = startOfSequence(page_token);
    const { rows } = await sql<Row>`
      select * from files_hcm.extract where true
      ${status === undefined ? sql`` : sql`and status = ${status}`}
      ${changed_since === undefined ? sql`` : sql`and changed_at >= ${changed_since}::timestamptz`}
      ${before === undefined ? sql`` : sql`and sequence < ${before}`}
      order by sequence desc limit ${size + 1}`.execute(this.database);
    return toPage(rows, size, ({ sequence }) => sequence, toExtract);
  }

  /** Raw files are kept so long; one that waits is kept until it is worked in. */
  async forget(before: Date): Promise<void> {
    await sql`
      delete from files_hcm.piece where (extract, number) in (
        select extract, number from files_hcm.piece where kept_at < ${before} and not exists (
          select from files_hcm.extract where extract.id = piece.extract and status = 'received')
        limit 5000)`.execute(this.database);
  }
}

/** A sealed piece opens only in its own place. */
const placeOf = (id: string, number: number): string => `files_hcm.piece.${id}.${number}`;

const toExtract = (row: Row): WorkforceExtract => ({
  id: row.id,
  name: row.name,
  kind: row.kind ?? undefined,
  status: row.status,
  reason: row.reason ?? undefined,
  writtenAt: row.written_at.toISOString(),
  receivedAt: row.received_at.toISOString(),
  lines: row.lines,
  changed: row.changed,
  ended: row.ended,
  faultCount: row.fault_count,
  faults: row.faults,
  changedAt: row.changed_at.toISOString(),
});
