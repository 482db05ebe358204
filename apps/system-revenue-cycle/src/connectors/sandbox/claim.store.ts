import { DEFAULT_PAGE_SIZE, money, toPage, type Claim, type Money, type NewClaim, type Page } from '@concord/canonical';
import type { Database } from '@concord/database';
import type { Selectable } from 'kysely';
import { claimNumber, sequenceOf } from '../../claim-number.js';
import { startOfSequence } from '../../page-start.js';
import type { ClaimQuery } from '../../queries.js';
import type { RevenueCycleTables } from './tables.js';

type Row = Selectable<RevenueCycleTables['sandbox_revenue_cycle.claim']>;

/** Claims that were raised. The database itself holds each business key once, and one live claim an encounter. */
export class ClaimStore {
  private readonly tables;

  constructor(database: Database) {
    this.tables = database.$extendTables<RevenueCycleTables>();
  }

  /** Raises in one statement. Undefined where the business key, or a live claim of the encounter, is there already. */
  async add(
    businessKey: string,
    { encounterId, facility, payer, serviceDate, lines }: NewClaim,
    { charge, expected }: { charge: Money; expected: Money },
    createdAt: Date,
  ): Promise<Claim | undefined> {
    const row = await this.tables
      .insertInto('sandbox_revenue_cycle.claim')
      .values({
        business_key: businessKey,
        encounter_id: encounterId,
        facility,
        payer,
        service_date: serviceDate,
        lines: JSON.stringify(lines),
        charge: charge.amount,
        expected: expected.amount,
        currency: charge.currency,
        created_at: createdAt,
      })
      .onConflict((known) => known.doNothing())
      .returningAll()
      .executeTakeFirst();
    return row && toClaim(row);
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
