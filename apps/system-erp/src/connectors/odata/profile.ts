/** The words of one vendor's service, as data: another vendor is another file of this shape. */
import { Problem, type ProblemSlug } from '@concord/canonical';
import type { EntityType, Metadata } from '@concord/odata';

export interface FieldsProfile {
  /** Property by our name of the field. */
  readonly fields: Readonly<Record<string, string>>;
  /** By field: our word by the vendor's code. */
  readonly codes?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface EntityProfile extends FieldsProfile {
  readonly set: string;
  /** Our name of the field that is the key. */
  readonly key: string;
  /** The lines below, where there are any. */
  readonly items?: FieldsProfile & { readonly navigation: string };
}

export const ENTITIES = [
  'legalEntities',
  'accounts',
  'costCenters',
  'costCenterGroups',
  'fiscalPeriods',
  'journalEntries',
  'suppliers',
  'items',
  'purchaseOrders',
  'goodsReceipts',
  'supplierInvoices',
] as const;

/** What not every service has; where a profile has no words for it, the connector refuses it by name. */
export const OPTIONAL_ENTITIES = [
  'budgets',
  'projects',
  'requisitions',
  'approvals',
  'reservations',
  'valuation',
  'intercompany',
  'fixedAssets',
] as const;

export type OptionalEntityName = (typeof OPTIONAL_ENTITIES)[number];
export type EntityName = (typeof ENTITIES)[number] | OptionalEntityName;

export type Entities = Readonly<Record<(typeof ENTITIES)[number], EntityProfile>> &
  Readonly<Partial<Record<OptionalEntityName, EntityProfile>>>;

export interface Profile {
  readonly entities: Entities;
  readonly refusals: RefusalsProfile;
}

/** The errors of the vendor. */
export interface RefusalsProfile {
  /** By code: what it means. */
  readonly meaning: Readonly<Record<string, ProblemSlug>>;
  /** By our name in the context of a problem: the annotation of the error that tells it (OData 4.01 JSON, section 21.1). */
  readonly facts: Readonly<Record<string, string>>;
}

/** What a service lacks of what a profile names; each in words. */
export function missingFrom(metadata: Metadata, { entities }: Profile): string[] {
  return [...ENTITIES, ...OPTIONAL_ENTITIES].flatMap((name) => {
    const entity = entities[name];
    if (!entity) return [];
    const { set, fields, items } = entity;
    const type = metadata.sets.get(set)?.type;
    if (!type) return [`entity set ${set}`];
    const missing = propertiesMissing(type, fields, set);
    if (!items) return missing;
    const navigation = type.navigation.get(items.navigation);
    const below = navigation && metadata.types.get(navigation.type);
    if (!below) return [...missing, `navigation ${set}/${items.navigation}`];
    return [...missing, ...propertiesMissing(below, items.fields, `${set}/${items.navigation}`)];
  });
}

const propertiesMissing = (type: EntityType, fields: FieldsProfile['fields'], where: string): string[] =>
  Object.values(fields)
    .filter((property) => !type.properties.has(property))
    .map((property) => `property ${where}/${property}`);

/** A service that is not what its profile says; nothing but another profile or another service helps. */
export class ProfileFault extends Problem {
  constructor(missing: readonly string[]) {
    super('upstream-rejected', `The OData service lacks what its profile names: ${missing.join(', ')}`);
  }
}
