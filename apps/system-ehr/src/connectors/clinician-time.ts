import { CODE, type ClinicianTime } from '@concord/canonical';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const MINUTES_A_DAY_OF_STAY = 60;

/** Somebody's presence at an encounter; `from` and `to` in UTC. */
export interface Presence {
  readonly practitionerId: string;
  readonly npi?: string;
  readonly role: ClinicianTime['role'];
  readonly inCharge?: boolean;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/**
 * The minutes that each clinician gave, by person and role. The same presence said twice counts once; of a practitioner
 * whose number cannot be carried nothing is said.
 */
export function clinicianTimes(presences: readonly Presence[]): ClinicianTime[] {
  const distinct = new Map(presences.map((one) => [JSON.stringify(one), one]));
  const times = new Map<string, ClinicianTime>();
  for (const { practitionerId, npi, role, inCharge, from, to } of distinct.values()) {
    if (!CODE.test(practitionerId)) continue;
    const known = times.get(`${practitionerId} ${role}`);
    const minutes = (known?.minutes ?? 0) + minutesBetween(from, to);
    const leads = inCharge || known?.inCharge ? { inCharge: true } : {};
    const number = npi === undefined ? {} : { npi };
    times.set(`${practitionerId} ${role}`, { practitionerId, ...number, role, minutes, ...leads });
  }
  return [...times.values()];
}

/**
 * Minutes up to a day; beyond it 60 for each day begun, for a clinician does not sit with the patient all night, and a
 * stay of a week must not cost a week of a physician.
 */
export function minutesBetween(from: string | undefined, to: string | undefined): number {
  if (from === undefined || to === undefined) return 0;
  const length = Math.max(Date.parse(to) - Date.parse(from), 0);
  return length <= DAY ? Math.round(length / MINUTE) : Math.ceil(length / DAY) * MINUTES_A_DAY_OF_STAY;
}
