import { AUDIT_FAULTS, type AuditFault } from '@concord/audit';
import { choice, count, formatted, instant, list, text } from '@concord/canonical';

export const DEFAULT_ENTRIES = 50_000;
const MOST_ENTRIES = 200_000;
/** Positions grow as long as the installation lives. */
const POSITION = { max: Number.MAX_SAFE_INTEGER };
const TOKEN = /^[A-Za-z0-9_-]{1,400}$/;

export class AuditTrailQuery {
  @count('Entries to look at in this page', { optional: true, min: 1, max: MOST_ENTRIES, example: DEFAULT_ENTRIES })
  page_size?: number;

  @formatted('Token of the page, from `nextPageToken` of the page before', TOKEN, { optional: true })
  page_token?: string;
}

/** What is wrong at a place of the audit trail. */
export class AuditTrailFault {
  @choice('What is wrong', AUDIT_FAULTS, { example: 'missing' })
  kind!: AuditFault['kind'];

  @count('The first position of which it is true', { ...POSITION, example: 4711 })
  position!: number;

  @count('The last position of which it is true', { ...POSITION, example: 4711 })
  until!: number;

  @text('What it means', { max: 300 })
  detail!: string;
}

const RESULTS = ['whole', 'whole-so-far', 'end-not-vouched-for', 'broken'] as const;

/** How the audit trail was found, up to this page. */
export class AuditTrailVerification {
  @choice(
    '`whole` to its end; `whole-so-far` while there is a next page; `end-not-vouched-for` where the entries are whole and ' +
      'no note outside of the database, or no recent one, says whether more followed; `broken` where a fault was found on this page or one before',
    RESULTS,
    { example: 'whole' },
  )
  result!: (typeof RESULTS)[number];

  @list('What is wrong on this page', () => AuditTrailFault)
  faults!: AuditTrailFault[];

  @count('Entries up to this position were looked at', { ...POSITION, example: 50_000 })
  verifiedTo!: number;

  @count('Position of the last entry there is now', { ...POSITION, example: 1_200_000 })
  head!: number;

  @count('Position up to which a cut would show, by the newest note; absent where there is no note', {
    ...POSITION,
    optional: true,
    example: 1_199_950,
  })
  vouchedTo?: number;

  @instant('When the oldest note was made that is kept', { optional: true })
  notedSince?: string;

  @instant('When the newest note was made', { optional: true })
  notedAt?: string;

  @count('Notes that cannot be read')
  unreadableNotes!: number;

  @formatted('Token of the next page; absent at the end of the trail', TOKEN, { optional: true })
  nextPageToken?: string;
}
