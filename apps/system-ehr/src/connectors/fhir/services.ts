import type { Encounter, Resource } from '@medplum/fhirtypes';
import type { Coding, EncounterService } from '@concord/canonical';
import { decimalOf } from '../quantity.js';
import { codingOf } from './coding.js';

/** A service or a supply whose code may still be missing; as long as it is, coding is in progress. */
export type Uncoded<T, Name extends keyof T> = Omit<T, Name> & { readonly [N in Name]: Coding | undefined };

/** What is recorded but was not, or not yet, done: it is neither charged nor taken from stock. */
const NOT_RENDERED = new Set([
  'entered-in-error', // any resource
  'not-done', // Procedure, Immunization, MedicationAdministration
  'preparation', // Procedure
  'intended', // DeviceUseStatement
  'abandoned', // SupplyDelivery
  'planned', // ChargeItem
  'not-billable', // ChargeItem
  'aborted', // ChargeItem
]);

export const wasRendered = (resource: Resource): boolean =>
  !NOT_RENDERED.has((resource as { status?: string }).status ?? '');

/** The visit itself: each type of the encounter. A type without a code names no service. */
export function visitsOf({ type = [] }: Encounter): EncounterService[] {
  return type.flatMap((concept, i) => {
    const code = codingOf(concept);
    return code ? [{ id: `visit-${i + 1}`, kind: 'visit' as const, code, quantity: '1' }] : [];
  });
}

/** What a resource says was done; undefined for one that is no service. */
export function serviceOf(resource: Resource): Uncoded<EncounterService, 'code'> | undefined {
  const id = `${resource.resourceType}:${resource.id}`;
  switch (resource.resourceType) {
    case 'Procedure':
      return { id, kind: 'procedure', code: codingOf(resource.code), quantity: '1' };
    case 'Immunization':
      return { id, kind: 'immunization', code: codingOf(resource.vaccineCode), quantity: '1' };
    case 'ChargeItem':
      return { id, kind: 'charge', code: codingOf(resource.code), quantity: decimalOf(resource.quantity?.value ?? 1) };
    default:
      return undefined;
  }
}
