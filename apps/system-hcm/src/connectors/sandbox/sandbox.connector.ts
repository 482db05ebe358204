import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import {
  Assignment,
  Credential,
  money,
  Onboarding,
  OrgUnit,
  Position,
  Shift,
  Termination,
  TimeEntry,
  Worker,
  type LaborRate,
  type PayResult,
} from '@concord/canonical';
import { migrate } from '@concord/database';
import { log } from '@concord/observability';
import { ChangeAttempts } from '@concord/resilience';
import { Repeatable } from '../../changes/repeatable.js';
import { WorkerAnnouncements } from '../../changes/worker-announcements.js';
import { CAPABILITIES, HcmConnector } from '../../connector.js';
import type { ChangeOf, HcmResourceName, NewOf, One, QueryOf } from '../../resources.js';
import type { ConnectorParts } from '../connector.parts.js';
import { LaborLedger } from '../labor/labor.ledger.js';
import { PAY_RESULT } from '../record/kind.js';
import { RecordStore } from '../record/record.store.js';
import { EFFECTS } from './effective-dates.js';
import { faultyLabor } from './faulty-labor.js';
import { migrations } from './migrations.js';
import { FACILITIES } from './rota.js';
import { assignmentRules } from './rules/assignment.rules.js';
import { credentialRules } from './rules/credential.rules.js';
import { onboardingRules, terminationRules } from './rules/lifecycle.rules.js';
import { orgUnitRules, positionRules } from './rules/organisation.rules.js';
import { shiftRules, timeEntryRules } from './rules/time.rules.js';
import { workerRules } from './rules/worker.rules.js';
import { atDesk, SandboxReadable, SandboxResource, type Rules, type SandboxParts } from './sandbox.resource.js';
import { seed } from './seed.js';
import type { SandboxTables } from './tables.js';

const SCHEMA = 'sandbox_hcm';
const EFFECTIVE_EVERY_MS = 60_000;
/** What takes effect in one transaction, and in one sweep. */
const PAGE = 500;
const PAGES_A_SWEEP = 20;

/** A platform for human capital management inside our own Postgres: strict as a real one, and failing on demand. */
export class SandboxConnector extends HcmConnector implements OnModuleInit, OnModuleDestroy {
  readonly capabilities = new Set(CAPABILITIES);
  readonly workers;
  readonly positions;
  readonly assignments;
  readonly orgUnits;
  readonly shifts;
  readonly timeEntries;
  readonly payResults;
  readonly credentials;
  readonly onboardings;
  readonly terminations;
  readonly labor;
  private readonly sandbox: SandboxParts;
  private readonly attempts: ChangeAttempts;
  private rates: readonly LaborRate[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor({ database, vault, events, clock, faults }: ConnectorParts) {
    super();
    const records = new RecordStore(SCHEMA, vault);
    const sandbox = { database, records, faults, clock, announcements: new WorkerAnnouncements(events, 'sandbox') };
    this.sandbox = sandbox;
    this.attempts = new ChangeAttempts(database, 'hcm', 'sandbox');
    const changeable = <N extends HcmResourceName>(rules: Rules<One<N>, NewOf<N>>, shape: abstract new () => One<N>) =>
      new Repeatable<One<N>, QueryOf<N>, NewOf<N>, ChangeOf<N>>(
        new SandboxResource<One<N>, QueryOf<N>, NewOf<N>, ChangeOf<N>>(sandbox, rules, shape),
        rules.kind.name,
        this.attempts,
      );
    this.workers = changeable<'workers'>(workerRules, Worker);
    this.positions = changeable<'positions'>(positionRules, Position);
    this.assignments = changeable<'assignments'>(assignmentRules, Assignment);
    this.orgUnits = changeable<'orgUnits'>(orgUnitRules, OrgUnit);
    this.shifts = changeable<'shifts'>(shiftRules, Shift);
    this.timeEntries = changeable<'timeEntries'>(timeEntryRules, TimeEntry);
    this.payResults = new SandboxReadable<PayResult, QueryOf<'payResults'>>(sandbox, { kind: PAY_RESULT });
    this.credentials = changeable<'credentials'>(credentialRules, Credential);
    this.onboardings = changeable<'onboardings'>(onboardingRules, Onboarding);
    this.terminations = changeable<'terminations'>(terminationRules, Termination);
    const terms = { rates: () => Promise.resolve(this.rates), facilities: () => Promise.resolve(FACILITIES) };
    this.labor = faultyLabor(new LaborLedger(database, SCHEMA, terms, clock), faults);
  }

  async onModuleInit(): Promise<void> {
    await WorkerAnnouncements.migrate(this.sandbox.database);
    await this.attempts.migrate();
    await migrate(this.sandbox.database, 'sandbox-hcm', migrations);
    await seed(this.sandbox);
    this.rates = await this.readRates();
    this.timer = setInterval(() => {
      this.letEffect().catch((error: unknown) => log.error('hcm.effective-dates-failed', { error }));
    }, EFFECTIVE_EVERY_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  probe(): Promise<void> {
    return this.sandbox.faults.around('probe', () => Promise.resolve());
  }

  /**
   * Lets what was dated ahead take effect; called every minute, and by whoever turns the clock. Each page is a transaction
   * of its own, and what is beyond the last page waits for the next call.
   */
  async letEffect({ pages = PAGES_A_SWEEP, page = PAGE } = {}): Promise<void> {
    for (const effect of EFFECTS) {
      for (let done = 0; done < pages; done++)
        if ((await atDesk(this.sandbox, (desk) => effect(desk, page))) < page) break;
    }
  }

  private async readRates(): Promise<LaborRate[]> {
    const tables = this.sandbox.database.$extendTables<SandboxTables>();
    const rows = await tables.selectFrom('sandbox_hcm.labor_rate').selectAll().orderBy('role').execute();
    return rows.map(({ role, hourly_cost, currency, changed_at }) => ({
      role,
      hourlyCost: money(hourly_cost, currency),
      changedAt: changed_at.toISOString(),
    }));
  }
}
