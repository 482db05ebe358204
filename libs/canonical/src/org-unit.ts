import { choice, code, text } from './field.js';
import { changeOf } from './merge-patch.js';
import { changedAt, revision } from './revision.js';

export const ORG_UNIT_KIND = ['legal-entity', 'division', 'department', 'unit'] as const;

/** A part of the organisation. The part above, and so on up to a legal entity, is its hierarchy. */
export class NewOrgUnit {
  @text('Name')
  name!: string;

  @choice('Kind', ORG_UNIT_KIND)
  kind!: (typeof ORG_UNIT_KIND)[number];

  @code('The org unit above; absent at the top', { optional: true })
  parentId?: string;

  @code('Cost center', { optional: true })
  costCenter?: string;

  @code('Worker who leads it', { optional: true })
  managerId?: string;
}

export class OrgUnit extends NewOrgUnit {
  @code('Identifier', { example: 'OU-NORTH' })
  id!: string;

  @choice('Status', ['active', 'inactive'])
  status!: 'active' | 'inactive';

  @revision()
  revision!: string;

  @changedAt()
  changedAt!: string;
}

export class OrgUnitChange extends changeOf(OrgUnit, [
  'name',
  'kind',
  'parentId',
  'costCenter',
  'managerId',
  'status',
]) {}
