import {
  CLAIM_STATUS,
  DEFAULT_PAGE_SIZE,
  money,
  plus,
  Problem,
  toPage,
  type Claim,
  type ClaimStatus,
  type Money,
  type NewClaim,
  type Page,
} from '@concord/canonical';
import { GroupCommit, rowsOf, type Database } from '@concord/database';
import { sql, type Selectable } from 'kysely';
import { claimNumber, sequenceOf } from '../claim-number.js';
import { startOfSequence } from '../page-start.js';
import type { ClaimQuery } from '../queries.js';
import type { RevenueCycleTables } from './tables.js';

type Row = Selectable<RevenueCycleTables['sandbox_revenue_cycle.claim']>;

type RaisedClaim = Omit<Row, 'sequence' | 'changed_at' | 'status' | 'voided_by' | 'void_reason' | 'payer_claim_number'>;

const RAISED = {
  business_key: 'text',
  encounter_id: 'text',
  facility: 'text',
  payer: 'text',
  service_date: 'date',
  lines: 'jsonb',
  kind: 'text',
  diagnoses: 'jsonb',
  provider: 'jsonb',
  other_decisions: 'jsonb',
  charge: 'numeric',
  expected: 'numeric',
  currency: 'text',
  created_at: 'timestamptz',
} as const;

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
    { encounterId, facility, payer, serviceDate, lines, diagnoses, provider, otherDecisions }: NewClaim,
    { charge, expected, kind }: { charge: Money; expected: Money; kind: Row['kind'] },
    createdAt: Date,
  ): Promise<Claim | undefined> {
    const row = await this.group.add({
      business_key: businessKey,
      encounter_id: encounterId,
      facility,
      payer,
      service_date: serviceDate,
      lines,
      kind,
      diagnoses: diagnoses ?? null,
      provider: provider ?? null,
      other_decisions: otherDecisions ?? null,
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
      insert into sandbox_revenue_cycle.claim (business_key, encounter_id, facility, payer, service_date, lines, kind,
        diagnoses, provider, other_decisions, charge, expected, currency, created_at, changed_at)
      select business_key, encounter_id, facility, payer, service_date, lines, kind, diagnoses, provider, other_decisions,
        charge, expected, currency, created_at, created_at
      from ${rowsOf(RAISED, claims)} as claim
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

  async list({ encounter_id, status, payer, changed_since, page_size, page_token }: ClaimQuery): Promise<Page<Claim>> {
    const size = page_size ?? DEFAULT_PAGE_SIZE;
    let rows = this.rows()
      .orderBy('sequence')
      .limit(size + 1);
    const after = startOfSequence(page_token);
    if (after) rows = rows.where('sequence', '>', after);
    if (encounter_id) rows = rows.where('encounter_id', '=', encounter_id);
    if (status) rows = rows.where('status', '=', status);
    if (payer) rows = rows.where('payer', '=', payer);
    if (changed_since) rows = rows.where('changed_at', '>=', new Date(changed_since));
    return toPage(await rows.execute(), size, ({ sequence }) => sequence, toClaim);
  }

  /** Voids a claim that is not void, or that the same business key voided. Undefined where there is no such claim. */
  async void(businessKey: string, id: string, reason: string, at: Date): Promise<Claim | undefined> {
    const row = await this.tables
      .updateTable('sandbox_revenue_cycle.claim')
      .set({
        status: 'void',
        voided_by: businessKey,
        void_reason: reason,
        changed_at: sql<Date>`case when status = 'void' then changed_at else ${at}::timestamptz end`,
      })
      .where('sequence', '=', sequenceOf(id) ?? NO_SEQUENCE)
      .where((claim) => claim.or([claim('status', '<>', 'void'), claim('voided_by', '=', businessKey)]))
      .returningAll()
      .executeTakeFirst();
    return row && toClaim(row);
  }

  /** The claims of some numbers, by number. */
  async ofNumbers(db: Database, numbers: readonly string[]): Promise<Map<string, Claim>> {
    const sequences = numbers.flatMap((number) => sequenceOf(number) ?? []);
    if (!sequences.length) return new Map();
    const rows = await this.rows(db)
      .where('sequence', '=', sql<number>`any(${sequences})`)
      .execute();
    return new Map(rows.map(toClaim).map((claim) => [claim.number, claim]));
  }

  /** One claim, which nobody else changes until the transaction ends. */
  async lock(tx: Database, number: string): Promise<Claim | undefined> {
    const row = await this.rows(tx)
      .where('sequence', '=', sequenceOf(number) ?? NO_SEQUENCE)
      .forUpdate()
      .executeTakeFirst();
    return row && toClaim(row);
  }

  /**
   * Says what became of a claim, once for each cause. The history keeps all that was said; the claim itself only goes
   * forward: an acknowledgment that comes after the payment changes nothing, and what is void stays void.
   */
  async advance(tx: Database, id: string, entry: NewStatus, at: Date, payerClaimNumber?: string): Promise<void> {
    const tables = tx.$extendTables<RevenueCycleTables>();
    const claim = sequenceOf(id) ?? NO_SEQUENCE;
    const { cause, status, source, codes = [], detail = null } = entry;
    const said = await tables
      .insertInto('sandbox_revenue_cycle.claim_history')
      .values({ claim, cause, status, source, codes: JSON.stringify(codes), detail, at })
      .onConflict((known) => known.doNothing())
      .returning('sequence')
      .executeTakeFirst();
    if (!said) return;
    const before = CLAIM_STATUS.filter((each) => RANK[each] <= RANK[status]);
    await tables
      .updateTable('sandbox_revenue_cycle.claim')
      .set({ status, changed_at: at, ...(payerClaimNumber ? { payer_claim_number: payerClaimNumber } : {}) })
      .where('sequence', '=', claim)
      .where('status', 'in', before)
      .execute();
  }

  /** Where a claim stands and how it came there; undefined where there is no such claim. */
  async status(id: string): Promise<ClaimStatus | undefined> {
    const sequence = sequenceOf(id) ?? NO_SEQUENCE;
    const row = await this.rows().where('sequence', '=', sequence).executeTakeFirst();
    if (!row) return undefined;
    const said = await this.tables
      .selectFrom('sandbox_revenue_cycle.claim_history')
      .selectAll()
      .where('claim', '=', sequence)
      .orderBy('sequence')
      .execute();
    const raised = {
      status: 'ready' as const,
      at: row.created_at.toISOString(),
      source: 'concord' as const,
      codes: [],
    };
    const history = said.map(({ status, at, source, codes, detail }) => ({
      status,
      at: at.toISOString(),
      source,
      codes,
      ...(detail ? { detail } : {}),
    }));
    return {
      claimId: id,
      status: row.status,
      ...(row.payer_claim_number ? { payerClaimNumber: row.payer_claim_number } : {}),
      history: [raised, ...history],
    };
  }

  /** What is charged on the claims of each encounter that are not void. */
  async chargedFor(db: Database, encounters: readonly string[]): Promise<Map<string, Money>> {
    if (!encounters.length) return new Map();
    const rows = await this.rows(db)
      .where('encounter_id', '=', sql<string>`any(${encounters})`)
      .where('status', '<>', 'void')
      .execute();
    const charged = new Map<string, Money>();
    for (const { encounter_id, charge, currency } of rows) {
      charged.set(encounter_id, plus(charged.get(encounter_id) ?? money(0, currency), money(charge, currency)));
    }
    return charged;
  }

  private rows(db: Database = this.tables as unknown as Database) {
    return db.$extendTables<RevenueCycleTables>().selectFrom('sandbox_revenue_cycle.claim').selectAll();
  }
}

/** What is said of a claim; `cause` names who said it, so that it is heard once. */
export interface NewStatus {
  readonly cause: string;
  readonly status: Claim['status'];
  readonly source: 'concord' | 'acknowledgment' | 'payer' | 'remittance';
  readonly codes?: readonly string[];
  readonly detail?: string;
}

/** How far along a status is; a claim never goes back. A second remittance may turn a denial into a payment. */
const RANK: Readonly<Record<Claim['status'], number>> = {
  ready: 0,
  submitted: 1,
  accepted: 2,
  rejected: 3,
  denied: 4,
  paid: 4,
  void: 9,
};

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
    kind: row.kind,
    ...(row.diagnoses ? { diagnoses: row.diagnoses } : {}),
    charge: money(row.charge, row.currency),
    expected: money(row.expected, row.currency),
    ...(row.provider ? { provider: row.provider } : {}),
    ...(row.other_decisions ? { otherDecisions: row.other_decisions } : {}),
    createdAt: row.created_at.toISOString(),
    changedAt: row.changed_at.toISOString(),
  };
}
