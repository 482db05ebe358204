import type {
  Appointment,
  Bed,
  CareLocation,
  ChangesQuery,
  ClinicalOrder,
  EncounterCharge,
  Patient,
  Practitioner,
  PractitionerRole,
  Procedure,
  Schedule,
  ScheduleSlot,
  SupplyUseRecord,
} from '@concord/canonical';
import type {
  AppointmentQuery,
  BedQuery,
  ChargeQuery,
  LocationQuery,
  OrderQuery,
  PatientQuery,
  PractitionerQuery,
  PractitionerRoleQuery,
  ProcedureQuery,
  ScheduleQuery,
  SlotQuery,
  SupplyUseQuery,
} from './queries.js';

/** What a health record holds beside encounters, by kind: the resource, and what its list can be asked for. */
export interface EhrResources {
  patient: { one: Patient; query: PatientQuery };
  procedure: { one: Procedure; query: ProcedureQuery };
  appointment: { one: Appointment; query: AppointmentQuery };
  schedule: { one: Schedule; query: ScheduleQuery };
  slot: { one: ScheduleSlot; query: SlotQuery };
  order: { one: ClinicalOrder; query: OrderQuery };
  'supply-use': { one: SupplyUseRecord; query: SupplyUseQuery };
  practitioner: { one: Practitioner; query: PractitionerQuery };
  'practitioner-role': { one: PractitionerRole; query: PractitionerRoleQuery };
  location: { one: CareLocation; query: LocationQuery };
  bed: { one: Bed; query: BedQuery };
  charge: { one: EncounterCharge; query: ChargeQuery };
}

export const EHR_KINDS = [
  'patient',
  'procedure',
  'appointment',
  'schedule',
  'slot',
  'order',
  'supply-use',
  'practitioner',
  'practitioner-role',
  'location',
  'bed',
  'charge',
] as const satisfies readonly (keyof EhrResources)[];

export type EhrKind = keyof EhrResources;
export type EhrResource<K extends EhrKind = EhrKind> = EhrResources[K]['one'];
export type EhrQuery<K extends EhrKind = EhrKind> = EhrResources[K]['query'];

/** What a list is asked for beyond its page and its moment of change: `['encounter', 'E-7']`. */
export function filtersOf(query: ChangesQuery): [name: string, value: string][] {
  const { page_size: _size, page_token: _token, changed_since: _since, ...filters } = query;
  return Object.entries(filters).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
}

/** Whether a resource is among what the filters of its list ask for. */
export const isAskedFor = (resource: EhrResource, filters: readonly (readonly [string, string])[]): boolean =>
  filters.every(([name, value]) => FILTERS[name]?.(resource as Filtered, value) ?? false);

/** The fields that filters look at, of whichever kind. */
interface Filtered {
  readonly status?: string;
  readonly kind?: string;
  readonly encounterId?: string;
  readonly patientId?: string;
  readonly npi?: string;
  readonly practitionerId?: string;
  readonly practitionerIds?: readonly string[];
  readonly locationId?: string;
  readonly locationIds?: readonly string[];
  readonly scheduleId?: string;
  readonly partOf?: string;
  readonly startsAt?: string;
}

const FILTERS: Readonly<Record<string, (resource: Filtered, value: string) => boolean>> = {
  status: ({ status }, value) => status === value,
  kind: ({ kind }, value) => kind === value,
  encounter: ({ encounterId }, value) => encounterId === value,
  patient: ({ patientId }, value) => patientId === value,
  npi: ({ npi }, value) => npi === value,
  practitioner: ({ practitionerId, practitionerIds = [] }, value) =>
    practitionerId === value || practitionerIds.includes(value),
  location: ({ locationId, locationIds = [] }, value) => locationId === value || locationIds.includes(value),
  schedule: ({ scheduleId }, value) => scheduleId === value,
  part_of: ({ partOf }, value) => partOf === value,
  from: ({ startsAt }, value) => startsAt !== undefined && Date.parse(startsAt) >= Date.parse(value),
  until: ({ startsAt }, value) => startsAt !== undefined && Date.parse(startsAt) < Date.parse(value),
};
