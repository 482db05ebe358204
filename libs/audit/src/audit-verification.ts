import { createHash } from 'node:crypto';
import type { Database } from '@concord/database';
import { sql } from 'kysely';
import type { AuditNote } from './audit-notes.js';

/**
 * What can be wrong with the trail:
 * - `changed`: an entry does not have its hash; where its hash was changed as well, the entry after it is named, too
 * - `inserted`: an entry stands where the one after it fits
 * - `missing`: positions that nothing stands at; of the entry after them only its hash counts
 * - `cut-off`: positions at the end that were noted and are gone
 * - `noted-otherwise`: an entry fits the one before and is not the one that was noted: all up to it may have been rewritten
 */
export const AUDIT_FAULTS = ['changed', 'inserted', 'missing', 'cut-off', 'noted-otherwise'] as const;

export interface AuditFault {
  readonly kind: (typeof AUDIT_FAULTS)[number];
  /** The first position of which this is true. */
  readonly position: number;
  /** The last one. */
  readonly until: number;
}

/** Where a verification stands: at an entry, which it takes as right when it goes on. */
export interface AuditStanding {
  readonly position: number;
  readonly hash: string;
  /** How many entries before it were inserted, so that it stands so much further than where it was recorded. */
  readonly shift: number;
}

export interface AuditVerified {
  readonly faults: readonly AuditFault[];
  /** The last entry that was looked at. */
  readonly standing: AuditStanding;
  /** Whether there is nothing after it. */
  readonly ended: boolean;
}

interface AuditRange {
  /** Where an earlier verification stopped; the beginning where nothing is said. */
  readonly after?: AuditStanding;
  /** How many entries to look at. */
  readonly atMost?: number;
}

const BEGINNING: AuditStanding = { position: 0, hash: '0'.repeat(64), shift: 0 };

/** Whoever has found so much stops. */
const MOST_FAULTS = 100;
/** So many inserted entries beside each other are told as such; more of them as changed. */
const INSERTED_AT_ONCE = 20;

/**
 * Follows the chain from hash to hash, and compares it with what was noted outside of the database, without which an end
 * that was cut off, and a chain that was computed anew, would look whole.
 * @param notes by position
 */
export async function verifyAuditTrail(
  database: Database,
  notes: readonly AuditNote[],
  { after, atMost = Infinity }: AuditRange = {},
): Promise<AuditVerified> {
  const faults: AuditFault[] = [];
  let standing = after ?? BEGINNING;
  const comparison = new Comparison(notes, standing);
  let looked = 0;
  for await (const { rows, ready } of entriesAfter(database, after?.position)) {
    for (const [i, row] of rows.slice(0, ready).entries()) {
      const isEnough = looked >= atMost && row.position > standing.position; // never between two of one position
      if (isEnough || faults.length >= MOST_FAULTS) return { faults, standing, ended: false };
      looked += 1;
      const following = () => rows.slice(i + 1, i + 1 + INSERTED_AT_ONCE);
      const fault = faultOf(row, following, standing);
      if (fault) add(faults, fault);
      if (fault?.kind === 'inserted') {
        standing = besides(standing, row, rows[i + 1]);
        continue;
      }
      standing = { ...standing, position: row.position, hash: row.hash };
      if (comparison.contradicts(standing)) comparison.add(faults, row.position);
    }
  }
  const end = standing.position - standing.shift;
  const noted = notes.at(-1)?.position ?? 0;
  if (noted > end) faults.push({ kind: 'cut-off', position: standing.position + 1, until: noted + standing.shift });
  return { faults, standing, ended: true };
}

interface Row {
  readonly position: number;
  /** Where Postgres keeps it: tells entries of one position apart, which only a tampered trail has. */
  readonly place: string;
  /** When it was recorded, as it was hashed. */
  readonly at: string;
  readonly entry: string;
  readonly hash: string;
}

const hashOf = (before: string, position: number, { at, entry }: Row): string =>
  createHash('sha256').update(`${before}\n${position}\n${at}\n${entry}`).digest('hex');

function faultOf(row: Row, following: () => readonly Row[], before: AuditStanding): AuditFault | undefined {
  const { position } = row;
  if (position <= before.position) return { kind: 'inserted', position, until: position };
  if (position > before.position + 1) return { kind: 'missing', position: before.position + 1, until: position - 1 };
  const fits = (one: Row) => hashOf(before.hash, position - before.shift, one) === one.hash;
  if (fits(row)) return undefined;
  return { kind: following().some(fits) ? 'inserted' : 'changed', position, until: position };
}

/** Past an inserted entry, the chain goes on as if it were not there. */
function besides(before: AuditStanding, row: Row, next: Row | undefined): AuditStanding {
  if (row.position <= before.position || !next) return before;
  const position = next.position - 1;
  return { ...before, position, shift: before.shift + position - before.position };
}

/** What is true of positions beside each other is told once. */
function add(faults: AuditFault[], fault: AuditFault): void {
  const last = faults.at(-1);
  const goesOn = last?.kind === fault.kind && fault.position <= last.until + 1;
  if (goesOn) faults[faults.length - 1] = { ...last, until: fault.until };
  else faults.push(fault);
}

/** Goes along the notes as the verification goes along the entries. */
class Comparison {
  private next: number;
  private told: AuditFault | undefined;

  constructor(
    private readonly notes: readonly AuditNote[],
    { position, shift }: AuditStanding,
  ) {
    const first = notes.findIndex((note) => note.position > position - shift);
    this.next = first < 0 ? notes.length : first;
  }

  contradicts({ position, hash, shift }: AuditStanding): boolean {
    let contradicts = false;
    for (; this.next < this.notes.length; this.next += 1) {
      const note = this.notes[this.next]!;
      if (note.position > position - shift) break;
      if (note.position < position - shift) continue; // missing, which was told
      if (note.hash === hash) this.told = undefined;
      else contradicts = true;
    }
    return contradicts;
  }

  /** Once a chain was computed anew, every later note contradicts it: told once. */
  add(faults: AuditFault[], position: number): void {
    const told = { kind: 'noted-otherwise', position: this.told?.position ?? position, until: position } as const;
    const at = this.told ? faults.indexOf(this.told) : faults.length;
    faults[at] = told;
    this.told = told;
  }
}

const PAGE = 1000;

interface Window {
  readonly rows: readonly Row[];
  /** So many of them are to be looked at; those after them follow again, and are there to be looked ahead at. */
  readonly ready: number;
}

/** The entries after a position, a page of them in memory at a time. */
async function* entriesAfter(database: Database, position: number | undefined): AsyncGenerator<Window> {
  // From the beginning, also what stands before the first position, where nothing may stand.
  let after = position === undefined ? sql`true` : sql`position > ${position}`;
  for (let ahead: Row[] = []; ;) {
    const page = await pageOf(database, after);
    const rows = [...ahead, ...page];
    const last = page.length === PAGE ? page.at(-1) : undefined;
    const ready = last ? rows.length - INSERTED_AT_ONCE : rows.length;
    yield { rows, ready };
    if (!last) return;
    ahead = rows.slice(ready);
    after = sql`position >= ${last.position} and (position, ctid) > (${last.position}, ${last.place}::tid)`;
  }
}

async function pageOf(database: Database, after: ReturnType<typeof sql>): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select position, ctid::text as place, entry, hash,
      to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
    from audit.entry where ${after} order by position, ctid limit ${PAGE}`.execute(database);
  return rows;
}
