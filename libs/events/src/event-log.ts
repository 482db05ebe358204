import { Problem } from '@concord/canonical';
import { GroupCommit, rowsOf, sendAlong, together, type Database, type Statement } from '@concord/database';
import { sql } from 'kysely';
import type { EventTables } from './event-tables.js';
import type { Vault } from './vault.js';

/** A message as it arrived. It is the only thing here that may hold PHI, and it is sealed before it is stored. */
export interface RawMessage {
  readonly id: string;
  /** Where it came from: `fhir`, `hl7v2`, `mllp`. */
  readonly source: string;
  readonly contentType: string;
  readonly body: Buffer | string;
}

/** An event to be appended (CloudEvents 1.0). `data` holds ids, codes and amounts, never a name. */
export interface NewEvent {
  /** Unique; appended again, it is the same event. */
  readonly id: string;
  readonly type: string;
  readonly source: string;
  /** The business key: events with the same subject are worked on in their order. */
  readonly subject: string;
  readonly correlationId: string;
  readonly time: Date;
  readonly data: unknown;
  readonly rawMessageId?: string;
}

/** An event of the log, with its position: later events have higher positions. */
export interface StoredEvent extends Omit<NewEvent, 'rawMessageId'> {
  readonly position: number;
}

interface Append {
  readonly raw: RawMessage | undefined;
  readonly events: readonly NewEvent[];
}

/** Any number that no other advisory lock of ours uses. */
const APPEND_LOCK = 7_262_665;

/**
 * The event log. Writers take turns (an advisory lock held to the commit), so the order of positions is the order of
 * commits: whoever has read up to a position has missed nothing before it.
 */
export class EventLog {
  private readonly commits: GroupCommit<Append, number>;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly database: Database,
    private readonly vault: Vault,
    private readonly settings: { readonly clock: () => Date; readonly rawRetentionDays: number },
  ) {
    const refuse = () => new Problem('upstream-unavailable', 'Too many messages wait to be stored', { retryAfter: 1 });
    this.commits = new GroupCommit((appends) => this.commit(appends), { group: 200, waiting: 5000, refuse });
  }

  /** Stores a raw message and its events in one transaction; resolves, once that is durable, to how many were new. */
  append(events: readonly NewEvent[], raw?: RawMessage): Promise<number> {
    return this.commits.add({ events, raw });
  }

  /**
   * The same inside the caller's transaction, for a store that must change together with the log; gives the ids of the
   * events that were new. Other writers wait until the transaction ends. Call `announce` after the commit.
   */
  async appendIn(tx: Database, events: readonly NewEvent[], raws: readonly RawMessage[]): Promise<Set<string>> {
    const answers = await together(tx, ...this.statements(events, raws));
    const inserted = events.length ? (answers.at(-1) as { id: string }[]) : [];
    return new Set(inserted.map(({ id }) => id));
  }

  /** The same as the last of a transaction, with whose commit it travels: which events were new, nobody asks. */
  async appendLast(tx: Database, events: readonly NewEvent[], raws: readonly RawMessage[]): Promise<void> {
    await sendAlong(tx, ...this.statements(events, raws));
  }

  /** Calls the listener after each append of this process; other processes are noticed by polling. */
  onAppend(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  announce(): void {
    for (const listener of this.listeners) listener();
  }

  /** Events after a position, oldest first. */
  async after(
    position: number,
    limit: number,
    types?: readonly string[],
    database: Database = this.database,
  ): Promise<StoredEvent[]> {
    const rows = await database
      .$extendTables<EventTables>()
      .selectFrom('events.event')
      .select(['position', 'id', 'type', 'source', 'subject', 'correlation_id', 'time', 'data'])
      .where('position', '>', position)
      .$if(types !== undefined, (query) => query.where('type', 'in', types as string[]))
      .orderBy('position')
      .limit(limit)
      .execute();
    return rows.map(({ correlation_id, ...row }) => ({ ...row, correlationId: correlation_id }));
  }

  /** The raw message, opened; undefined once its retention time is over. */
  async rawMessage(id: string): Promise<{ contentType: string; body: Buffer } | undefined> {
    const row = await this.database
      .$extendTables<EventTables>()
      .selectFrom('events.raw_message')
      .select(['content_type', 'body'])
      .where('id', '=', id)
      .where('expires_at', '>', this.settings.clock())
      .executeTakeFirst();
    return row && { contentType: row.content_type, body: this.vault.open(row.body, id) };
  }

  /** Removes raw messages past their retention time, a bounded number a call; returns how many. */
  async forgetExpired(limit = 5000): Promise<number> {
    const tables = this.database.$extendTables<EventTables>();
    const expired = tables
      .selectFrom('events.raw_message')
      .select('id')
      .where('expires_at', '<=', this.settings.clock())
      .limit(limit);
    const gone = await tables.deleteFrom('events.raw_message').where('id', 'in', expired).executeTakeFirst();
    return Number(gone.numDeletedRows);
  }

  private async commit(appends: readonly Append[]): Promise<number[]> {
    const events = appends.flatMap((append) => append.events);
    const raws = appends.flatMap((append) => append.raw ?? []);
    const appended = await this.database.transaction().execute((tx) => this.appendIn(tx, events, raws));
    this.announce();
    // Where two appends of the group bring the same event, it was new to the first of them.
    return appends.map((append) => append.events.filter(({ id }) => appended.delete(id)).length);
  }

  /** The last of them gives the ids of the events that were new, where there are events. */
  private statements(events: readonly NewEvent[], raws: readonly RawMessage[]): Statement[] {
    const statements: Statement[] = [sql`select pg_advisory_xact_lock(${sql.lit(APPEND_LOCK)})`];
    if (raws.length) statements.push(this.insertRaw(raws));
    if (events.length) statements.push(insertEvents(events));
    return statements;
  }

  /** The sealed bodies travel as one value that is cut apart there: an array of them would have to be written as text. */
  private insertRaw(raws: readonly RawMessage[]): Statement {
    const bodies = raws.map(({ id, body }) => this.vault.seal(body, id));
    const lengths = bodies.map(({ length }) => length);
    let end = 1;
    const starts = lengths.map((length) => (end += length) - length);
    const now = this.settings.clock();
    const expiresAt = new Date(now.getTime() + this.settings.rawRetentionDays * 86_400_000);
    return sql`
      insert into events.raw_message (id, source, content_type, body, received_at, expires_at)
      select id, source, content_type, substring(${Buffer.concat(bodies)}::bytea from start for length), ${now}, ${expiresAt}
      from unnest(
        ${raws.map(({ id }) => id)}::text[],
        ${raws.map(({ source }) => source)}::text[],
        ${raws.map(({ contentType }) => contentType)}::text[],
        ${starts}::int[],
        ${lengths}::int[]
      ) as raw (id, source, content_type, start, length)
      on conflict (id) do nothing`;
  }
}

const EVENT = {
  id: 'text',
  type: 'text',
  source: 'text',
  subject: 'text',
  correlationId: 'text',
  time: 'timestamptz',
  data: 'json',
  rawMessageId: 'text',
} as const;

/** One parameter however many events there are: Postgres takes 65,535 of them, and a large Bundle would need more. */
const insertEvents = (events: readonly NewEvent[]): Statement<{ id: string }> => sql`
  insert into events.event (id, type, source, subject, correlation_id, time, data, raw_message_id)
  select id, type, source, subject, "correlationId", time, data, "rawMessageId"
  from ${rowsOf(EVENT, events)} as event
  order by ordinality
  on conflict (id) do nothing
  returning id`;
