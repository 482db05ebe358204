import { Problem, times, total, type Charge, type Encounter, type Money } from '@concord/canonical';
import type { Reference, ServiceCharge } from '../reference/reference.js';

/** The charges of an encounter and their sum. */
export interface Charges {
  readonly lines: readonly Charge[];
  readonly gross: Money;
  /** Service line of the visit, or of the first charge: it bears what is not a service of its own. */
  readonly serviceLine: string;
}

/** Prices an encounter from the charge master. One unknown code stops it, so that no charge is lost. */
export function price(encounter: Encounter, reference: Reference): Charges {
  const unknown = encounter.services.filter((service) => chargeOf(reference, service.id).kind === 'unknown');
  const [first] = unknown;
  if (first) {
    const { chargeCode } = chargeOf(reference, first.id) as { chargeCode?: string };
    const { system, code } = first.code;
    const where: Record<string, string> = chargeCode ? { chargeCode } : { crosswalk: 'service-code' };
    const context = { ...where, system, code, count: String(unknown.length) };
    throw new Problem('unknown-code', 'A service has no charge', { context });
  }
  const lines = chargeable(encounter, reference);
  if (!lines.length) {
    throw new Problem('not-chargeable', 'None of the services carries a charge', {
      context: { encounter: encounter.id },
    });
  }
  return { lines, gross: total(lines.map(({ amount }) => amount)), serviceLine: lines[0]!.serviceLine };
}

/** What can be priced, in the order of the record; services of no charge of their own are left out. */
export function chargeable(encounter: Encounter, reference: Reference): Charge[] {
  return encounter.services.flatMap((service) => {
    const charge = chargeOf(reference, service.id);
    if (charge.kind !== 'charge') return [];
    const { code: chargeCode, description, price: unit, serviceLine } = charge.item;
    const { quantity, code } = service;
    return [
      { chargeCode, service: code, description, serviceLine, quantity, price: unit, amount: times(unit, quantity) },
    ];
  });
}

const chargeOf = (reference: Reference, serviceId: string): ServiceCharge =>
  reference.charges[serviceId] ?? { kind: 'unknown' };
