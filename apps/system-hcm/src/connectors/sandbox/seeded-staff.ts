/** The people of the rota with all that an employer keeps of them, made up by rule so that every start has the same. */
import type { Assignment, Credential, OrgUnit, PayResult, Position, TimeEntry, Worker } from '@concord/canonical';
import { minus, money, times } from '@concord/canonical';
import type { Body } from '../record/record.store.js';
import { LABOR_RATES, STAFF, type RotaEntry } from './rota.js';
import { shiftsAround } from './shifts.js';

const LEGAL_ENTITIES: Readonly<Record<string, string>> = { NORTH: 'LSH', EAST: 'LSP', SOUTH: 'LSH', WEST: 'LSP' };
const LEFT_ON = '2025-06-30';

const TITLES: Readonly<Record<Worker['role'], string>> = {
  physician: 'Physician',
  nurse: 'Registered nurse',
  technician: 'Technician',
  therapist: 'Therapist',
  other: 'Front desk associate',
};

const numberOf = ({ id }: RotaEntry): number => Number(id.slice(2));
const orgUnitOf = ({ clinic, serviceLine }: RotaEntry): string => `OU-${clinic}-${serviceLine}`;
const costCenterOf = ({ clinic, serviceLine }: RotaEntry): string => `CC-${clinic}-${serviceLine}`;
const twoDigits = (value: number): string => String(value).padStart(2, '0');
const startOf = (one: RotaEntry): string => `2021-${twoDigits(1 + (numberOf(one) % 12))}-01`;

/** The first of each clinic leads it. */
const leaderOf = (clinic: string): RotaEntry => STAFF.find((one) => one.clinic === clinic)!;

const managerOf = (one: RotaEntry): string | undefined => {
  const leader = leaderOf(one.clinic).id;
  return leader === one.id ? undefined : leader;
};

export const seededWorkers = (): Body<Worker>[] =>
  STAFF.map((one) => ({
    id: one.id,
    name: `${one.tree} Testworker`,
    role: one.role,
    jobTitle: TITLES[one.role],
    email: `${one.tree.toLowerCase()}.testworker@example.org`,
    legalEntity: LEGAL_ENTITIES[one.clinic],
    facility: `CLINIC-${one.clinic}`,
    orgUnit: orgUnitOf(one),
    costCenter: costCenterOf(one),
    positionId: `POS-${numberOf(one)}`,
    managerId: managerOf(one),
    startsOn: startOf(one),
    lastDay: one.weekdays ? undefined : LEFT_ON,
    status: one.weekdays ? 'active' : 'terminated',
    personal: {
      birthDate: `19${60 + (numberOf(one) % 40)}-${twoDigits(1 + (numberOf(one) % 12))}-15`,
      email: `${one.tree.toLowerCase()}@home.example`,
      phone: `+1 555 0100 ${numberOf(one)}`,
      address: `${numberOf(one)} Synthetic Road`,
    },
  }));

export function seededOrgUnits(): Body<OrgUnit>[] {
  const top: Body<OrgUnit> = { id: 'OU-HEALTH', name: 'Synthetic Health', kind: 'legal-entity', status: 'active' };
  const clinics = [...new Set(STAFF.map(({ clinic }) => clinic))].map((clinic) => ({
    id: `OU-${clinic}`,
    name: `Clinic ${clinic.toLowerCase()}`,
    kind: 'division' as const,
    parentId: top.id,
    managerId: leaderOf(clinic).id,
    status: 'active' as const,
  }));
  const departments = new Map(STAFF.map((one) => [orgUnitOf(one), one]));
  return [
    top,
    ...clinics,
    ...[...departments].map(([id, one]) => ({
      id,
      name: `${one.serviceLine.toLowerCase().replaceAll('-', ' ')}, clinic ${one.clinic.toLowerCase()}`,
      kind: 'department' as const,
      parentId: `OU-${one.clinic}`,
      costCenter: costCenterOf(one),
      status: 'active' as const,
    })),
  ];
}

