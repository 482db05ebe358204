import type { Database } from '@concord/database';
import { log } from '@concord/observability';
import { sql } from 'kysely';
import type { AuditNote, AuditNotes } from './audit-notes.js';

interface Noting {
  readonly database: Database;
  readonly notes: AuditNotes;
  readonly clock: () => Date;
}

type Head = Pick<AuditNote, 'position' | 'hash'>;

/**
 * Notes how far the audit trail goes: at once, then in a rhythm while there are new entries, and at the end. Each time it
 * looks whether what was noted last still stands; a trail that contradicts its note is told once as an error and not noted
 * any more, so that the evidence stays. Returns what ends it.
 */
export function noteAuditTrail({ database, notes, clock }: Noting): () => Promise<void> {
  let last: Head | undefined;
  let told: string | undefined;
  const note = async () => {
    const [head, known] = await headAnd(database, last?.position);
    if (last && known?.hash !== last.hash) {
      const reason = known ? 'noted-otherwise' : 'cut-off';
      if (told !== reason) log.error('audit.contradicts-note', { reason, count: last.position });
      told = reason;
    } else if (head && head.position > (last?.position ?? 0)) {
      await notes.add({ ...head, at: clock().toISOString() });
      last = head;
    }
  };
  const begin = async () => {
    const { notes: found, vouch } = await notes.read();
    last = found.at(-1);
    const [head] = await headAnd(database, undefined);
    if (head && !vouch) log.warn('audit.end-not-vouched-for', { count: head.position });
    await note();
  };
  let noting: Promise<void> | undefined;
  const once = (work: () => Promise<void>) => {
    noting ??= work()
      .catch((error: unknown) => log.error('audit.note-failed', { error }))
      .finally(() => (noting = undefined));
  };
  once(begin);
  const timer = setInterval(() => once(note), notes.everyMs);
  return async () => {
    clearInterval(timer);
    await noting;
    await note();
  };
}

/** The last entry, and the one of a position. */
async function headAnd(database: Database, position = 0): Promise<[Head | undefined, Head | undefined]> {
  const { rows } = await sql<Head>`
    select position, hash from audit.entry
    where position = ${position} or position = (select max(position) from audit.entry)
    order by position desc limit 2`.execute(database);
  return [rows[0], rows.find((row) => row.position === position)];
}
