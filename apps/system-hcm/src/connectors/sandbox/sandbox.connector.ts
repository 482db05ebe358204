import type { OnModuleInit } from '@nestjs/common';
import type { Clock } from '@concord/api';
import {
  DEFAULT_PAGE_SIZE,
  minus,
  money,
  Problem,
  toPage,
  type LaborAllocation,
  type LaborRate,
  type Money,
  type NewLaborAllocation,
  type NewReversal,
  type Page,
  type Shift,
  type Worker,
} from '@concord/canonical';
import { migrate, type Database } from '@concord/database';
import type { FaultInjection } from '@concord/resilience';
import { Decimal } from 'decimal.js';
import { HcmConnector } from '../../connector.js';
import { startOfCodes } from '../../page-start.js';
import type { LaborAllocationQuery, LaborRateQuery, ShiftQuery, WorkerQuery } from '../../queries.js';
import { LaborAllocationStore } from './labor-allocation.store.js';
import { refuseUnbookable, type Rates } from './labor-rules.js';
import { migrations } from './migrations.js';
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
    return this.faults.around('readWorker', async () => (await this.workforce.worker(id)) ?? missing());
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
      return booked ?? (await this.allocations.ofBusinessKey(businessKey)) ?? missing();
    });
  }

  readLaborAllocation(id: string): Promise<LaborAllocation> {
    return this.faults.around('readLaborAllocation', async () => (await this.allocations.read(id)) ?? missing());
  }

  listLaborAllocations(query: LaborAllocationQuery): Promise<Page<LaborAllocation>> {
    return this.faults.around('listLaborAllocations', () => this.allocations.list(query));
  }

  reverseLaborAllocation(businessKey: string, id: string, reversal: NewReversal): Promise<LaborAllocation> {
    return this.faults.around('reverseLaborAllocation', () => this.reverse(businessKey, id, reversal));
  }

  private async reverse(businessKey: string, id: string, { reason, accountingDate }: NewReversal) {
    const original = (await this.allocations.read(id)) ?? missing();
    if (original.reverses) {
      const context = { reverses: original.reverses };
      throw new Problem('conflict', 'A reversal is not reversed; book a new allocation', { context });
    }
    const now = this.clock();
    const turned = turnedAround(original, accountingDate ?? now.toISOString().slice(0, 10));
    const booked = await this.allocations.add(businessKey, turned, now, { reverses: id, reason });
    if (booked) return booked;
    const first = await this.allocations.ofBusinessKey(businessKey);
    if (first?.reverses === id) return first;
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

function missing(): never {
  throw new Problem('not-found');
}

/** The same hours and cost with the sign turned. */
const turnedAround = ({ reference, facility, lines }: LaborAllocation, date: string): NewLaborAllocation => ({
  reference,
  facility,
  date,
  lines: lines.map((line) => ({
    ...line,
    hours: new Decimal(0).minus(line.hours).toFixed(),
    cost: opposite(line.cost),
  })),
});

const opposite = (amount: Money): Money => minus(money(0, amount.currency), amount);
