/** FHIR R4 Location (§8.8) → canonical: a place, or a bed. */
import type * as Fhir from '@medplum/fhirtypes';
import type { Bed, CareLocation, Identifier } from '@concord/canonical';
import type { Content } from '../record.js';
import { idOf } from './reference-id.js';
import { listOf, textOf } from './wire.js';

/** LocationPhysicalType (FHIR R4). */
const KIND = new Map<string | undefined, CareLocation['kind']>([
  ['si', 'site'],
  ['bu', 'building'],
  ['wi', 'ward'], // wing
  ['wa', 'ward'],
  ['lvl', 'ward'], // level of a building
  ['ro', 'room'],
  ['bd', 'bed'],
]);

/** HL7 table 0116, the codes of `Location.operationalStatus`. */
const BED_STATUS = new Map<string | undefined, Bed['status']>([
  ['U', 'free'],
  ['O', 'occupied'],
  ['H', 'housekeeping'],
  ['K', 'contaminated'],
  ['I', 'isolated'],
  ['C', 'closed'],
]);

const STATUS = ['active', 'suspended', 'inactive'] as const;

export function locationFromFhir(id: string, from: Fhir.Location): Content<CareLocation> {
  return {
    id,
    kind: kindOf(from),
    status: STATUS.find((known) => known === from.status) ?? 'active',
    name: nameOf(from),
    number: numberOf(from),
    partOf: idOf(from.partOf, 'Location'),
  };
}

/** Undefined for a place that is no bed. */
export function bedFromFhir(id: string, from: Fhir.Location): Content<Bed> | undefined {
  if (kindOf(from) !== 'bed') return undefined;
  return {
    id,
    name: nameOf(from),
    locationId: idOf(from.partOf, 'Location'),
    status: from.status === 'inactive' ? 'closed' : (BED_STATUS.get(from.operationalStatus?.code) ?? 'unknown'),
  };
}

const kindOf = ({ physicalType }: Fhir.Location): CareLocation['kind'] =>
  listOf(physicalType?.coding).flatMap(({ code }) => KIND.get(code) ?? [])[0] ?? 'other';

const nameOf = ({ name, description }: Fhir.Location) => (textOf(name) ?? textOf(description))?.slice(0, 200);

function numberOf({ identifier }: Fhir.Location): Identifier | undefined {
  const [first] = listOf(identifier).filter(({ value }) => /^[\x21-\x7e]{1,100}$/.test(textOf(value) ?? ''));
  return first && { system: (textOf(first.system) ?? 'urn:concord:location').slice(0, 200), value: first.value ?? '' };
}
