import { sql } from 'kysely';

/** Assignments that are in force on a day. */
export const inForceOn = (day: string) =>
  sql`and body->>'startsOn' <= ${day} and coalesce(body->>'endsOn', '9999-12-31') >= ${day}`;
