import {
  isMoment,
  isText,
  DEFAULT_PAGE_SIZE,
  pagePosition,
  Problem,
  toPage,
  type Encounter,
  type Page,
} from '@concord/canonical';
import { GroupCommit, type Database } from '@concord/database';
import { sql } from 'kysely';
import type { EncounterQuery } from '../queries.js';
import { encounterTables } from './encounter-rows.js';
import type { StoredEncounter } from './record.js';

const READS_A_STATEMENT = 200;
const READS_WAITING = 5000;

/** Where a page starts: after this moment, and of that moment after this encounter. */
type Position = readonly [updatedAt: string, id: string];

interface Row {
  readonly id: string;
  readonly body: StoredEncounter;
  readonly updated_at: Date;
}

const recorded = ({ body, updated_at }: Row): Encounter => ({
  ...body,
  revision: String(body.version),
  changedAt: updated_at.toISOString(),
});

/** Reads the encounters of a connector's record. Only an intake writes them. */
export class EncounterStore {
  private readonly reads: GroupCommit<string, Encounter | undefined>;

  /** @param schema the connector's own schema, which holds a table `encounter` */
  constructor(
    private readonly database: Database,
    private readonly schema: string,
  ) {
    this.reads = new GroupCommit((ids) => this.readAll(ids), {
      group: READS_A_STATEMENT,
      waiting: READS_WAITING,
      refuse: () => new Problem('rate-limited', 'Too many readers wait for the record', { retryAfter: 1 }),
    });
  }

  /** Readers of the same moment share a round trip. */
  read(id: string): Promise<Encounter | undefined> {
    return this.reads.add(id);
  }

  private async readAll(ids: readonly string[]): Promise<(Encounter | undefined)[]> {
    const { rows } = await sql<Row>`
      select id, body, updated_at from ${sql.table(`${this.schema}.encounter`)} where id = any(${ids})`.execute(
      this.database,
    );
    const found = new Map(rows.map((row) => [row.id, recorded(row)]));
    return ids.map((id) => found.get(id));
  }

  async list({ status, changed_since, page_size, page_token }: EncounterQuery): Promise<Page<Encounter>> {
    const size = page_size ?? DEFAULT_PAGE_SIZE;
    const after = pagePosition<Position>(page_token, isPosition);
    let rows = encounterTables(this.database, this.schema)
      .selectFrom('encounter')
      .select(['id', 'updated_at', 'body'])
      .orderBy('updated_at')
      .orderBy('id')
      .limit(size + 1);
    if (status) rows = rows.where('status', '=', status);
    if (changed_since) rows = rows.where('updated_at', '>=', new Date(changed_since));
    if (after) rows = rows.where(sql<boolean>`(updated_at, id) > (${after[0]}::timestamptz, ${after[1]})`);
    const position = ({ updated_at, id }: { updated_at: Date; id: string }): Position => [updated_at.toISOString(), id];
    return toPage(await rows.execute(), size, position, recorded);
  }
}

const isPosition = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && isMoment(value[0]) && isText(value[1]);
