import { choice, code, day, formatted, text } from './field.js';
import { changeOf } from './merge-patch.js';
import type { Phi } from './phi.js';
import { changedAt, revision } from './revision.js';

/** Who pays first, where several insure the same patient. */
export const COVERAGE_ORDERS = ['primary', 'secondary', 'tertiary'] as const;

/** Who insures the patient of an encounter, and under which number. It is what an electronic claim names its subscriber by. */
export class NewCoverage {
  @code('Encounter')
  encounterId!: string;

  @code('Payer')
  payer!: string;

  @formatted('Member number at the payer', /^[A-Z0-9]{2,80}$/, { dataClass: 'phi', example: 'W000000001' })
  memberId!: Phi<string>;

  @text('Family name of the subscriber', { dataClass: 'phi', max: 60 })
  familyName!: Phi<string>;

  @text('Given name of the subscriber', { dataClass: 'phi', max: 35 })
  givenName!: Phi<string>;

  @day('Birth date of the subscriber', { dataClass: 'phi' })
  birthDate!: Phi<string>;

  @choice('Administrative gender (FHIR)', ['male', 'female', 'other', 'unknown'])
  gender!: 'male' | 'female' | 'other' | 'unknown';

  @text('Street', { dataClass: 'phi', max: 55 })
  street!: Phi<string>;

  @text('City', { dataClass: 'phi', max: 30 })
  city!: Phi<string>;

  @formatted('State, two letters', /^[A-Z]{2}$/, { example: 'MI' })
  state!: string;

  @formatted('ZIP code', /^[0-9]{5}([0-9]{4})?$/, { dataClass: 'phi', example: '489330000' })
  zip!: Phi<string>;

  @choice('Which pays first, where there are several; primary where nothing is said', COVERAGE_ORDERS, {
    optional: true,
  })
  order?: (typeof COVERAGE_ORDERS)[number];

  @formatted('Number under which the payer authorized the services', /^[A-Za-z0-9-]{1,50}$/, { optional: true })
  authorizationNumber?: string;

  @day('First day of the coverage', { optional: true })
  validFrom?: string;

  @day('Last day of the coverage', { optional: true })
  validTo?: string;
}

export class Coverage extends NewCoverage {
  @code('Identifier', { example: 'COV-000001' })
  id!: string;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}

export class CoverageChange extends changeOf(NewCoverage, [
  'payer',
  'memberId',
  'familyName',
  'givenName',
  'birthDate',
  'gender',
  'street',
  'city',
  'state',
  'zip',
  'order',
  'authorizationNumber',
  'validFrom',
  'validTo',
]) {}

/** A coverage without what names the subscriber: what an effect answers with. */
export class CoverageReference {
  @code('Identifier')
  id!: string;

  @code('Encounter')
  encounterId!: string;

  @code('Payer')
  payer!: string;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}
