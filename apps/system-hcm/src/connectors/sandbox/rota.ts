/**
 * The workforce of the sandbox: 32 people named after trees, so that nobody takes them for a person. Each works in one
 * cost center, on the weekdays (Monday is 1) and for the hours of the rota.
 */
import { money, type LaborRate, type Worker } from '@concord/canonical';

export const FACILITIES: ReadonlySet<string> = new Set(['CLINIC-NORTH', 'CLINIC-EAST', 'CLINIC-SOUTH', 'CLINIC-WEST']);

/** An hour of each role, benefits included, in USD. */
export const LABOR_RATES: readonly Omit<LaborRate, 'changedAt'>[] = [
  { role: 'physician', hourlyCost: money('128.00') },
  { role: 'nurse', hourlyCost: money('52.00') },
  { role: 'technician', hourlyCost: money('34.00') },
  { role: 'therapist', hourlyCost: money('46.00') },
  { role: 'other', hourlyCost: money('28.00') },
];

type Rota = readonly [tree: string, role: Worker['role'], serviceLine: string, weekdays: string, hours: number];

const ROTA: Readonly<Record<string, readonly Rota[]>> = {
  NORTH: [
    ['Alder', 'physician', 'PRIMARY-CARE', '12345', 8],
    ['Ash', 'physician', 'EMERGENCY', '1357', 12],
    ['Aspen', 'nurse', 'PRIMARY-CARE', '12345', 8],
    ['Banyan', 'nurse', 'EMERGENCY', '246', 12],
    ['Baobab', 'nurse', 'PREVENTIVE', '1234', 8],
    ['Beech', 'technician', 'IMAGING', '12345', 8],
    ['Birch', 'therapist', 'BEHAVIORAL-HEALTH', '135', 8],
    ['Cedar', 'other', 'PRIMARY-CARE', '12345', 8],
  ],
  EAST: [
    ['Cherry', 'physician', 'WOMENS-HEALTH', '1234', 8],
    ['Chestnut', 'physician', 'PRIMARY-CARE', '12345', 8],
    ['Cypress', 'nurse', 'WOMENS-HEALTH', '12345', 8],
    ['Dogwood', 'nurse', 'PRIMARY-CARE', '12345', 8],
    ['Ebony', 'nurse', 'PREVENTIVE', '245', 8],
    ['Elder', 'technician', 'LABORATORY', '12345', 8],
    ['Elm', 'therapist', 'SURGERY', '124', 8],
    ['Fir', 'other', 'WOMENS-HEALTH', '12345', 8],
  ],
  SOUTH: [
    ['Ginkgo', 'physician', 'SURGERY', '1245', 10],
    ['Hawthorn', 'physician', 'INPATIENT', '123456', 10],
    ['Hazel', 'nurse', 'SURGERY', '1245', 10],
    ['Hickory', 'nurse', 'INPATIENT', '1357', 12],
    ['Holly', 'nurse', 'INPATIENT', '246', 12],
    ['Juniper', 'technician', 'SURGERY', '12345', 8],
    ['Larch', 'therapist', 'INPATIENT', '12345', 8],
    ['Laurel', 'other', 'INPATIENT', '12345', 8],
  ],
  WEST: [
    ['Linden', 'physician', 'BEHAVIORAL-HEALTH', '1234', 8],
    ['Magnolia', 'physician', 'PRIMARY-CARE', '12345', 8],
    ['Mahogany', 'nurse', 'PRIMARY-CARE', '12345', 8],
    ['Maple', 'nurse', 'PREVENTIVE', '12345', 8],
    ['Oak', 'technician', 'IMAGING', '12345', 8],
    ['Pine', 'technician', 'LABORATORY', '12345', 8],
    ['Rowan', 'therapist', 'BEHAVIORAL-HEALTH', '12345', 8],
    ['Willow', 'other', 'PRIMARY-CARE', '', 0],
  ],
};

/** Somebody of the rota, and where and when he works. */
export interface RotaEntry {
  readonly id: string;
  readonly tree: string;
  readonly role: Worker['role'];
  readonly clinic: string;
  readonly serviceLine: string;
  readonly weekdays: string;
  readonly hours: number;
}

/** Whoever has no weekdays any more has left. */
export const STAFF: readonly RotaEntry[] = Object.entries(ROTA)
  .flatMap(([clinic, rotas]) => rotas.map((rota) => ({ clinic, rota })))
  .map(({ clinic, rota: [tree, role, serviceLine, weekdays, hours] }, i) => ({
    id: `W-${1001 + i}`,
    tree,
    role,
    clinic,
    serviceLine,
    weekdays,
    hours,
  }));
