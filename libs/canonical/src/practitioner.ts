import { Coding, Identifier } from './coding.js';
import { choice, code, codes, day, flag, nested, text } from './field.js';
import { PRACTITIONER_ROLE } from './encounter.js';
import { changedAt, revision } from './revision.js';

/** A clinician of the EHR. */
export class Practitioner {
  @code('Identifier in the EHR')
  id!: string;

  @text('Name')
  name!: string;

  @text('Family name, where the record tells it apart', { optional: true, max: 60 })
  familyName?: string;

  @text('First given name, where the record tells it apart', { optional: true, max: 35 })
  givenName?: string;

  @text('National Provider Identifier', { optional: true, max: 20 })
  npi?: string;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}

/** What a clinician does for an organization, where, and since when. */
export class PractitionerRole {
  @code('Identifier in the EHR')
  id!: string;

  @code('Practitioner', { optional: true })
  practitionerId?: string;

  @choice('In what role', PRACTITIONER_ROLE)
  role!: (typeof PRACTITIONER_ROLE)[number];

  @nested('Specialty', () => Coding, { optional: true })
  specialty?: Coding;

  @nested('The organization, as the EHR names it', () => Identifier, { optional: true })
  organization?: Identifier;

  @codes('Places', { max: 100 })
  locationIds!: string[];

  @flag('Whether it is in force')
  active!: boolean;

  @day('First day', { optional: true })
  from?: string;

  @day('Last day', { optional: true })
  until?: string;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}
