import type { EntitySet, Metadata } from '@concord/odata';
import type { Entity } from './filter.js';

/** What the service refuses, as OData says it (OData 4.01 JSON, section 21.1); facts are told as annotations of the error. */
export class ODataError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly target?: string,
    readonly facts: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

interface Row {
  readonly entity: Entity;
  readonly version: number;
}

/** The entities of every set of a metadata document, by their key; in memory. */
export class EntityStore {
  private readonly rows = new Map<string, Map<string, Row>>();
  private numbers = 0;

  constructor(
    private readonly metadata: Metadata,
    private readonly now: () => Date,
  ) {}

  /** Throws 404 for a set that the document does not have. */
  set(name: string): EntitySet {
    const set = this.metadata.sets.get(name);
    if (!set) throw new ODataError(404, 'NOT_FOUND', 'There is no such entity set');
    return set;
  }

  all(name: string): Entity[] {
    return [...this.rowsOf(name).values()].map((row) => this.tagged(row));
  }

  /** Throws 404. */
  read(name: string, key: string): Entity {
    const row = this.rowsOf(name).get(key);
    if (!row) throw new ODataError(404, 'NOT_FOUND', 'There is no such entity');
    return this.tagged(row);
  }

  has(name: string, key: string): boolean {
    return this.rowsOf(name).has(key);
  }

  /** Makes an entity with all that is below it; one without a key gets the next number. */
  insert(name: string, given: Entity, prefix = 'N'): Entity {
    const { type } = this.set(name);
    const [keyName = ''] = type.key;
    const key = (given[keyName] as string | undefined) ?? `${prefix}${String((this.numbers += 1)).padStart(8, '0')}`;
    if (this.rowsOf(name).has(key)) throw new ODataError(409, 'DUPLICATE_KEY', 'The entity is there already');
    const entity = { ...given, [keyName]: key, ...this.stamp(name) };
    this.checkShape(type, entity);
    const row = { entity, version: 1 };
    this.rowsOf(name).set(key, row);
    return this.tagged(row);
  }

  /** Changes some properties. Throws 404; 412 where the tag is another one. */
  update(name: string, key: string, change: Entity, ifMatch = '*'): Entity {
    const row = this.rowsOf(name).get(key);
    if (!row) throw new ODataError(404, 'NOT_FOUND', 'There is no such entity');
    if (ifMatch !== '*' && ifMatch !== tagOf(row)) {
      throw new ODataError(412, 'PRECONDITION_FAILED', 'The entity was changed by another user');
    }
    const entity = { ...row.entity, ...change, ...this.stamp(name) };
    this.checkShape(this.set(name).type, entity);
    const changed = { entity, version: row.version + 1 };
    this.rowsOf(name).set(key, changed);
    return this.tagged(changed);
  }

  /** Does all of the work or, where it throws, nothing. */
  atomically<T>(work: () => T): T {
    const before = new Map([...this.rows].map(([name, rows]) => [name, new Map(rows)]));
    try {
      return work();
    } catch (error) {
      this.rows.clear();
      for (const [name, rows] of before) this.rows.set(name, rows);
      throw error;
    }
  }

  /** Of an entity and of those below it, which need no key of their own. */
  private checkShape(type: EntitySet['type'], entity: Entity, key: readonly string[] = []): void {
    checkShape(type, entity, key);
    for (const { name, type: below } of type.navigation.values()) {
      const target = this.metadata.types.get(below)!;
      for (const one of (entity[name] as Entity[] | undefined) ?? []) this.checkShape(target, one, target.key);
    }
  }

  private rowsOf(name: string): Map<string, Row> {
    this.set(name);
    const rows = this.rows.get(name) ?? new Map<string, Row>();
    this.rows.set(name, rows);
    return rows;
  }

  private stamp(name: string): Entity {
    return this.set(name).type.properties.has(CHANGED) ? { [CHANGED]: this.now().toISOString() } : {};
  }

  private tagged(row: Row): Entity {
    return { '@odata.etag': tagOf(row), ...row.entity };
  }
}

/** Where the document has it, it is kept by the service itself. */
const CHANGED = 'LastChangedAt';

const tagOf = ({ version }: Row): string => `W/"${version}"`;

const FITS: Readonly<Record<string, (value: unknown) => boolean>> = {
  'Edm.String': (value) => typeof value === 'string',
  'Edm.Boolean': (value) => typeof value === 'boolean',
  'Edm.Int32': (value) => Number.isInteger(value),
  'Edm.Decimal': (value) => typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value),
  'Edm.Date': (value) => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value),
  'Edm.DateTimeOffset': (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
};

/** A value of every declared property has its type, and nothing else is there. */
function checkShape(type: EntitySet['type'], entity: Entity, given: readonly string[]): void {
  for (const [name, value] of Object.entries(entity)) {
    const property = type.properties.get(name);
    if (!property && !type.navigation.has(name)) {
      throw new ODataError(400, 'UNKNOWN_PROPERTY', `The property ${name} does not exist`, name);
    }
    if (!property || value === null || value === undefined) continue;
    if (!(FITS[property.type]?.(value) ?? false)) {
      throw new ODataError(400, 'WRONG_TYPE', `The value of ${name} is no ${property.type}`, name);
    }
  }
  for (const { name, nullable } of type.properties.values()) {
    if (nullable || given.includes(name) || (entity[name] !== undefined && entity[name] !== null)) continue;
    throw new ODataError(400, 'REQUIRED', `The property ${name} is required`, name);
  }
}
