import {
  DEFAULT_PAGE_SIZE,
  money,
  Problem,
  toPage,
  type Claim,
  type Money,
  type NewClaim,
  type Page,
} from '@concord/canonical';
import { GroupCommit, type Database } from '@concord/database';
import { sql, type Selectable } from 'kysely';
import { claimNumber, sequenceOf } from '../../claim-number.js';
import { startOfSequence } from '../../page-start.js';
import type { ClaimQuery } from '../../queries.js';
import type { RevenueCycleTables } from './tables.js';

type Row = Selectable<RevenueCycleTables['sandbox_revenue_cycle.claim']>;

type RaisedClaim = Omit<Row, 'sequence' | 'status' | 'voided_by' | 'void_reason'>;

const CLAIMS_A_STATEMENT = 100;
const CLAIMS_WAITING = 5000;

/** Claims that were raised. The database itself holds each business key once, and one live claim an encounter. */
export class ClaimStore {
  private readonly tables;

  private readonly group: GroupCommit<RaisedClaim, Row | undefined>;

  constructor(database: Database) {
    this.tables = database.$extendTables<RevenueCycleTables>();
    this.group = new GroupCommit((claims) => this.write(claims), {
      group: CLAIMS_A_STATEMENT,
      waiting: CLAIMS_WAITING,
      refuse: () => new Problem('rate-limited', 'Too many claims wait to be raised', { retryAfter: 1 }),
    });
  }

  /** Undefined where the business key, or a live claim of the encounter, is there already. */
  async add(
    businessKey: string,
    { encounterId, facility, payer, serviceDate, lines }: NewClaim,
    { charge, expected }: { charge: Money; expected: Money },
    createdAt: Date,
  ): Promise<Claim | undefined> {
    const row = await this.group.add({
      business_key: businessKey,
      encounter_id: encounterId,
      facility,
      payer,
      service_date: serviceDate,
      lines,
      charge: charge.amount,
      expected: expected.amount,
      currency: charge.currency,
      created_at: createdAt,
    });
    return row && toClaim(row);
  }

  /** Claims that arrive while others are being written are raised together, in one statement. */
  private async write(claims: readonly RaisedClaim[]): Promise<(Row | undefined)[]> {
    const { rows } = await sql<Row>`
      insert into sandbox_revenue_cycle.claim (business_key, encounter_id, facility, payer, service_date, lines, charge,
        expected, currency, created_at)
      select business_key, encounter_id, facility, payer, service_date, lines, charge, expected, currency, created_at
      from jsonb_to_recordset(${JSON.stringify(claims)}::jsonb) as claim (business_key text, encounter_id text,
        facility text, payer text, service_date date, lines jsonb, charge numeric, expected numeric, currency text,
        created_at timestamptz)
      on conflict do nothing
      returning *`.execute(this.tables);
    const raised = new Map(rows.map((row) => [row.business_key, row]));
    return claims.map(({ business_key: key }) => {
      const row = raised.get(key);
      raised.delete(key); // of two with the same key, one raised it
      return row;
    });
  }

  async ofBusinessKey(businessKey: string): Promise<Claim | undefined> {
    const row = await this.rows().where('business_key', '=', businessKey).executeTakeFirst();
    return row && toClaim(row);
  }

  /** The claim of an encounter that is not void. */
  async liveOf(encounterId: string): Promise<Claim | undefined> {
    const live = this.rows().where('encounter_id', '=', encounterId).where('status', '<>', 'void');
    const row = await live.executeTakeFirst();
    return row && toClaim(row);
  }

  async read(id: string): Promise<Claim | undefined> {
    const row = await this.rows()
      .where('sequence', '=', sequenceOf(id) ?? NO_SEQUENCE)
      .executeTakeFirst();
    return row && toClaim(row);
  }

  async list({ encounter_id, status, payer, page_size, page_token }: ClaimQuery): Promise<Page<Claim>> {
    const size = page_size ?? DEFAULT_PAGE_SIZE;
    let rows = this.rows()
      .orderBy('sequence')
      .limit(size + 1);
    const after = startOfSequence(page_token);
    if (after) rows = rows.where('sequence', '>', after);
    if (encounter_id) rows = rows.where('encounter_id', '=', encounter_id);
    if (status) rows = rows.where('status', '=', status);
    if (payer) rows = rows.where('payer', '=', payer);
    return toPage(await rows.execute(), size, ({ sequence }) => sequence, toClaim);
  }

  /** Voids a claim that is not void, or that the same business key voided. Undefined where there is no such claim. */
  async void(businessKey: string, id: string, reason: string): Promise<Claim | undefined> {
    const row = await this.tables
      .updateTable('sandbox_revenue_cycle.claim')
      .set({ status: 'void', voided_by: businessKey, void_reason: reason })
      .where('sequence', '=', sequenceOf(id) ?? NO_SEQUENCE)
      .where((claim) => claim.or([claim('status', '<>', 'void'), claim('voided_by', '=', businessKey)]))
      .returningAll()
      .executeTakeFirst();
    return row && toClaim(row);
  }

  private rows() {
    return this.tables.selectFrom('sandbox_revenue_cycle.claim').selectAll();
  }
}

/** Sequences begin at 1. */
const NO_SEQUENCE = 0;

function toClaim(row: Row): Claim {
  const number = claimNumber(row.sequence);
  return {
    id: number,
    number,
    status: row.status,
    encounterId: row.encounter_id,
    facility: row.facility,
    payer: row.payer,
    serviceDate: row.service_date,
    lines: row.lines,
    charge: money(row.charge, row.currency),
    expected: money(row.expected, row.currency),
    createdAt: row.created_at.toISOString(),
  };
}
