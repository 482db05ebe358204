/**
 * The metadata document of an OData service (CSDL XML 4.01): its entity sets with their properties and keys. A document
 * may come from anywhere: it is bounded in size and depth, and one with a document type, where entities would be declared,
 * is refused unread.
 */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { Problem } from '@concord/canonical';

export interface Property {
  readonly name: string;
  /** `Edm.String`, `Edm.Decimal`; of a navigation property, the name of the entity type. */
  readonly type: string;
  readonly nullable: boolean;
}

export interface EntityType {
  readonly name: string;
  readonly key: readonly string[];
  readonly properties: ReadonlyMap<string, Property>;
  /** Navigation properties; a collection is marked. */
  readonly navigation: ReadonlyMap<string, Property & { readonly isCollection: boolean }>;
}

export interface EntitySet {
  readonly name: string;
  readonly type: EntityType;
}

export interface Metadata {
  readonly sets: ReadonlyMap<string, EntitySet>;
  readonly types: ReadonlyMap<string, EntityType>;
}

const MOST_CHARACTERS = 5 * 1024 * 1024;
const DEEPEST = 20;

/** Elements that may come once or many times, and are lists here in either case. */
const LISTS = new Set([
  'Schema',
  'EntityType',
  'EntitySet',
  'Property',
  'NavigationProperty',
  'PropertyRef',
  'EntityContainer',
]);

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  maxNestedTags: DEEPEST,
  isArray: (name) => LISTS.has(name),
});

interface Element {
  readonly [name: string]: string | Element | readonly Element[] | undefined;
}

/** Throws `upstream-rejected` for what is no metadata document, or one that is not to be trusted. */
export function readMetadata(text: string): Metadata {
  const schemas = schemasOf(text);
  const types = new Map<string, EntityType>();
  for (const schema of schemas) {
    for (const type of listOf(schema, 'EntityType'))
      types.set(`${attribute(schema, 'Namespace')}.${attribute(type, 'Name')}`, typeOf(type));
  }
  const sets = new Map<string, EntitySet>();
  for (const container of schemas.flatMap((schema) => listOf(schema, 'EntityContainer'))) {
    for (const set of listOf(container, 'EntitySet')) {
      const [name, type] = [attribute(set, 'Name'), types.get(attribute(set, 'EntityType'))];
      if (!type) throw untrusted(`The entity set ${name} has a type that is not declared`);
      sets.set(name, { name, type });
    }
  }
  return { sets, types };
}

function schemasOf(text: string): readonly Element[] {
  if (text.length > MOST_CHARACTERS) throw untrusted('The metadata document is larger than allowed');
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw untrusted('The metadata document declares a document type');
  try {
    if (XMLValidator.validate(text) !== true) throw new SyntaxError('not well-formed');
    const { Edmx } = parser.parse(text) as { Edmx?: { DataServices?: Element } };
    const schemas = Edmx?.DataServices ? listOf(Edmx.DataServices, 'Schema') : [];
    if (schemas.length) return schemas;
  } catch {
    // What the parser says may quote the document.
  }
  throw untrusted('The metadata document is not CSDL XML');
}

function typeOf(type: Element): EntityType {
  const keys = type['Key'] as Element | undefined;
  const properties = listOf(type, 'Property').map((one): [string, Property] => {
    const name = attribute(one, 'Name');
    return [name, { name, type: attribute(one, 'Type'), nullable: one['@Nullable'] !== 'false' }];
  });
  const navigation = listOf(type, 'NavigationProperty').map((one) => {
    const [name, declared] = [attribute(one, 'Name'), attribute(one, 'Type')];
    const [, collected] = /^Collection\((.+)\)$/.exec(declared) ?? [];
    return [
      name,
      { name, type: collected ?? declared, nullable: true, isCollection: collected !== undefined },
    ] as const;
  });
  return {
    name: attribute(type, 'Name'),
    key: keys ? listOf(keys, 'PropertyRef').map((one) => attribute(one, 'Name')) : [],
    properties: new Map(properties),
    navigation: new Map(navigation),
  };
}

const listOf = (element: Element, name: string): readonly Element[] => {
  const value = element[name];
  return Array.isArray(value) ? (value as readonly Element[]) : [];
};

/** Names are letters, digits, dots and underscores (CSDL 4.01, section 15.2), or a collection of such. */
function attribute(element: Element, name: string): string {
  const value = element[`@${name}`];
  if (typeof value === 'string' && /^(Collection\()?[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Nd}_.]{0,511}\)?$/u.test(value))
    return value;
  throw untrusted(`The metadata document lacks a ${name} that can be used`);
}

const untrusted = (detail: string): Problem => new Problem('upstream-rejected', detail);
