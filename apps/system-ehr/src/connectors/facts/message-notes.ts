/** What operations may know of the messages that came: no value of any, only types, places and reasons. */
import { createHash } from 'node:crypto';
import type { ProblemFault } from '@concord/canonical';
import type { Database } from '@concord/database';
import { sql } from 'kysely';

/** A field that the mapping did not carry over, and why. */
export interface Loss {
  /** `PID-11`, or a column of a file. */
  readonly place: string;
  readonly reason: string;
}

export interface MessageNote {
  readonly id: string;
  readonly receivedAt: Date;
  readonly sender: string;
  readonly type: string;
  readonly outcome: 'mapped' | 'kept' | 'refused';
  readonly faults?: readonly ProblemFault[];
  readonly losses: readonly Loss[];
}

/** Messages of the same sender and type lose the same fields, so that few lists stand for many messages. */
function lossId(losses: readonly Loss[]): string | null {
  if (losses.length === 0) return null;
  const said = losses.map(({ place, reason }) => `${place} ${reason}`).join('\n');
  let id = recent.get(said);
  if (id === undefined) {
    if (recent.size >= MOST_RECENT) recent.clear();
    recent.set(said, (id = createHash('sha256').update(said).digest('base64url').slice(0, 22)));
  }
  return id;
}

const recent = new Map<string, string>();
const MOST_RECENT = 200;

/** Which of these messages came before. */
export async function knownMessages(tx: Database, schema: string, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select id from ${sql.table(`${schema}.message`)} where id = any(${ids}) and outcome <> 'refused'`.execute(tx);
  return new Set(rows.map(({ id }) => id));
}

export async function saveNotes(tx: Database, schema: string, notes: readonly MessageNote[]): Promise<void> {
  if (notes.length === 0) return;
  const losses = new Map(notes.flatMap((note) => (note.losses.length ? [[lossId(note.losses)!, note.losses]] : [])));
  if (losses.size > 0) {
    await sql`
      insert into ${sql.table(`${schema}.loss`)} (id, losses)
      select id, losses::jsonb from unnest(
        ${[...losses.keys()]}::text[], ${[...losses.values()].map((list) => JSON.stringify(list))}::text[]
      ) as loss (id, losses) on conflict do nothing`.execute(tx);
  }
  await sql`
    insert into ${sql.table(`${schema}.message`)} (id, received_at, sender, type, outcome, faults, loss_id)
    select id, received_at, sender, type, outcome, faults::jsonb, loss_id from unnest(
      ${notes.map(({ id }) => id)}::text[],
      ${notes.map(({ receivedAt }) => receivedAt)}::timestamptz[],
      ${notes.map(({ sender }) => sender)}::text[],
      ${notes.map(({ type }) => type)}::text[],
      ${notes.map(({ outcome }) => outcome)}::text[],
      ${notes.map(({ faults }) => (faults ? JSON.stringify(faults) : null))}::text[],
      ${notes.map((note) => lossId(note.losses))}::text[]
    ) as message (id, received_at, sender, type, outcome, faults, loss_id)
    on conflict (id) do update set
      outcome = excluded.outcome, faults = excluded.faults, loss_id = excluded.loss_id, received_at = excluded.received_at
      where message.outcome = 'refused'`.execute(tx);
}
