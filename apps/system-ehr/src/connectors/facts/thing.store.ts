/** The sheets of a record in Postgres, each kind of access in one statement whose text is always the same. */
import { isMoment, isText, DEFAULT_PAGE_SIZE, pagePosition, type ChangesQuery } from '@concord/canonical';
import type { Database } from '@concord/database';
import type { Vault } from '@concord/events';
import { sql } from 'kysely';
import { filtersOf } from '../../resources.js';
import { MERGED } from './facets.js';
import { Sheet } from './sheet.js';
import { keyOf, type Kind, type Statement } from './statement.js';
import type { Thing } from './thing.js';

/** A thing to be stored, with what lists find it by. */
export interface IndexedThing extends Thing {
  readonly facets: readonly string[];
  readonly startsAt: string | undefined;
}

interface ThingRow {
  readonly kind: Kind;
  readonly id: string;
  readonly revision: number;
  readonly changed_at: Date;
  readonly body: Buffer;
}

export const openThing = (vault: Vault, { kind, id, revision, changed_at, body }: ThingRow): Thing => ({
  kind,
  id,
  revision,
  changedAt: changed_at,
  sheet: new Sheet(JSON.parse(vault.open(body, keyOf({ kind, id })).toString('utf8')) as []),
});

/** What is known of the things that statements are about, by key. */
export async function readThings(
  tx: Database,
  schema: string,
  vault: Vault,
  about: readonly Pick<Statement, 'kind' | 'id'>[],
): Promise<Map<string, Thing>> {
  if (about.length === 0) return new Map();
  const keys = new Map(about.map((one) => [keyOf(one), one]));
  const wanted = [...keys.values()];
  const { rows } = await sql<ThingRow>`
    select kind, id, revision, changed_at, body from ${sql.table(`${schema}.thing`)}
    where (kind, id) in (select * from unnest(
      ${wanted.map(({ kind }) => kind)}::text[], ${wanted.map(({ id }) => id)}::text[]))`.execute(tx);
  return new Map(rows.map((row) => [keyOf(row), openThing(vault, row)]));
}

/** The sealed bodies travel as one value that is cut apart there: an array of them would have to be written as text. */
export async function saveThings(
  tx: Database,
  schema: string,
  vault: Vault,
  things: readonly IndexedThing[],
): Promise<void> {
  if (things.length === 0) return;
  const bodies = things.map((thing) => vault.seal(JSON.stringify(thing.sheet.layers()), keyOf(thing)));
  const lengths = bodies.map(({ length }) => length);
  let end = 1;
  const starts = lengths.map((length) => (end += length) - length);
  await sql`
    insert into ${sql.table(`${schema}.thing`)} (kind, id, revision, changed_at, starts_at, facets, body)
    select kind, id, revision, changed_at, starts_at, string_to_array(facets, ' '),
      substring(${Buffer.concat(bodies)}::bytea from start for length)
    from unnest(
      ${things.map(({ kind }) => kind)}::text[],
      ${things.map(({ id }) => id)}::text[],
      ${things.map(({ revision }) => revision)}::int[],
      ${things.map(({ changedAt }) => changedAt)}::timestamptz[],
      ${things.map(({ startsAt }) => startsAt)}::timestamptz[],
      ${things.map(({ facets }) => facets.join(' '))}::text[],
      ${starts}::int[],
      ${lengths}::int[]
    ) as thing (kind, id, revision, changed_at, starts_at, facets, start, length)
    on conflict (kind, id) do update set
      revision = excluded.revision,
      changed_at = excluded.changed_at,
      starts_at = excluded.starts_at,
      facets = excluded.facets,
      body = excluded.body`.execute(tx);
}

/** Where a page starts: after this moment, and of that moment after this thing. */
type Position = readonly [changedAt: string, id: string];

export const positionOf = ({ changedAt, id }: Thing): Position => [changedAt.toISOString(), id];

const isPosition = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && isMoment(value[0]) && isText(value[1]);

/** The things of a kind that a list is asked for, in the order of their last change, one more than its page. */
export async function listThings(
  database: Database,
  schema: string,
  vault: Vault,
  kind: Kind,
  query: ChangesQuery,
): Promise<Thing[]> {
  const { page_size, page_token, changed_since } = query;
  const [afterTime, afterId] = pagePosition<Position>(page_token, isPosition) ?? ['-infinity', ''];
  const filters = new Map(filtersOf(query));
  const [from, until] = [filters.get('from'), filters.get('until')];
  for (const name of ['from', 'until']) filters.delete(name);
  const facets = [...filters].map(([name, value]) => `${name}:${value}`);
  const { rows } = await sql<ThingRow>`
    select kind, id, revision, changed_at, body from ${sql.table(`${schema}.thing`)}
    where kind = ${kind} and changed_at >= ${changed_since ?? '-infinity'}::timestamptz
      and (changed_at, id) > (${afterTime}::timestamptz, ${afterId}::text)
      and facets @> ${facets}::text[] and not facets @> ${[MERGED]}::text[]
      and (${from ?? null}::timestamptz is null or starts_at >= ${from ?? null}::timestamptz)
      and (${until ?? null}::timestamptz is null or starts_at < ${until ?? null}::timestamptz)
    order by changed_at, id limit ${(page_size ?? DEFAULT_PAGE_SIZE) + 1}`.execute(database);
  return rows.map((row) => openThing(vault, row));
}
