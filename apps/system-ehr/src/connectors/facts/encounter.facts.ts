/** What is known of an encounter → the canonical encounter. Pure, and the same for every source. */
import type { ClinicianTime, Coding, Encounter, EncounterService, Identifier, SupplyUse } from '@concord/canonical';
import { Decimal } from 'decimal.js';
import { clinicianTimes } from '../clinician-time.js';
import { distinct } from '../codings.js';
import { decimalOf } from '../quantity.js';
import type { EncounterContent } from '../record.js';
import type { Sheet } from './sheet.js';

/** A charge as it was keyed in, as the fact `charge:<number of the transaction>`. */
export interface ChargeFact {
  /** Its place among those said together. */
  readonly sequence: number;
  /** Absent where the code cannot be carried: then coding is not complete. */
  readonly code?: Coding;
  /** What it does to the quantity: 1 a charge, -1 a credit, 0 a payment or an adjustment of money. */
  readonly sign: 1 | -1 | 0;
  /** A decimal without sign. */
  readonly quantity: string;
  /** The date of service. */
  readonly date: string;
}

/** Somebody's part in an encounter, as the fact `clinician:<their part>`. */
export interface ClinicianFact {
  readonly practitionerId: string;
  readonly role: ClinicianTime['role'];
  readonly inCharge?: boolean;
  /** In UTC; the encounter's own times where it is not said. */
  readonly from?: string;
  readonly to?: string;
}

/** What was used, as the fact `supply:<its number>`. */
export type SupplyFact = Omit<SupplyUse, 'id'>;

const UNSTATED: Identifier = { system: 'urn:concord:facility', value: 'UNSTATED' };

/** Undefined where nothing was said of the encounter itself. */
export function encounterOfSheet(id: string, sheet: Sheet): EncounterContent | undefined {
  const charges = sheet
    .those<ChargeFact>('charge:')
    .sort(bySequence)
    .map(({ value }) => value);
  const rendered = charges.filter(({ sign }) => sign !== 0);
  const days = rendered.map(({ date }) => date).sort();
  const status = statusOf(sheet, rendered.length > 0);
  const startedAt = sheet.value<string>('startedAt') ?? midnight(days[0]);
  const endedAt = sheet.value<string>('endedAt') ?? (status === 'finished' ? midnight(days.at(-1)) : undefined);
  const services = servicesOf(rendered);
  const isCoded = rendered.every(({ code }) => code) && sheet.value('codingStatus') !== 'in-progress';
  return {
    id,
    status,
    class: sheet.value<Encounter['class']>('class') ?? 'ambulatory', // a visit without one is of a clinic
    serviceProvider: sheet.value<Identifier>('facility') ?? sheet.value<Identifier>('sender') ?? UNSTATED,
    startedAt,
    endedAt,
    codingStatus: isCoded ? 'complete' : 'in-progress',
    services: services.length ? services : recorded(sheet), // what is recorded, until charges say what of it is billed
    supplies: sheet
      .those<SupplyFact>('supply:')
      .map(({ name, value }) => ({ id: name.slice('supply:'.length), ...value })),
    clinicians: cliniciansOf(sheet, startedAt, endedAt),
    diagnoses: codingsOf(sheet, 'diagnoses', 'diagnosis:'),
    payer: sheet.value<string>('payer')?.slice(0, 200),
  };
}

/**
 * A discharge that was told after the last change of status ends the visit, whatever kind of message told it. One that is
 * charged and was never admitted is over: nobody charges what was not done.
 */
function statusOf(sheet: Sheet, isCharged: boolean): Encounter['status'] {
  const status = sheet.value<Encounter['status']>('status');
  if (status === 'cancelled') return status;
  const isDischarged = sheet.value('endedAt') !== undefined;
  if (status === undefined) return isDischarged || isCharged ? 'finished' : 'in-progress';
  return isDischarged && sheet.saidAt('endedAt')! > sheet.saidAt('status')! ? 'finished' : status;
}

/** The charges, each code once with what is left of its quantity. */
function servicesOf(charges: readonly ChargeFact[]): EncounterService[] {
  const services = new Map<string, EncounterService>();
  for (const { code, sign, quantity } of charges) {
    if (!code) continue;
    const name = `${code.system}|${code.code}`;
    const known = services.get(name) ?? { id: `charge-${services.size + 1}`, kind: 'charge', code, quantity: '0' };
    services.set(name, { ...known, quantity: decimalOf(new Decimal(quantity).times(sign).plus(known.quantity)) });
  }
  return [...services.values()].filter(({ quantity }) => new Decimal(quantity).greaterThan(0));
}

const recorded = (sheet: Sheet): EncounterService[] =>
  codingsOf(sheet, 'procedures', 'procedure:').map((code, i) => ({
    id: `procedure-${i + 1}`,
    kind: 'procedure',
    code,
    quantity: '1',
  }));

/** A list that was said as a whole, and what was added to it or taken from it one by one since. */
function codingsOf(sheet: Sheet, whole: string, one: string): Coding[] {
  const since = sheet.saidAt(whole) ?? '';
  const removed = new Set(
    sheet
      .those<Coding & { removed?: true }>(one)
      .flatMap(({ saidAt, value }) => (value.removed && saidAt >= since ? `${value.system}|${value.code}` : [])),
  );
  const added = sheet
    .those<Coding & { removed?: true }>(one)
    .flatMap(({ saidAt, value }) => (saidAt >= since && !value.removed ? [value] : []));
  const listed = sheet.value<Coding[]>(whole) ?? [];
  return distinct([...listed, ...added]).filter(({ system, code }) => !removed.has(`${system}|${code}`));
}

function cliniciansOf(sheet: Sheet, startedAt: string | undefined, endedAt: string | undefined): ClinicianTime[] {
  const present = sheet.those<ClinicianFact>('clinician:').map(({ value }) => value);
  return clinicianTimes(present.map(({ from = startedAt, to = endedAt, ...who }) => ({ ...who, from, to })));
}

const bySequence = (
  a: { readonly saidAt: string; readonly value: ChargeFact },
  b: { readonly saidAt: string; readonly value: ChargeFact },
): number => (a.saidAt < b.saidAt ? -1 : a.saidAt > b.saidAt ? 1 : a.value.sequence - b.value.sequence);

const midnight = (day: string | undefined): string | undefined => day && `${day}T00:00:00.000Z`;
