import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, DATABASE, type Clock } from '@concord/api';
import { AuditNotes, verifyAuditTrail, type AuditFault, type AuditStanding, type NotesRead } from '@concord/audit';
import { pagePosition, pageToken, Problem } from '@concord/canonical';
import type { Database } from '@concord/database';
import { sql } from 'kysely';
import { DEFAULT_ENTRIES, type AuditTrailQuery, type AuditTrailVerification } from './audit-trail.dto.js';

/** Where a verification stands, and how many faults the pages before have told. */
interface Place extends AuditStanding {
  readonly faults: number;
}

/** A busy process may be so much late. */
const LATE_MS = 60_000;

const MEANING: Readonly<Record<AuditFault['kind'], string>> = {
  changed:
    'An entry does not have its hash: it was changed. Where its hash was changed too, the entry after it is named as well',
  inserted: 'An entry was put in that was never recorded',
  missing: 'Nothing stands at these positions: entries were taken out. Of the entry after them only its hash counts',
  'cut-off': 'The trail once went as far as this, and now ends before: it was cut off at its end',
  'noted-otherwise':
    'The entry fits the one before but is not the one that was noted outside: the trail was computed anew, from after the note before',
};

/** Verifies the audit trail against what was noted outside of its database, one page at a time in a process. */
@Injectable()
export class AuditTrailVerifier {
  private isBusy = false;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(AuditNotes) private readonly notes: AuditNotes,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Throws `rate-limited` while another page is verified here. */
  async verify(query: AuditTrailQuery): Promise<AuditTrailVerification> {
    if (this.isBusy) throw new Problem('rate-limited', 'The audit trail is being verified', { retryAfter: 1 });
    this.isBusy = true;
    try {
      return await this.page(query);
    } finally {
      this.isBusy = false;
    }
  }

  private async page({ page_token, page_size = DEFAULT_ENTRIES }: AuditTrailQuery): Promise<AuditTrailVerification> {
    const after = pagePosition<Place>(page_token, isPlace);
    const read = await this.notes.read(); // before the entries: what is noted is there
    const { faults, standing, ended } = await verifyAuditTrail(this.database, read.notes, { after, atMost: page_size });
    const told = (after?.faults ?? 0) + faults.length;
    const vouch = read.vouch && !(await this.isBehind(read));
    return {
      result: resultOf(told, ended, vouch),
      faults: faults.map((fault) => ({ ...fault, detail: MEANING[fault.kind] })),
      verifiedTo: standing.position,
      head: await this.head(),
      ...vouched(read),
      ...(ended ? {} : { nextPageToken: pageToken({ ...standing, faults: told }) }),
    };
  }

  /** Whether notes are no longer made: an entry after the newest one is older than it could be. */
  private async isBehind({ notes }: NotesRead): Promise<boolean> {
    const noted = notes.at(-1)?.position ?? 0;
    const since = new Date(this.clock().getTime() - 3 * this.notes.everyMs - LATE_MS);
    const { rows } = await sql<{ at: Date }>`
      select at from audit.entry where position > ${noted} order by position limit 1`.execute(this.database);
    return rows.some(({ at }) => at < since);
  }

  private async head(): Promise<number> {
    const { rows } = await sql<{ head: number }>`
      select coalesce(max(position), 0) as head from audit.entry`.execute(this.database);
    return rows[0]!.head;
  }
}

function resultOf(faults: number, ended: boolean, vouch: boolean): AuditTrailVerification['result'] {
  if (faults) return 'broken';
  if (!ended) return 'whole-so-far';
  return vouch ? 'whole' : 'end-not-vouched-for';
}

function vouched({ notes, unreadable }: NotesRead) {
  const moments = notes.map(({ at }) => at).sort();
  const [oldest, newest, furthest] = [moments[0], moments.at(-1), notes.at(-1)];
  return {
    unreadableNotes: unreadable,
    ...(oldest && newest && furthest ? { vouchedTo: furthest.position, notedSince: oldest, notedAt: newest } : {}),
  };
}

function isPlace(value: unknown): value is Place {
  const { position, hash, shift, faults } = (value ?? {}) as Record<keyof Place, unknown>;
  const isHash = typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash);
  return isHash && [position, shift, faults].every(Number.isSafeInteger);
}
