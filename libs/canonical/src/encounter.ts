import { Coding, Identifier } from './coding.js';
import { choice, code, count, decimal, flag, formatted, instant, list, nested, text } from './field.js';
import { changedAt, revision } from './revision.js';

export const ENCOUNTER_STATUS = ['planned', 'in-progress', 'finished', 'cancelled'] as const;
export const ENCOUNTER_CLASS = ['ambulatory', 'emergency', 'inpatient', 'home', 'virtual', 'other'] as const;
export const SERVICE_KIND = ['visit', 'procedure', 'immunization', 'charge'] as const;
export const PRACTITIONER_ROLE = ['physician', 'nurse', 'technician', 'therapist', 'other'] as const;

/** One service that was rendered: the visit itself, a procedure, an immunization, or a charge keyed in by hand. */
export class EncounterService {
  @code('Identifier inside the encounter', { example: 'service-1' })
  id!: string;

  @choice('What kind of service', SERVICE_KIND)
  kind!: (typeof SERVICE_KIND)[number];

  @nested('What was done', () => Coding)
  code!: Coding;

  @decimal('How often or how much', { example: '1' })
  quantity!: string;
}

/** One thing that was used up or implanted. */
export class SupplyUse {
  @code('Identifier inside the encounter', { example: 'supply-1' })
  id!: string;

  @nested('What was used, in the code system of the scan or of the record', () => Coding)
  item!: Coding;

  @decimal('How much, in `unit`', { example: '1' })
  quantity!: string;

  @text('Unit of use, UCUM where the record has it', { max: 40, example: '{dose}' })
  unit!: string;

  @text('Lot or batch number', { optional: true, max: 40 })
  lot?: string;
}

/** The time that one clinician gave to the encounter. */
export class ClinicianTime {
  @code('Practitioner in the EHR')
  practitionerId!: string;

  @formatted('National Provider Identifier, where the encounter names the clinician by nothing else', /^[0-9]{10}$/, {
    optional: true,
    example: '1999999984',
  })
  npi?: string;

  @choice('In what role', PRACTITIONER_ROLE)
  role!: (typeof PRACTITIONER_ROLE)[number];

  @count('Minutes', { max: 100_000, example: 15 })
  minutes!: number;

  @flag('Whether the encounter was in their charge: the attending, or who performed it', { optional: true })
  inCharge?: boolean;
}

/** An encounter as finance needs it: what was done, used and by whom. It names no patient (45 CFR 164.502(b)). */
export class Encounter {
  @code('Identifier in the EHR', { example: '5a018e7c-5680-4426-98a8-6ffaf4fc70a4' })
  id!: string;

  @choice('Where the encounter stands', ENCOUNTER_STATUS)
  status!: (typeof ENCOUNTER_STATUS)[number];

  @choice('Kind of encounter', ENCOUNTER_CLASS)
  class!: (typeof ENCOUNTER_CLASS)[number];

  @nested('The organization or location that rendered it, as the EHR names it', () => Identifier)
  serviceProvider!: Identifier;

  @instant('When it began', { optional: true })
  startedAt?: string;

  @instant('When it ended', { optional: true })
  endedAt?: string;

  @choice('Whether coding is complete', ['complete', 'in-progress'])
  codingStatus!: 'complete' | 'in-progress';

  @list('Services rendered', () => EncounterService)
  services!: EncounterService[];

  @list('Things used', () => SupplyUse)
  supplies!: SupplyUse[];

  @list('Clinicians and their time', () => ClinicianTime)
  clinicians!: ClinicianTime[];

  @list('Diagnoses', () => Coding, { dataClass: 'clinical' })
  diagnoses!: Coding[];

  @text('Who pays, as the EHR names it', { optional: true, example: 'medicare' })
  payer?: string;

  @count('Version of the record in the EHR, rising with each change', { example: 1 })
  version!: number;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}
