/** Entities of the service under our names, by the profile: foreign names and codes go no further than here. */
import { Problem } from '@concord/canonical';
import { literal, readMetadata, type Metadata, type Primitive } from '@concord/odata';
import type { Foreign, ODataClient } from './odata.client.js';
import {
  missingFrom,
  ProfileFault,
  type EntityName,
  type EntityProfile,
  type FieldsProfile,
  type Profile,
} from './profile.js';

/** One entity under our names, with its tag, and the lines below it. */
export interface ForeignRecord {
  readonly etag: string;
  readonly values: Values;
  readonly lines: readonly Values[];
}

export type Values = Readonly<Record<string, unknown>>;

/**
 * `['supplier', 'eq', 'S-1']`; of several fields, any one. `has` is part of a text, in any case. A value that is undefined
 * lets everything pass.
 */
export type Condition = readonly [
  field: string | readonly string[],
  operator: 'eq' | 'ge' | 'le' | 'gt' | 'lt' | 'has',
  value: Primitive | undefined,
];

export interface Asked {
  readonly where?: readonly Condition[];
  /** Those after this key only; in the order of the keys. */
  readonly after?: string;
  readonly most: number;
}

export class ODataRecords {
  private metadata: Promise<Metadata> | undefined;

  constructor(
    private readonly client: ODataClient,
    private readonly profile: Profile,
  ) {}

  /** Reads the metadata, once. Throws `ProfileFault` where the service lacks what the profile names. */
  async check(): Promise<Metadata> {
    this.metadata ??= this.load();
    return this.metadata.catch((error: unknown) => {
      this.metadata = undefined;
      throw error;
    });
  }

  /** Whether the profile has words for it. */
  knows(name: EntityName): boolean {
    return this.profile.entities[name] !== undefined;
  }

  async list(name: EntityName, { where = [], after, most }: Asked): Promise<ForeignRecord[]> {
    const { set, key, fields } = this.entity(name);
    const conditions: Condition[] = [...where, [key, 'gt', after]];
    const filter = await this.filterOf(name, conditions);
    const params = {
      ...(filter ? { $filter: filter } : {}),
      $orderby: `${fields[key]} asc`,
      ...this.selectionOf(name),
    };
    const found = await this.client.list(set, params, most);
    return found.map((foreign) => this.ours(name, foreign));
  }

  async find(name: EntityName, where: readonly Condition[]): Promise<ForeignRecord | undefined> {
    const [first] = await this.list(name, { where, most: 1 });
    return first;
  }

  /** Throws `not-found`. */
  async read(name: EntityName, id: string): Promise<ForeignRecord> {
    await this.check();
    const foreign = await this.client.read(this.entity(name).set, id, this.selectionOf(name));
    if (foreign) return this.ours(name, foreign);
    throw new Problem('not-found', 'The ERP has nothing of this name');
  }

  async create(name: EntityName, values: Values, lines?: readonly Values[]): Promise<ForeignRecord> {
    await this.check();
    return this.ours(name, await this.client.create(this.entity(name).set, this.theirs(name, values, lines)));
  }

  /** Throws `stale`, `not-found`. */
  async change(
    name: EntityName,
    id: string,
    etag: string,
    values: Values,
    lines?: readonly Values[],
  ): Promise<ForeignRecord> {
    const { set } = this.entity(name);
    return this.ours(name, await this.client.change(set, id, etag, this.theirs(name, values, lines)));
  }

  private entity(name: EntityName): EntityProfile {
    const entity = this.profile.entities[name];
    if (!entity) throw new Problem('not-supported', undefined, { context: { capability: name } });
    return entity;
  }

  private async load(): Promise<Metadata> {
    const metadata = readMetadata(await this.client.metadata());
    const missing = missingFrom(metadata, this.profile);
    if (missing.length) throw new ProfileFault(missing);
    return metadata;
  }

  /** Only what the profile names travels, of an entity and of what is below it (OData 4.01, Part 1, 11.2.5.1). */
  private selectionOf(name: EntityName): Record<string, string> {
    const { fields, items } = this.entity(name);
    const $select = propertiesOf(fields);
    return items ? { $select, $expand: `${items.navigation}($select=${propertiesOf(items.fields)})` } : { $select };
  }

  private async filterOf(name: EntityName, where: readonly Condition[]): Promise<string> {
    const metadata = await this.check();
    const { set, fields, codes } = this.entity(name);
    const { properties } = metadata.sets.get(set)!.type;
    const one = (field: string, operator: Condition[1], value: Primitive): string => {
      const property = fields[field]!;
      const foreign = value === null ? null : theirCode(codes?.[field], value);
      const written = literal(properties.get(property)!.type, foreign);
      if (operator === 'has') return `contains(tolower(${property}),${written.toLowerCase()})`;
      return `${property} ${operator} ${written}`;
    };
    const parts = where.flatMap(([field, operator, value]) => {
      if (value === undefined) return [];
      if (typeof field === 'string') return [one(field, operator, value)];
      return [`(${field.map((each) => one(each, operator, value)).join(' or ')})`];
    });
    return parts.join(' and ');
  }

  private ours(name: EntityName, foreign: Foreign): ForeignRecord {
    const entity = this.entity(name);
    const below = entity.items ? foreign[entity.items.navigation] : [];
    const lines = Array.isArray(below) ? (below as Foreign[]) : [];
    const etag = foreign['@odata.etag'];
    return {
      etag: typeof etag === 'string' ? etag : '*',
      values: renamed(entity, foreign),
      lines: entity.items ? lines.map((line) => renamed(entity.items!, line)) : [],
    };
  }

  private theirs(name: EntityName, values: Values, lines?: readonly Values[]): Foreign {
    const entity = this.entity(name);
    const below =
      entity.items && lines ? { [entity.items.navigation]: lines.map((line) => foreignOf(entity.items!, line)) } : {};
    return { ...foreignOf(entity, values), ...below };
  }
}

const propertiesOf = (fields: FieldsProfile['fields']): string => [...new Set(Object.values(fields))].join(',');

function renamed({ fields, codes }: FieldsProfile, foreign: Foreign): Values {
  const entries = Object.entries(fields).flatMap(([field, property]) => {
    const value = foreign[property];
    if (value === null || value === undefined) return [];
    const known = codes?.[field];
    if (!known) return [[field, value] as const];
    const word = typeof value === 'string' && Object.hasOwn(known, value) ? known[value] : undefined;
    if (word === undefined)
      throw new Problem('upstream-rejected', `The ERP uses a code of ${property} that its profile lacks`);
    return [[field, word] as const];
  });
  return Object.fromEntries(entries);
}

/** What is undefined is not said; null takes a value away. */
function foreignOf({ fields, codes }: FieldsProfile, values: Values): Foreign {
  const entries = Object.entries(values).flatMap(([field, value]) => {
    if (value === undefined || !Object.hasOwn(fields, field)) return [];
    return [[fields[field]!, value === null ? null : theirCode(codes?.[field], value as Primitive)] as const];
  });
  return Object.fromEntries(entries);
}

const theirCode = (codes: Readonly<Record<string, string>> | undefined, value: Primitive): Primitive => {
  if (!codes) return value;
  return Object.entries(codes).find(([, word]) => word === value)?.[0] ?? value;
};
