/** What a group of messages changed, each kind in one statement whose text is always the same. */
import type { Database, Statement } from '@concord/database';
import { sql } from 'kysely';
import type { Entry } from './entry.js';

/** The sealed bodies travel as one value that is cut apart there: an array of them would have to be written as text. */
function insertInto(entries: readonly Entry[]) {
  const bodies = entries.map(({ sealed }) => sealed());
  const lengths = bodies.map(({ length }) => length);
  let end = 1;
  const starts = lengths.map((length) => (end += length) - length);
  return sql`
    insert into sandbox_ehr.resource (key, encounter_id, parent, changed_at, digest, body)
    select key, encounter_id, parent, changed_at, digest, substring(${Buffer.concat(bodies)}::bytea from start for length)
    from unnest(
      ${entries.map(({ key }) => key)}::text[],
      ${entries.map(({ encounterId }) => encounterId)}::text[],
      ${entries.map(({ parent }) => parent)}::text[],
      ${entries.map(({ changedAt }) => changedAt)}::timestamptz[],
      ${entries.map(({ digest }) => digest)}::text[],
      ${starts}::int[],
      ${lengths}::int[]
    ) as entry (key, encounter_id, parent, changed_at, digest, start, length)`;
}

/** Leaves alone what is known already. */
export async function addUnknownEntries(tx: Database, entries: readonly Entry[]): Promise<void> {
  await sql`${insertInto(entries)} on conflict do nothing`.execute(tx);
}

export function saveEntries(entries: readonly Entry[]): Statement[] {
  if (entries.length === 0) return [];
  const resources = sql`
    ${insertInto(entries)}
    on conflict (key) do update set
      encounter_id = excluded.encounter_id,
      parent = excluded.parent,
      changed_at = excluded.changed_at,
      digest = excluded.digest,
      body = excluded.body`;
  return [resources, ...saveMentions(entries)];
}

function saveMentions(entries: readonly Entry[]): Statement[] {
  const mentions = entries.flatMap(({ key, mentions }) => mentions.map((target) => ({ target, source: key })));
  if (mentions.length === 0) return [];
  const saved = sql`
    insert into sandbox_ehr.mention (target, source)
    select * from unnest(${mentions.map(({ target }) => target)}::text[], ${mentions.map(({ source }) => source)}::text[])
    on conflict do nothing`;
  return [saved];
}

export function removeEntries(keys: readonly string[]): Statement[] {
  if (keys.length === 0) return [];
  return [
    sql`delete from sandbox_ehr.resource where key = any(${keys})`,
    sql`delete from sandbox_ehr.mention where source = any(${keys})`,
  ];
}
