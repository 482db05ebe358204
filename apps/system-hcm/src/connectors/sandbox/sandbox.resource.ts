import { mergePatch, Problem, refuseStale, type ChangesQuery, type MergePatch, type Page } from '@concord/canonical';
import type { Database } from '@concord/database';
import type { FaultInjection } from '@concord/resilience';
import { sql, type RawBuilder } from 'kysely';
import type { WorkerAnnouncements } from '../../changes/worker-announcements.js';
import type { Changeable, Readable } from '../../ports/resource.js';
import type { Kind, Versioned } from '../record/kind.js';
import type { Body, RecordStore } from '../record/record.store.js';
import { Desk, wordsOf } from './desk.js';

/** What the sandbox asks of one kind of resource, as a real platform would. */
export interface Rules<T extends Versioned, New> {
  readonly kind: Kind<T>;
  /** How it begins; throws what is refused. */
  readonly begin: (fresh: New, desk: Desk) => Promise<Omit<Body<T>, 'id'> & { id?: string }>;
  /** How it becomes; throws what is refused. As it is told where nothing is said. */
  readonly become?: (now: T, next: T, desk: Desk) => Promise<T>;
  /** What follows elsewhere from its being made or changed. */
  readonly follow?: (now: T, before: T | undefined, desk: Desk) => Promise<void>;
  /** A filter that is more than equality. */
  readonly filter?: (query: ChangesQuery) => RawBuilder<unknown> | undefined;
}

export interface SandboxParts {
  readonly database: Database;
  readonly records: RecordStore;
  readonly announcements: WorkerAnnouncements;
  readonly faults: FaultInjection;
  readonly clock: () => Date;
}

/** One kind of resource of the sandbox that is only read. */
export class SandboxReadable<T extends Versioned, Query extends ChangesQuery> implements Readable<T, Query> {
  constructor(
    protected readonly parts: SandboxParts,
    private readonly readable: Pick<Rules<T, never>, 'kind' | 'filter'>,
  ) {}

  read(id: string): Promise<T> {
    const { database, records, faults } = this.parts;
    const { kind } = this.readable;
    return faults.around(`read${kind.one}`, async () => (await records.read(database, kind, id)) ?? missing(kind));
  }

  list(query: Query): Promise<Page<T>> {
    const { database, records, faults } = this.parts;
    const { kind, filter } = this.readable;
    return faults.around(`list${kind.many}`, () => records.list(database, kind, query, filter?.(query)));
  }
}

/** One kind of resource of the sandbox. Each change is one transaction with all that follows from it. */
export class SandboxResource<T extends Versioned, Query extends ChangesQuery, New, Change extends object>
  extends SandboxReadable<T, Query>
  implements Changeable<T, Query, New, Change>
{
  constructor(
    parts: SandboxParts,
    private readonly rules: Rules<T, New>,
    private readonly shape: abstract new () => T,
  ) {
    super(parts, rules);
  }

  create(businessKey: string, fresh: New): Promise<T> {
    const { kind, begin, follow } = this.rules;
    return this.parts.faults.around(`create${kind.one}`, () =>
      atDesk(this.parts, async (desk, tx) => {
        // Two with the same key at once: the second waits here, and then finds what the first has made.
        await sql`select pg_advisory_xact_lock(hashtextextended(${`${kind.name} ${businessKey}`}, 0))`.execute(tx);
        const first = await this.parts.records.ofBusinessKey(tx, kind, businessKey);
        if (first) return first;
        const begun = await begin(fresh, desk);
        const id = begun.id ?? (await desk.nextId(kind));
        const added = await desk.add(kind, { ...begun, id } as Body<T>, businessKey);
        if (!added) throw new Problem('conflict', `There is such a ${wordsOf(kind)} already`);
        await follow?.(added, undefined, desk);
        return added;
      }),
    );
  }

  change(id: string, change: Change, expected: string): Promise<T> {
    const { kind, become, follow } = this.rules;
    return this.parts.faults.around(`change${kind.one}`, () =>
      atDesk(this.parts, async (desk) => {
        const now = (await desk.read(kind, id)) ?? missing(kind);
        refuseStale(expected, now.revision);
        const told = mergePatch(now, change as MergePatch<T>, this.shape);
        const next = become ? await become(now, told, desk) : told;
        const changed = await desk.replace(kind, next);
        await follow?.(changed, now, desk);
        return changed;
      }),
    );
  }
}

/** Does a piece of work in one transaction; what it tells of is announced once that is durable. */
export async function atDesk<Result>(
  { database, records, announcements, clock }: Omit<SandboxParts, 'faults'>,
  work: (desk: Desk, tx: Database) => Promise<Result>,
): Promise<Result> {
  const result = await database.transaction().execute((tx) => work(new Desk(tx, records, announcements, clock()), tx));
  announcements.announce();
  return result;
}

function missing(kind: Kind<never>): never {
  throw new Problem('not-found', `There is no such ${wordsOf(kind)}`);
}
