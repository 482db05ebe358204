/** Which FHIR R4 resources tell of each kind, and how they are read: one table for every connector that has FHIR behind it. */
import type { Resource, ResourceType } from '@medplum/fhirtypes';
import type { EhrKind, EhrResource } from '../../resources.js';
import { chargeFromFhir } from './charge.mapping.js';
import type { Content } from '../record.js';
import type { Context } from './context.js';
import { orderFromFhir } from './order.mapping.js';
import { patientFromFhir, practitionerFromFhir, roleFromFhir } from './person.mapping.js';
import { bedFromFhir, locationFromFhir } from './place.mapping.js';
import { procedureFromFhir } from './procedure.mapping.js';
import { carried } from './reference-id.js';
import { appointmentFromFhir, scheduleFromFhir, slotFromFhir } from './scheduling.mapping.js';
import { supplyUseFromFhir } from './supply-use.mapping.js';

type Mapping<K extends EhrKind> = (id: string, from: never, context: Context) => Content<EhrResource<K>> | undefined;

interface Kind<K extends EhrKind> {
  readonly types: readonly ResourceType[];
  readonly mapping: Mapping<K>;
}

/** Where several types make one kind, the id says the type, too: `DeviceUseStatement:7`. */
export const KINDS: { readonly [K in EhrKind]: Kind<K> } = {
  patient: { types: ['Patient'], mapping: patientFromFhir },
  procedure: { types: ['Procedure'], mapping: procedureFromFhir },
  appointment: { types: ['Appointment'], mapping: appointmentFromFhir },
  schedule: { types: ['Schedule'], mapping: scheduleFromFhir },
  slot: { types: ['Slot'], mapping: slotFromFhir },
  order: { types: ['ServiceRequest', 'MedicationRequest', 'DeviceRequest'], mapping: orderFromFhir },
  'supply-use': {
    types: ['DeviceUseStatement', 'SupplyDelivery', 'MedicationAdministration', 'Immunization'],
    mapping: supplyUseFromFhir,
  },
  practitioner: { types: ['Practitioner'], mapping: practitionerFromFhir },
  'practitioner-role': { types: ['PractitionerRole'], mapping: roleFromFhir },
  location: { types: ['Location'], mapping: locationFromFhir },
  bed: { types: ['Location'], mapping: bedFromFhir },
  charge: { types: ['ChargeItem'], mapping: chargeFromFhir },
};

/** `Type/id` of the resource behind an id of ours; undefined for an id that no resource of the kind could have. */
export function keyOf(kind: EhrKind, id: string): string | undefined {
  const { types } = KINDS[kind];
  if (types.length === 1) return `${types[0]}/${id}`;
  const [, type, own] = /^([A-Za-z]+):(.+)$/.exec(id) ?? [];
  return types.some((known) => known === type) ? `${type}/${own}` : undefined;
}

/** The canonical resource; undefined for one that is not of the kind, says nothing, or has an id that cannot be carried. */
export function fromFhir<K extends EhrKind>(
  kind: K,
  resource: Resource,
  context: Context,
): Content<EhrResource<K>> | undefined {
  const { types, mapping } = KINDS[kind];
  const id = carried(types.length === 1 ? resource.id : `${resource.resourceType}:${resource.id}`);
  return id === undefined ? undefined : mapping(id, resource as never, context);
}
