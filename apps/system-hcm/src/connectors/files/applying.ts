/** Works one extract into the record, in one transaction: first who is told of, then what is new, then who has ended. */
import type { ExtractFault, Worker } from '@concord/canonical';
import { linesOf } from '@concord/csv';
import type { Database } from '@concord/database';
import { sql, type RawBuilder } from 'kysely';
import type { WorkerAnnouncements } from '../../changes/worker-announcements.js';
import { WORKER } from '../record/kind.js';
import type { RecordStore } from '../record/record.store.js';
import { ENDS } from './ends.js';
import { ExtractReader, type LineReading, type ToldRecord } from './extract.reader.js';
import type { ExtractStore, Outcome, Waiting } from './extract.store.js';
import { TOLD, type Told } from './fields.js';
import type { Extract, Profile } from './profile.js';
import { digestOf, isNotTold, isToldAsEnded, ToldStore, type Naming, type Twice } from './told.store.js';

export interface ApplyingParts {
  readonly extracts: ExtractStore;
  readonly records: RecordStore;
  readonly announcements: WorkerAnnouncements;
  readonly profile: Profile;
  /** An extract that would end a larger share of what is open is set aside. */
  readonly shrinkShare: number;
  readonly clock: () => Date;
}

/** Lines that are worked in together, and their characters: what is kept of a line keeps all of it in memory. */
const LINES = 500;
const CHARACTERS = 1_048_576;
const MOST_FAULTS = 100;
/** So few in one night are no mistake, unless nobody is left. */
const FEW = 3;

const NOTHING: Outcome = { lines: 0, changed: 0, ended: 0, faultCount: 0, faults: [] };

class Faults {
  count = 0;
  readonly first: ExtractFault[] = [];

  add(...faults: readonly ExtractFault[]): void {
    this.count += faults.length;
    this.first.push(...faults.slice(0, Math.max(0, MOST_FAULTS - this.first.length)));
  }
}

/** Throws nothing of what is in the file: that is told in the outcome. */
export async function apply(tx: Database, waiting: Waiting, parts: ApplyingParts): Promise<Outcome> {
  const extract = parts.profile.extracts.find(({ kind }) => kind === waiting.kind);
  if (!extract) return { ...NOTHING, reason: 'unknown-file' };
  const latest = await parts.extracts.latest(tx, extract.kind);
  if (latest && latest > waiting.writtenAt) return { ...NOTHING, reason: 'outdated' };
  return new Applying(tx, waiting, extract, parts).run();
}

class Applying {
  private readonly faults = new Faults();
  private readonly told: Told;
  private readonly day: string;

  constructor(
    private readonly tx: Database,
    private readonly waiting: Waiting,
    private readonly extract: Extract,
    private readonly parts: ApplyingParts,
  ) {
    this.told = TOLD[extract.kind];
    this.day = waiting.writtenAt.toISOString().slice(0, 10);
  }

  async run(): Promise<Outcome> {
    const store = await ToldStore.begin(this.tx);
    const { lines, isUnusable, namesAll } = await this.enter(store);
    if (isUnusable) return this.outcome({ lines, reason: 'columns-missing' });
    const endsAbsent = this.extract.absent === 'ended' && namesAll;
    if (await this.shrinks(endsAbsent)) return this.outcome({ lines, reason: 'shrinks' });
    const changed = await this.write(store);
    const ended = endsAbsent ? await this.endAbsent() : 0;
    return this.outcome({ lines, changed, ended });
  }

  private outcome(known: Partial<Outcome>): Outcome {
    return { ...NOTHING, ...known, faultCount: this.faults.count, faults: this.faults.first };
  }

  /** Reads the file once for whom it names and what is wrong with it. */
  private async enter(store: ToldStore): Promise<ExtractReader> {
    const reader = this.reader();
    for await (const readings of this.groups(reader)) {
      for (const { faults } of readings) this.faults.add(...faults);
      if (reader.isUnusable) return reader;
      for (const twice of await store.enter(readings.flatMap((reading) => this.namingOf(reading))))
        this.faults.add(...faultsOf(twice));
    }
    this.faults.add(...reader.atEnd());
    await sql`analyze told`.execute(this.tx);
    return reader;
  }

  private namingOf({ line, record, id }: PlacedReading): Naming[] {
    if (record) return [{ line, id: record.id, digest: digestOf(record), hasEnded: this.hasEnded(record) }];
    return id === undefined ? [] : [{ line, id, digest: '', hasEnded: false }];
  }

