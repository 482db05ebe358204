import { Inject, Injectable } from '@nestjs/common';
import { DATABASE } from '@concord/api';
import { DEFAULT_PAGE_SIZE, pagePosition, Problem, toPage } from '@concord/canonical';
import type { Database } from '@concord/database';
import type { Principal } from '@concord/policy';
import type { BillingStatus, BillingStatusPage, BillingStatusQuery } from './billing-status.dto.js';
import { toEncounterBilling } from './billing-status.mapping.js';
import { BillingStatusProjection } from './billing-status.projection.js';
import type { ClinicTables } from './billing-status.tables.js';

/** Answers where encounters stand. */
@Injectable()
export class BillingStatusRows {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly projection: BillingStatusProjection,
  ) {}

  /** Throws `not-found` for an encounter that the EHR has not told of, and `access-denied` for another facility's. */
  async read(encounterId: string, caller: Principal): Promise<BillingStatus> {
    const freshness = await this.projection.freshness();
    const row = await this.rows().selectAll().where('encounter_id', '=', encounterId).executeTakeFirst();
    if (!row) throw new Problem('not-found', 'The EHR has not told of this encounter, or not yet');
    admit(caller, row.facility);
    return { ...toEncounterBilling(row), freshness };
  }

  /** Those that moved last first. */
  async list({ status, facility, page_size = DEFAULT_PAGE_SIZE, page_token }: BillingStatusQuery) {
    const before = pagePosition<number>(page_token, Number.isSafeInteger);
    const freshness = await this.projection.freshness();
    let query = this.rows().selectAll();
    if (status) query = query.where('status', '=', status);
    if (facility) query = query.where('facility', '=', facility);
    if (before !== undefined) query = query.where('position', '<', before);
    const rows = await query
      .orderBy('position', 'desc')
      .limit(page_size + 1)
      .execute();
    const page: BillingStatusPage = {
      ...toPage(rows, page_size, ({ position }) => position, toEncounterBilling),
      freshness,
    };
    return page;
  }

  private rows() {
    return this.database.$extendTables<ClinicTables>().selectFrom('experience_clinic.billing_status');
  }
}

/** A facility that is not known yet may be anybody's, so only who may enter all of them sees it. */
function admit(caller: Principal, facility: string | null): void {
  if (caller.facilities === 'all') return;
  if (facility === null) throw new Problem('access-denied', 'The facility of this encounter is not known yet');
  if (!caller.mayEnterFacility(facility)) {
    throw new Problem('access-denied', 'The caller has no access to the facility of this encounter');
  }
}
