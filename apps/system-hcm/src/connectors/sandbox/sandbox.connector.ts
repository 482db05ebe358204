import type { OnModuleInit } from '@nestjs/common';
import type { Clock } from '@concord/api';
import {
  DEFAULT_PAGE_SIZE,
  Problem,
  toPage,
  type LaborAllocation,
  type LaborRate,
  type NewLaborAllocation,
  type NewReversal,
  type Page,
  type Shift,
  type Worker,
} from '@concord/canonical';
import { migrate, type Database } from '@concord/database';
import type { FaultInjection } from '@concord/resilience';
import { HcmConnector } from '../../connector.js';
import { startOfCodes } from '../../page-start.js';
import type { LaborAllocationQuery, LaborRateQuery, ShiftQuery, WorkerQuery } from '../../queries.js';
import { LaborAllocationStore } from './labor-allocation.store.js';
import { refuseUnbookable, type Rates } from './labor-rules.js';
import { migrations } from './migrations.js';
import { reversalOf } from './reversal.js';
import { seed } from './seed.js';
import { WorkforceStore } from './workforce.store.js';

/** A platform for human capital management inside our own Postgres: strict as a real one, and failing on demand. */
export class SandboxConnector extends HcmConnector implements OnModuleInit {
  private readonly workforce: WorkforceStore;
  private readonly allocations: LaborAllocationStore;
  private rates: readonly LaborRate[] = [];
  private rateOf: Rates = new Map();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly faults: FaultInjection,
  ) {
    super();
    this.workforce = new WorkforceStore(database);
    this.allocations = new LaborAllocationStore(database);
  }

  async onModuleInit(): Promise<void> {
    await migrate(this.database, 'sandbox-hcm', migrations);
    await seed(this.database, this.clock());
    this.rates = await this.workforce.rates();
    this.rateOf = new Map(this.rates.map(({ role, hourlyCost }) => [role, hourlyCost]));
  }

  readWorker(id: string): Promise<Worker> {
    return this.faults.around('readWorker', async () => (await this.workforce.worker(id)) ?? missing('worker'));
  }

  listWorkers(query: WorkerQuery): Promise<Page<Worker>> {
    return this.faults.around('listWorkers', () => this.workforce.workers(query));
  }

  listShifts(query: ShiftQuery): Promise<Page<Shift>> {
    return this.faults.around('listShifts', () => this.workforce.shifts(query));
  }

  listLaborRates(query: LaborRateQuery): Promise<Page<LaborRate>> {
    return this.faults.around('listLaborRates', async () => this.pageOfRates(query));
  }

  createLaborAllocation(businessKey: string, allocation: NewLaborAllocation): Promise<LaborAllocation> {
    return this.faults.around('createLaborAllocation', async () => {
      refuseUnbookable(allocation, this.rateOf);
      const booked = await this.allocations.add(businessKey, allocation, this.clock());
      return booked ?? (await this.allocations.ofBusinessKey(businessKey)) ?? missing('labor allocation');
    });
  }

  readLaborAllocation(id: string): Promise<LaborAllocation> {
    return this.faults.around(
      'readLaborAllocation',
      async () => (await this.allocations.read(id)) ?? missing('labor allocation'),
    );
  }

  listLaborAllocations(query: LaborAllocationQuery): Promise<Page<LaborAllocation>> {
    return this.faults.around('listLaborAllocations', () => this.allocations.list(query));
  }

  reverseLaborAllocation(businessKey: string, id: string, reversal: NewReversal): Promise<LaborAllocation> {
    return this.faults.around('reverseLaborAllocation', () => this.reverse(businessKey, id, reversal));
  }

  private async reverse(businessKey: string, id: string, { reason, accountingDate }: NewReversal) {
    const original = (await this.allocations.read(id)) ?? missing('labor allocation');
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

  private pageOfRates({ role, page_size, page_token }: LaborRateQuery): Page<LaborRate> {
    const size = page_size ?? DEFAULT_PAGE_SIZE;
    const after = startOfCodes(page_token) ?? '';
    const rows = this.rates.filter((rate) => rate.role > after && (!role || rate.role === role)).slice(0, size + 1);
    return toPage(
      rows,
      size,
      (rate) => rate.role,
      (rate) => rate,
    );
  }
}

function missing(what: 'worker' | 'labor allocation'): never {
  throw new Problem('not-found', `There is no such ${what}`);
}
