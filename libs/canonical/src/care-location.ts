import { Identifier } from './coding.js';
import { choice, code, nested, text } from './field.js';
import { changedAt, revision } from './revision.js';

export const LOCATION_KIND = ['site', 'building', 'ward', 'room', 'bed', 'other'] as const;

/** HL7 table 0116, bed status. */
export const BED_STATUS = [
  'free',
  'occupied',
  'housekeeping',
  'contaminated',
  'isolated',
  'closed',
  'unknown',
] as const;

/** A place where care is given, from the site down to the bed. */
export class CareLocation {
  @code('Identifier in the EHR')
  id!: string;

  @choice('What kind of place', LOCATION_KIND)
  kind!: (typeof LOCATION_KIND)[number];

  @choice('Whether it is in use', ['active', 'suspended', 'inactive'])
  status!: 'active' | 'suspended' | 'inactive';

  @text('Name', { optional: true })
  name?: string;

  @nested('How the EHR numbers it', () => Identifier, { optional: true })
  number?: Identifier;

  @code('The place of which it is a part', { optional: true })
  partOf?: string;

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}

/** A bed. It does not say who lies in it. */
export class Bed {
  @code('Identifier in the EHR')
  id!: string;

  @text('Name', { optional: true })
  name?: string;

  @code('The room or ward where it stands', { optional: true })
  locationId?: string;

  @choice('Whether somebody can lie in it', BED_STATUS)
  status!: (typeof BED_STATUS)[number];

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}
