import {
  DEFAULT_PAGE_SIZE,
  isChangedSince,
  Problem,
  toPage,
  type LaborAllocation,
  type LaborRate,
  type NewLaborAllocation,
  type NewReversal,
  type Page,
} from '@concord/canonical';
import type { Database } from '@concord/database';
import { startOfCodes } from '../../page-start.js';
import type { Labor } from '../../ports/labor.js';
import type { LaborAllocationQuery, LaborRateQuery } from '../../queries.js';
import { LaborAllocationStore } from './labor-allocation.store.js';
import { refuseUnbookable } from './labor-rules.js';
import { reversalOf } from './reversal.js';

/** What a platform says of labor: by it a booking is checked. */
export interface LaborTerms {
  /** What an hour of each role costs, by role. */
  rates(): Promise<readonly LaborRate[]>;
  facilities(): Promise<ReadonlySet<string>>;
}

/**
 * Labor allocations in our own Postgres, for every connector: platforms for human capital management tell what an hour
 * costs, but keep no account of the encounter that it was worked for.
 */
export class LaborLedger implements Labor {
  private readonly allocations: LaborAllocationStore;

  /** @param schema of the connector, with the table of `laborMigration` */
  constructor(
    database: Database,
    schema: string,
    private readonly terms: LaborTerms,
    private readonly clock: () => Date,
  ) {
    this.allocations = new LaborAllocationStore(database, schema);
  }

  async listLaborRates(query: LaborRateQuery): Promise<Page<LaborRate>> {
    const { role, page_size, page_token } = query;
    const size = page_size ?? DEFAULT_PAGE_SIZE;
    const after = startOfCodes(page_token) ?? '';
    const rates = await this.terms.rates();
    const asked = rates.filter((rate) => (!role || rate.role === role) && isChangedSince(rate, query));
    return toPage(
      asked.filter((rate) => rate.role > after).slice(0, size + 1),
      size,
      (rate) => rate.role,
      (rate) => rate,
    );
  }

  async createLaborAllocation(businessKey: string, allocation: NewLaborAllocation): Promise<LaborAllocation> {
    const [rates, facilities] = await Promise.all([this.terms.rates(), this.terms.facilities()]);
    refuseUnbookable(allocation, new Map(rates.map(({ role, hourlyCost }) => [role, hourlyCost])), facilities);
    const booked = await this.allocations.add(businessKey, allocation, this.clock());
    return booked ?? (await this.allocations.ofBusinessKey(businessKey)) ?? missing();
  }

  async readLaborAllocation(id: string): Promise<LaborAllocation> {
    return (await this.allocations.read(id)) ?? missing();
  }

  listLaborAllocations(query: LaborAllocationQuery): Promise<Page<LaborAllocation>> {
    return this.allocations.list(query);
  }

  async reverseLaborAllocation(
    businessKey: string,
    id: string,
    { reason, accountingDate }: NewReversal,
  ): Promise<LaborAllocation> {
    const original = await this.readLaborAllocation(id);
    if (original.reverses) {
      const context = { reverses: original.reverses };
      throw new Problem('conflict', 'A reversal is not reversed; book a new allocation', { context });
    }
    const now = this.clock();
    const opposite = reversalOf(original, accountingDate ?? now.toISOString().slice(0, 10));
    const booked = await this.allocations.add(businessKey, opposite, now, { reverses: id, reason });
    if (booked) return booked;
    const first = await this.allocations.ofBusinessKey(businessKey, id);
    if (first) return first;
    const reversedBy = (await this.allocations.read(id))?.reversedBy ?? '';
    throw new Problem('conflict', 'The allocation is reversed already', { context: { reversedBy } });
  }
}

function missing(): never {
  throw new Problem('not-found', 'There is no such labor allocation');
}