  private hasEnded(record: ToldRecord): boolean {
    return ENDS[this.extract.kind]?.hasEnded(record, this.day) ?? false;
  }

  /** Whether more would end than is believed without a person who says so. */
  private async shrinks(endsAbsent: boolean): Promise<boolean> {
    const end = ENDS[this.extract.kind];
    if (!end || this.waiting.accepted) return false;
    const { records, shrinkShare } = this.parts;
    const isOpen = end.isOpen(this.day);
    const count = (more: RawBuilder<unknown>) => records.count(this.tx, this.told.kind, more);
    const open = await count(isOpen);
    const lost =
      (await count(sql`${isOpen} ${isToldAsEnded}`)) + (endsAbsent ? await count(sql`${isOpen} ${isNotTold}`) : 0);
    const isMuch = lost > shrinkShare * open && (lost > FEW || lost === open);
    if (isMuch)
      this.faults.add({
        place: 'file',
        code: 'shrinks',
        detail: `${lost} of ${open} would end, and ${Math.round(shrinkShare * 100)} in a hundred are believed`,
      });
    return isMuch;
  }

  /** Reads the file once more and writes what is new, or says something else than before. */
  private async write(store: ToldStore): Promise<number> {
    let changed = 0;
    for await (const readings of this.groups(this.reader())) {
      const told = new Map(readings.flatMap(({ record }) => (record ? [[record.id, record] as const] : [])));
      const doubtful = await store.doubtful([...told.keys()]);
      changed += await this.merge([...told.values()].filter(({ id }) => !doubtful.has(id)));
    }
    return changed;
  }

  private async endAbsent(): Promise<number> {
    const { records } = this.parts;
    const { kind } = this.told;
    const end = ENDS[this.extract.kind]!;
    let ended = 0;
    for (let page_token: string | undefined; ;) {
      const more = sql`${end.isOpen(this.day)} ${isNotTold}`;
      const page = await records.list(this.tx, kind, { page_size: LINES, page_token }, more);
      const bodies = page.items.map((item) => end.ended({ ...item }, this.day));
      await this.merge(bodies.flatMap((body) => (body ? [body as ToldRecord] : [])));
      await records.remove(
        this.tx,
        kind,
        page.items.filter((_, i) => !bodies[i]).map(({ id }) => id),
      );
      ended += page.items.length;
      if (!page.nextPageToken) return ended;
      page_token = page.nextPageToken;
    }
  }

  private async merge(bodies: readonly ToldRecord[]): Promise<number> {
    const { records, announcements, clock } = this.parts;
    const { kind } = this.told;
    const written = await records.merge(this.tx, kind, bodies, clock());
    if (kind.name === WORKER.name) await announcements.tell(this.tx, written as Worker[]);
    return written.length;
  }

  private reader(): ExtractReader {
    return new ExtractReader(this.extract, this.parts.profile.delimiter);
  }

  /** The file from its beginning, a bounded number of lines at a time. */
  private async *groups(reader: ExtractReader): AsyncGenerator<readonly PlacedReading[]> {
    const { extracts, profile } = this.parts;
    let group: PlacedReading[] = [];
    let characters = 0;
    for await (const line of linesOf(extracts.pieces(this.tx, this.waiting.id), profile)) {
      group.push({ ...reader.read(line), line: line.line });
      if (reader.isUnusable) break;
      characters += 'fields' in line ? lengthOf(line.fields) : 0;
      if (group.length < LINES && characters < CHARACTERS) continue;
      yield group;
      [group, characters] = [[], 0];
    }
    if (group.length) yield group;
  }
}

type PlacedReading = LineReading & { readonly line: number };

const lengthOf = (fields: readonly string[]): number => fields.reduce((all, { length }) => all + length, 0);

/** The same line twice does no harm, but is told; two that differ are both left out. */
const faultsOf = ({ line, first, isSame }: Twice): ExtractFault[] =>
  isSame
    ? [{ place: `line ${line}`, code: 'duplicate', detail: `is line ${first} once more` }]
    : [
        { place: `line ${line}`, code: 'duplicate', detail: `has the id of line ${first}, and says something else` },
        { place: `line ${first}`, code: 'duplicate', detail: `has the id of line ${line}, and says something else` },
      ];
