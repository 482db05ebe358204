import {
  APPOINTMENT_STATUS,
  BED_STATUS,
  ChangesQuery,
  choice,
  code,
  ENCOUNTER_CHARGE_STATUS,
  ENCOUNTER_STATUS,
  EVENT_STATUS,
  formatted,
  instant,
  LOCATION_KIND,
  ORDER_STATUS,
  SLOT_STATUS,
  SUPPLY_USE_KIND,
  type Appointment,
  type Bed,
  type CareLocation,
  type ClinicalOrder,
  type Encounter,
  type EncounterCharge,
  type Procedure,
  type ScheduleSlot,
  type SupplyUseRecord,
} from '@concord/canonical';

// What the lists can be asked for; a filter that is left out lets everything pass. Nobody is searched for by name.

export class EncounterQuery extends ChangesQuery {
  @choice('Status', ENCOUNTER_STATUS, { optional: true })
  status?: Encounter['status'];
}

export class PatientQuery extends ChangesQuery {}

export class ProcedureQuery extends ChangesQuery {
  @choice('Status', EVENT_STATUS, { optional: true })
  status?: Procedure['status'];

  @code('Encounter', { optional: true })
  encounter?: string;

  @code('Patient, by the identifier of the EHR', { optional: true })
  patient?: string;
}

export class AppointmentQuery extends ChangesQuery {
  @choice('Status', APPOINTMENT_STATUS, { optional: true })
  status?: Appointment['status'];

  @code('Practitioner', { optional: true })
  practitioner?: string;

  @code('Place', { optional: true })
  location?: string;

  @code('Patient, by the identifier of the EHR', { optional: true })
  patient?: string;

  @instant('Only what begins at this moment or later', { optional: true })
  from?: string;

  @instant('Only what begins before this moment', { optional: true })
  until?: string;
}

export class ScheduleQuery extends ChangesQuery {
  @code('Practitioner', { optional: true })
  practitioner?: string;

  @code('Place', { optional: true })
  location?: string;
}

export class SlotQuery extends ChangesQuery {
  @code('Schedule', { optional: true })
  schedule?: string;

  @choice('Status', SLOT_STATUS, { optional: true })
  status?: ScheduleSlot['status'];

  @instant('Only what begins at this moment or later', { optional: true })
  from?: string;

  @instant('Only what begins before this moment', { optional: true })
  until?: string;
}

export class OrderQuery extends ChangesQuery {
  @choice('Status', ORDER_STATUS, { optional: true })
  status?: ClinicalOrder['status'];

  @code('Encounter', { optional: true })
  encounter?: string;

  @code('Patient, by the identifier of the EHR', { optional: true })
  patient?: string;
}

export class SupplyUseQuery extends ChangesQuery {
  @choice('Kind', SUPPLY_USE_KIND, { optional: true })
  kind?: SupplyUseRecord['kind'];

  @code('Encounter', { optional: true })
  encounter?: string;

  @code('Patient, by the identifier of the EHR', { optional: true })
  patient?: string;
}

export class PractitionerQuery extends ChangesQuery {
  @formatted('National Provider Identifier', /^[0-9]{10}$/, { optional: true, example: '1999999984' })
  npi?: string;
}

export class PractitionerRoleQuery extends ChangesQuery {
  @code('Practitioner', { optional: true })
  practitioner?: string;

  @code('Place', { optional: true })
  location?: string;
}

export class LocationQuery extends ChangesQuery {
  @choice('Kind', LOCATION_KIND, { optional: true })
  kind?: CareLocation['kind'];

  @code('The place of which it is a part', { optional: true })
  part_of?: string;
}

export class BedQuery extends ChangesQuery {
  @choice('Status', BED_STATUS, { optional: true })
  status?: Bed['status'];

  @code('The room or ward where it stands', { optional: true })
  location?: string;
}

export class ChargeQuery extends ChangesQuery {
  @choice('Status', ENCOUNTER_CHARGE_STATUS, { optional: true })
  status?: EncounterCharge['status'];

  @code('Encounter', { optional: true })
  encounter?: string;

  @code('Patient, by the identifier of the EHR', { optional: true })
  patient?: string;
}
