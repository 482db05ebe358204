import type { Database } from '@concord/database';
import { sql } from 'kysely';

type ExchangeTables = {
  'revenue_cycle_x12.control_number': { partner: string; kind: string; last: number };
  'revenue_cycle_x12.sent_file': {
    partner: string;
    interchange: number;
    name: string;
    content: Buffer;
    state: 'written' | 'sent';
    written_at: Date;
    sent_at: Date | null;
  };
  'revenue_cycle_x12.sent_claim': SentClaim & { partner: string };
  'revenue_cycle_x12.received': {
    partner: string;
    sender: string;
    control_number: string;
    sha256: string;
    outcome: string;
    faults: string;
    received_at: Date;
  };
};

export interface SentClaim {
  /** Sequence of the claim. */
  readonly claim: number;
  readonly purpose: 'original' | 'void';
  readonly interchange: number;
  readonly functional_group: number;
  readonly set_number: string;
}

export interface WrittenFile {
  readonly interchange: number;
  readonly name: string;
  readonly content: Buffer;
}

/** What we sent to one partner and received from it. */
export class ExchangeStore {
  constructor(
    private readonly database: Database,
    private readonly partner: string,
  ) {}

  /** The next control number; given back if the transaction fails, so that none is missing. Others wait for its end. */
  async next(tx: Database, kind: 'interchange' | 'group'): Promise<number> {
    const { last } = await tables(tx)
      .insertInto('revenue_cycle_x12.control_number')
      .values({ partner: this.partner, kind, last: 1 })
      .onConflict((known) =>
        known.columns(['partner', 'kind']).doUpdateSet({
          last: sql<number>`revenue_cycle_x12.control_number.last + 1`,
        }),
      )
      .returning('last')
      .executeTakeFirstOrThrow();
    return last;
  }

  /**
   * Claims that wait to be sent, locked: raised and not yet written; or voided after they were written, unless they had
   * been rejected. Oldest first.
   */
  async waiting(
    tx: Database,
    payers: readonly string[],
    limit: number,
  ): Promise<{ number: number; isVoid: boolean }[]> {
    const { rows } = await sql<{ sequence: number; status: string }>`
      select claim.sequence, claim.status from sandbox_revenue_cycle.claim
      left join revenue_cycle_x12.sent_claim sent on sent.claim = claim.sequence and sent.purpose = 'original'
      where claim.payer = any(${payers}) and (
        (claim.status = 'ready' and sent.claim is null)
        or (claim.status = 'void' and sent.claim is not null
          and not exists (select 1 from revenue_cycle_x12.sent_claim back
            where back.claim = claim.sequence and back.purpose = 'void')
          and not exists (select 1 from sandbox_revenue_cycle.claim_history said
            where said.claim = claim.sequence and said.status = 'rejected')))
      order by claim.sequence limit ${limit}
      for update of claim skip locked`.execute(tx);
    return rows.map(({ sequence, status }) => ({ number: sequence, isVoid: status === 'void' }));
  }

  async keepFile(tx: Database, file: WrittenFile, claims: readonly SentClaim[], at: Date): Promise<void> {
    await tables(tx)
      .insertInto('revenue_cycle_x12.sent_file')
      .values({ partner: this.partner, ...file, state: 'written', written_at: at, sent_at: null })
      .execute();
    if (!claims.length) return; // an acknowledgment
    await tables(tx)
      .insertInto('revenue_cycle_x12.sent_claim')
      .values(claims.map((claim) => ({ ...claim, partner: this.partner })))
      .execute();
  }

  /** Files that are written and not yet at the partner, in the order of their control numbers. */
  unsent(limit: number): Promise<WrittenFile[]> {
    return tables(this.database)
      .selectFrom('revenue_cycle_x12.sent_file')
      .select(['interchange', 'name', 'content'])
      .where('partner', '=', this.partner)
      .where('state', '=', 'written')
      .orderBy('interchange')
      .limit(limit)
      .execute();
  }

  /** Enters a file as sent and tells which claims are in it. */
  async sent(tx: Database, interchange: number, at: Date): Promise<SentClaim[]> {
    await tables(tx)
      .updateTable('revenue_cycle_x12.sent_file')
      .set({ state: 'sent', sent_at: at })
      .where('partner', '=', this.partner)
      .where('interchange', '=', interchange)
      .execute();
    return this.claims(tx).where('interchange', '=', interchange).execute();
  }

  /** The claims of a functional group; of one set of it, where that is named. */
  claimsOf(tx: Database, group: number, set?: string): Promise<SentClaim[]> {
    const claims = this.claims(tx).where('functional_group', '=', group);
    return (set === undefined ? claims : claims.where('set_number', '=', set)).execute();
  }

  /**
   * Enters an interchange as received. `repeated`: the same came before; `other`: its control number came before with
   * another content.
   */
  async receive(
    tx: Database,
    { sender, controlNumber, sha256 }: { sender: string; controlNumber: string; sha256: string },
    at: Date,
  ): Promise<'new' | 'repeated' | 'other'> {
    const row = await tables(tx)
      .insertInto('revenue_cycle_x12.received')
      .values({
        partner: this.partner,
        sender,
        control_number: controlNumber,
        sha256,
        outcome: 'worked',
        faults: '[]',
        received_at: at,
      })
      .onConflict((known) => known.doNothing())
      .returning('sender')
      .executeTakeFirst();
    if (row) return 'new';
    const before = await tables(tx)
      .selectFrom('revenue_cycle_x12.received')
      .select('sha256')
      .where('partner', '=', this.partner)
      .where('sender', '=', sender)
      .where('control_number', '=', controlNumber)
      .executeTakeFirst();
    return before?.sha256 === sha256 ? 'repeated' : 'other';
  }

  /** What could not be used of an interchange, without any value of it. */
  async faulty(tx: Database, sender: string, controlNumber: string, faults: readonly string[]): Promise<void> {
    await tables(tx)
      .updateTable('revenue_cycle_x12.received')
      .set({ outcome: 'faulty', faults: JSON.stringify(faults.slice(0, 100)) })
      .where('partner', '=', this.partner)
      .where('sender', '=', sender)
      .where('control_number', '=', controlNumber)
      .execute();
  }

  private claims(db: Database) {
    return tables(db)
      .selectFrom('revenue_cycle_x12.sent_claim')
      .select(['claim', 'purpose', 'interchange', 'functional_group', 'set_number'])
      .where('partner', '=', this.partner);
  }
}

const tables = (db: Database) => db.$extendTables<ExchangeTables>();
