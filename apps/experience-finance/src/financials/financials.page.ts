import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '@concord/api';
import { Problem } from '@concord/canonical';
import type { Database } from '@concord/database';
import type { Principal } from '@concord/policy';
import { PatientToBillingApi } from '@concord/sdk-process';
import { admit } from '../access.js';
import { EncountersProjection } from '../encounters/encounters.projection.js';
import type { FinanceTables } from '../encounters/encounters.tables.js';
import type { Financials } from './financials.dto.js';
import { toFinancials } from './financials.mapping.js';

/** The page of one encounter: its row, and the proof that the systems of record give at this moment. */
@Injectable()
export class FinancialsPage {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly projection: EncountersProjection,
    private readonly process: PatientToBillingApi,
  ) {}

  /** Throws `not-found` before anything is posted, and `access-denied` where the books are not the caller's. */
  async read(encounterId: string, caller: Principal): Promise<Financials> {
    const freshness = await this.projection.freshness();
    const row = await this.database
      .$extendTables<FinanceTables>()
      .selectFrom('experience_finance.encounter')
      .selectAll()
      .where('encounter_id', '=', encounterId)
      .executeTakeFirst();
    if (!row) throw new Problem('not-found', 'Nothing has been posted for this encounter, or not yet');
    admit(caller, row.legal_entity);
    return toFinancials(row, await this.process.proveBalance(encounterId), freshness);
  }
}
