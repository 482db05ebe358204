import { Problem, type ChangesQuery, type Page } from '@concord/canonical';
import type { Database } from '@concord/database';
import type { RawBuilder } from 'kysely';
import type { Changeable } from '../../ports/resource.js';
import type { Capability } from '../../connector.js';
import type { Kind, Versioned } from '../record/kind.js';
import type { RecordStore } from '../record/record.store.js';

interface Source {
  readonly database: Database;
  readonly records: RecordStore;
  /** What this platform lacks to tell of the kind at all; then it refuses. */
  readonly lacks?: Capability;
}

/** One kind of resource as the extracts told it. It cannot be changed here: a file goes one way. */
export class FilesResource<T extends Versioned, Query extends ChangesQuery, New, Change> implements Changeable<
  T,
  Query,
  New,
  Change
> {
  /** @param filter one that is more than equality */
  constructor(
    private readonly source: Source,
    private readonly kind: Kind<T>,
    private readonly filter?: (query: Query) => RawBuilder<unknown> | undefined,
  ) {}

  async read(id: string): Promise<T> {
    this.refuseLacking();
    const found = await this.source.records.read(this.source.database, this.kind, id);
    if (!found) throw new Problem('not-found', 'No extract told of it');
    return found;
  }

  async list(query: Query): Promise<Page<T>> {
    this.refuseLacking();
    return this.source.records.list(this.source.database, this.kind, query, this.filter?.(query));
  }

  create(): Promise<T> {
    return Promise.reject(this.lacking('change'));
  }

  change(): Promise<T> {
    return Promise.reject(this.lacking('change'));
  }

  private refuseLacking(): void {
    if (this.source.lacks) throw this.lacking(this.source.lacks);
  }

  private lacking(capability: Capability): Problem {
    return new Problem('not-supported', 'The platform tells of its workforce in files only', {
      context: { capability },
    });
  }
}
