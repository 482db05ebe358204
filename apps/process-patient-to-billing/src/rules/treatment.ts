import type { ClaimProvider, ClinicianTime, Encounter } from '@concord/canonical';
import type { Reference } from '../reference/reference.js';

/** Who treated, as a claim names them; nothing where the record does not tell their number and name. */
export interface Treatment {
  readonly provider?: ClaimProvider;
}

/** The clinician who was in charge of an encounter; where nobody is said to be, the physician with the most time. */
export function inChargeOf({ clinicians }: Pick<Encounter, 'clinicians'>): ClinicianTime | undefined {
  const leading = clinicians.filter(({ inCharge }) => inCharge);
  const candidates = leading.length ? leading : clinicians.filter(({ role }) => role === 'physician');
  const [first, ...others] = candidates;
  return others.reduce((most, one) => (one.minutes > most!.minutes ? one : most), first);
}

export function treatmentOf({ practitioner }: Reference): Treatment {
  const { npi, familyName, givenName } = practitioner ?? {};
  if (npi === undefined || !/^[0-9]{10}$/.test(npi) || familyName === undefined) return {};
  return { provider: { npi, familyName, ...(givenName === undefined ? {} : { givenName }) } };
}
