import type { Database } from '@concord/database';
import { sql } from 'kysely';
import { FALLBACK_NUMBERS } from './numbered.js';

/** Runs that are taken up in one go; the others have their turn at the next. */
const MOST = 200;

/**
 * Lets runs that ended with a fallback (an estimate, an accrual) be computed anew: what has become known since replaces
 * it, and steps whose figures changed are reversed and done again. A run for which nothing is known yet stays as it is.
 * Gives how many were taken up.
 */
export async function takeUpFallbacks(database: Database, workflow: string): Promise<number> {
  const { rows } = await sql`
    update workflow.run set status = 'queued', pass_position = 0, attempts = 0, version = version + 1 where id in (
      select id from workflow.run where workflow = ${workflow} and status = 'completed'
        and business_numbers && ${FALLBACK_NUMBERS}::text[]
      order by updated_at limit ${MOST} for update skip locked)
    returning id`.execute(database);
  return rows.length;
}
