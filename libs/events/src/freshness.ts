import type { Freshness } from '@concord/canonical';
import type { Database } from '@concord/database';
import { sql } from 'kysely';
import type { Subscriber } from './subscription.js';

interface Progress {
  readonly position: number;
  readonly time: Date | null;
  readonly behind: number;
}

/**
 * How far a subscriber of the event log has come. Ask before reading its rows: they may then hold more than is said
 * here, and never less.
 */
export async function freshnessOf(
  database: Database,
  { name, types }: Pick<Subscriber, 'name' | 'types'>,
): Promise<Freshness> {
  const { rows } = await sql<Progress>`
    select taken.position, last.time, (
      select count(*)::int from events.event waiting
      where waiting.position > taken.position and waiting.type = any(${types})
    ) as behind
    from (select coalesce(max(position), 0) as position from events.cursor where subscriber = ${name}) taken
    left join events.event last on last.position = taken.position`.execute(database);
  const { position, time, behind } = rows[0]!;
  return { position, asOf: time?.toISOString(), behind };
}
