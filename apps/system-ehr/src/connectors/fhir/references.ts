import type { Reference, Resource } from '@medplum/fhirtypes';
import { targetOf } from '@concord/fhir';
import { listOf, textOf } from './wire.js';

/** The types that the record keeps. The rest stays in the raw message: finance must not hold what it does not need. */
export const KEPT: ReadonlySet<string> = new Set([
  'Encounter',
  'Procedure',
  'Immunization',
  'ChargeItem',
  'DeviceUseStatement',
  'SupplyDelivery',
  'MedicationAdministration',
  'Condition',
  'Claim',
  'Coverage',
  'Device',
  'Medication',
  'Patient',
  'Practitioner',
  'PractitionerRole',
  'Location',
  'Appointment',
  'Schedule',
  'Slot',
  'ServiceRequest',
  'MedicationRequest',
  'DeviceRequest',
]);

/** The elements by which a resource refers to what says more about it, or to what it is part of. */
interface Referring {
  readonly device?: Reference;
  readonly medicationReference?: Reference;
  readonly suppliedItem?: { readonly itemReference?: Reference };
  readonly insurance?: readonly { readonly coverage?: Reference }[];
  readonly diagnosis?: readonly { readonly condition?: Reference }[];
  readonly derivedFrom?: readonly Reference[];
  readonly partOf?: readonly Reference[];
}

/** What says more about it: the device that was used, the coverage of a claim, the condition that was diagnosed. */
export function mentionsOf(resource: Resource): string[] {
  const { device, medicationReference, suppliedItem, insurance, diagnosis } = resource as Referring;
  const coverages = listOf(insurance).map(({ coverage }) => coverage);
  const conditions = resource.resourceType === 'Encounter' ? listOf(diagnosis).map(({ condition }) => condition) : [];
  const references = [device, medicationReference, suppliedItem?.itemReference, ...coverages, ...conditions];
  return references.flatMap((reference) => keyOf(reference) ?? []);
}

/** What it was used in or is part of, where that may come later and name the encounter. */
export function parentOf(resource: Resource): string | undefined {
  const { derivedFrom, partOf } = resource as Referring;
  const keys = [...listOf(derivedFrom), ...listOf(partOf)].flatMap((reference) => keyOf(reference) ?? []);
  return keys[0];
}

/** `Type/id` of a reference to a resource that the record keeps. */
function keyOf(reference: Reference | undefined): string | undefined {
  const target = targetOf(textOf(reference?.reference));
  return target && KEPT.has(target.resourceType) ? `${target.resourceType}/${target.id}` : undefined;
}
