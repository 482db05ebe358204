/** Reads single resources of the record, mapped from the FHIR in which they are kept. Only an intake writes them. */
import type { Resource } from '@medplum/fhirtypes';
import { isMoment, isText, DEFAULT_PAGE_SIZE, pagePosition, pageToken, type Page } from '@concord/canonical';
import type { Database } from '@concord/database';
import type { Vault } from '@concord/events';
import { targetOf, type Lookup } from '@concord/fhir';
import { sql } from 'kysely';
import { filtersOf, isAskedFor, type EhrKind, type EhrQuery, type EhrResource } from '../../resources.js';
import { fromFhir, keyOf, KINDS } from '../fhir/kinds.js';
import { mentionsOf } from '../fhir/references.js';

/** Resources are sealed, and most filters look inside: so many are opened for a page at most. */
const OPENED_A_PAGE = 1000;

/** Where a page starts: after this moment, and of that moment after this resource. */
type Position = readonly [heardAt: string, key: string];

interface Row {
  readonly key: string;
  readonly encounter_id: string | null;
  readonly digest: string;
  readonly heard_at: Date;
  readonly body: Buffer;
}

interface Asked {
  readonly types: readonly string[];
  readonly changedSince: string | undefined;
  readonly encounter: string | undefined;
  readonly after: Position | undefined;
  readonly limit: number;
}

export class ResourceStore {
  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
  ) {}

  async read<K extends EhrKind>(kind: K, id: string): Promise<EhrResource<K> | undefined> {
    const key = keyOf(kind, id);
    const rows = key === undefined ? [] : await this.byKey([key]);
    return (await this.mapped(kind, rows))[0];
  }

  async list<K extends EhrKind>(kind: K, query: EhrQuery<K>): Promise<Page<EhrResource<K>>> {
    const size = query.page_size ?? DEFAULT_PAGE_SIZE;
    const filters = filtersOf(query);
    const looksInside = kind === 'bed' || filters.some(([name]) => name !== 'encounter');
    const limit = looksInside ? OPENED_A_PAGE : size + 1;
    const rows = await this.inOrder({
      types: KINDS[kind].types,
      changedSince: query.changed_since,
      encounter: filters.find(([name]) => name === 'encounter')?.[1],
      after: pagePosition<Position>(query.page_token, isPosition),
      limit,
    });
    const resources = await this.mapped(kind, rows);
    const others = filters.filter(([name]) => name !== 'encounter');
    const items: EhrResource<K>[] = [];
    let seen = 0;
    for (; seen < rows.length && items.length < size; seen += 1) {
      const resource = resources[seen];
      if (resource && isAskedFor(resource, others)) items.push(resource);
    }
    const last = seen < rows.length || rows.length === limit ? rows[seen - 1] : undefined;
    return last ? { items, nextPageToken: pageToken([last.heard_at.toISOString(), last.key]) } : { items };
  }

  /** Each row as the canonical resource, or undefined where it makes none. */
  private async mapped<K extends EhrKind>(kind: K, rows: readonly Row[]): Promise<(EhrResource<K> | undefined)[]> {
    const resources = rows.map((row) => this.open(row));
    const lookup = await this.lookupOf(resources);
    return rows.map(({ encounter_id, digest, heard_at }, i) => {
      const content = fromFhir(kind, resources[i]!, { lookup, encounterId: encounter_id ?? undefined });
      const revised = { ...content, revision: digest.slice(0, REVISION_LENGTH), changedAt: heard_at.toISOString() };
      return content && (revised as unknown as EhrResource<K>);
    });
  }

  /** Finds what the resources mention: the device that was used, the drug that was given. */
  private async lookupOf(resources: readonly Resource[]): Promise<Lookup> {
    const keys = [...new Set(resources.flatMap(mentionsOf))];
    const rows = keys.length === 0 ? [] : await this.byKey(keys);
    const found = new Map(rows.map((row) => [row.key, this.open(row)]));
    return (reference) => {
      const target = targetOf(reference);
      return target && found.get(`${target.resourceType}/${target.id}`);
    };
  }

  private open({ key, body }: Row): Resource {
    return JSON.parse(this.vault.open(body, key).toString('utf8')) as Resource;
  }

  private async byKey(keys: readonly string[]): Promise<Row[]> {
    const { rows } = await sql<Row>`
      select key, encounter_id, digest, heard_at, body from sandbox_ehr.resource where key = any(${keys})`.execute(
      this.database,
    );
    return rows;
  }

  /** Each type by its own index, then all of them in order. */
  private async inOrder({ types, changedSince, encounter, after, limit }: Asked): Promise<Row[]> {
    const since = changedSince ?? '-infinity';
    const [afterTime, afterKey] = after ?? ['-infinity', ''];
    const { rows } = await sql<Row>`
      select resource.* from unnest(${types}::text[]) as wanted (type)
      cross join lateral (
        select key, encounter_id, digest, heard_at, body from sandbox_ehr.resource
        where type = wanted.type and heard_at >= ${since}::timestamptz
          and (heard_at, key) > (${afterTime}::timestamptz, ${afterKey}::text)
          and (${encounter ?? null}::text is null or encounter_id = ${encounter ?? null}::text)
        order by heard_at, key limit ${limit}
      ) as resource
      order by heard_at, key limit ${limit}`.execute(this.database);
    return rows;
  }
}

/** Enough of a keyed digest to tell one state of a resource from the next. */
const REVISION_LENGTH = 22;

const isPosition = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && isMoment(value[0]) && isText(value[1]);
