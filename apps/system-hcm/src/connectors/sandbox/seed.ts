import type { Onboarding, Termination } from '@concord/canonical';
import { putChanged, type Database } from '@concord/database';
import type { WorkerAnnouncements } from '../../changes/worker-announcements.js';
import {
  ASSIGNMENT,
  CREDENTIAL,
  ONBOARDING,
  ORG_UNIT,
  PAY_RESULT,
  POSITION,
  SHIFT,
  TERMINATION,
  TIME_ENTRY,
  WORKER,
  type Kind,
  type Versioned,
} from '../record/kind.js';
import type { Body, RecordStore } from '../record/record.store.js';
import { LABOR_RATES, STAFF } from './rota.js';
import {
  seededAssignments,
  seededCredentials,
  seededOrgUnits,
  seededPayResults,
  seededPositions,
  seededTimeEntries,
  seededWorkers,
} from './seeded-staff.js';
import { shiftsAround } from './shifts.js';

const JOINED: Body<Onboarding> = {
  id: 'ON-1001',
  workerId: STAFF[0]!.id,
  startsOn: '2021-06-01',
  state: 'active',
  checklist: [{ code: 'CONTRACT-SIGNED', title: 'The contract is signed', done: true }],
};

const LEFT: Body<Termination> = {
  id: 'OFF-1001',
  workerId: STAFF.find(({ weekdays }) => !weekdays)!.id,
  lastDay: '2025-06-30',
  reason: 'retirement',
  accessEnds: 'after-last-day',
  state: 'deprovisioned',
  checklist: [{ code: 'BADGE-RETURNED', title: 'Badge and keys are returned', done: true }],
};

interface Parts {
  readonly database: Database;
  readonly records: RecordStore;
  readonly announcements: WorkerAnnouncements;
  readonly clock: () => Date;
}

/** Writes what is missing: the staff with all that belongs to it, rates, and the shifts of the weeks around today. */
export async function seed({ database, records, announcements, clock }: Parts): Promise<void> {
  const now = clock();
  await database.transaction().execute(async (tx) => {
    const rates = LABOR_RATES.map(({ role, hourlyCost }) => ({
      role,
      hourly_cost: hourlyCost.amount,
      currency: hourlyCost.currency,
    }));
    await putChanged(tx, 'sandbox_hcm.labor_rate', ['role'], rates, now);
    const missing = <T extends Versioned>(kind: Kind<T>, bodies: readonly Body<T>[]) =>
      records.addAll(tx, kind, bodies, now);
    await missing(ORG_UNIT, seededOrgUnits());
    await missing(POSITION, seededPositions());
    await announcements.tell(tx, await missing(WORKER, seededWorkers()));
    await missing(ASSIGNMENT, seededAssignments());
    await missing(CREDENTIAL, seededCredentials());
    await missing(SHIFT, shiftsAround(now));
    await missing(TIME_ENTRY, seededTimeEntries(now));
    await missing(PAY_RESULT, seededPayResults(now));
    await missing(ONBOARDING, [JOINED]);
    await missing(TERMINATION, [LEFT]);
  });
  announcements.announce();
}