export const seededPositions = (): Body<Position>[] =>
  STAFF.map((one) => ({
    id: `POS-${numberOf(one)}`,
    title: `${TITLES[one.role]}, ${one.serviceLine.toLowerCase().replaceAll('-', ' ')}`,
    role: one.role,
    orgUnit: orgUnitOf(one),
    costCenter: costCenterOf(one),
    fte: '1.00',
    status: one.weekdays ? 'filled' : 'open',
  }));

export const seededAssignments = (): Body<Assignment>[] =>
  STAFF.map((one) => ({
    id: `ASG-${numberOf(one)}`,
    workerId: one.id,
    startsOn: startOf(one),
    endsOn: one.weekdays ? undefined : LEFT_ON,
    facility: `CLINIC-${one.clinic}`,
    orgUnit: orgUnitOf(one),
    costCenter: costCenterOf(one),
    positionId: `POS-${numberOf(one)}`,
    managerId: managerOf(one),
    fte: '1.00',
    reason: 'hire',
  }));

type Held = readonly [code: string, kind: Credential['kind'], expiresOn: string | undefined, privileges: string[]];

const HELD: Readonly<Record<Worker['role'], readonly Held[]>> = {
  physician: [
    ['MD', 'license', '2031-12-31', ['PRESCRIBE', 'SEDATION']],
    ['BOARD', 'board-certification', '2029-06-30', ['SURGERY']],
  ],
  nurse: [
    ['RN', 'license', '2030-12-31', ['MEDICATE']],
    ['ACLS', 'training', '2028-03-31', ['SEDATION']],
  ],
  technician: [['RT', 'license', '2029-12-31', ['IMAGING']]],
  therapist: [['PT', 'license', '2029-12-31', []]],
  other: [],
};

export const seededCredentials = (): Body<Credential>[] =>
  STAFF.flatMap((one) =>
    HELD[one.role].map(([code, kind, expiresOn, privileges]) => ({
      id: `CRED-${numberOf(one)}-${code}`,
      workerId: one.id,
      kind,
      code,
      issuer: 'Synthetic Board of Professions',
      number: `SYN-${numberOf(one)}-${code}`,
      issuedOn: '2020-01-01',
      // One of them let his license lapse, so that there is something to find.
      expiresOn: one.tree === 'Rowan' ? '2024-12-31' : expiresOn,
      privileges,
      status: 'active' as const,
    })),
  );

const HOURS_A_MONTH = '160';
const MONTHS_BACK = [2, 1];

/** The two months before the one of a day. */
export function seededPayResults(today: Date): Body<PayResult>[] {
  const rates = new Map(LABOR_RATES.map(({ role, hourlyCost }) => [role, hourlyCost]));
  return MONTHS_BACK.flatMap((back) => {
    const first = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - back, 1));
    const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0));
    const period = first.toISOString().slice(0, 7);
    return STAFF.filter(({ weekdays }) => weekdays).map((one): Body<PayResult> => {
      const gross = times(rates.get(one.role) ?? money(0), HOURS_A_MONTH);
      const tax = times(gross, '0.24');
      const costCenter = costCenterOf(one);
      return {
        id: `${period}.${one.id}`,
        workerId: one.id,
        period,
        startsOn: first.toISOString().slice(0, 10),
        endsOn: last.toISOString().slice(0, 10),
        paidOn: last.toISOString().slice(0, 10),
        gross,
        net: minus(gross, tax),
        lines: [
          { code: 'REG', kind: 'earning', amount: gross, costCenter },
          { code: 'TAX', kind: 'tax', amount: tax },
        ],
      };
    });
  });
}

/** The hours of the rota on the three days before a day. */
export function seededTimeEntries(today: Date): Body<TimeEntry>[] {
  const until = today.toISOString().slice(0, 10);
  const from = new Date(today.getTime() - 3 * 86_400_000).toISOString().slice(0, 10);
  const centers = new Map(STAFF.map((one) => [one.id, costCenterOf(one)]));
  return shiftsAround(today)
    .filter(({ date }) => date >= from && date < until)
    .map(({ id, workerId, date, hours }) => ({
      id: `TE-${id}`,
      workerId,
      date,
      hours: `${hours}.00`,
      payCode: 'regular',
      costCenter: centers.get(workerId)!,
      shiftId: id,
      status: 'approved',
    }));
}
