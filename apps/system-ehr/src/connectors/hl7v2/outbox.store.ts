import { Problem } from '@concord/canonical';
import type { Database } from '@concord/database';
import type { Vault } from '@concord/events';
import { sql } from 'kysely';
import type { OutboundMessage } from '../../hl7v2.messages.dto.js';
import type { OutboxTables } from './outbox.tables.js';

export interface OutboxMessage {
  readonly position: number;
  readonly controlId: string;
  readonly attempts: number;
  readonly dueAt: Date;
  readonly text: string;
}

/** The queue of messages to be sent, each kept sealed until it is settled. */
export class OutboxStore {
  private readonly tables;

  constructor(
    database: Database,
    private readonly vault: Vault,
    private readonly most: number,
  ) {
    this.tables = database.$extendTables<OutboxTables>();
  }

  /** A message under the same control id is the same one. Throws `rate-limited` where too many wait. */
  async add(destination: string, controlId: string, text: string, now: Date): Promise<void> {
    const body = this.vault.seal(text, place(destination, controlId));
    const { rows } = await sql<{ waiting: number }>`
      with waiting as (
        select count(*)::int as waiting from (
          select 1 from hl7v2_outbox.message where destination = ${destination} and state = 'waiting' limit ${this.most}
        ) as queued
      ), added as (
        insert into hl7v2_outbox.message (destination, control_id, due_at, body)
        select ${destination}, ${controlId}, ${now}, ${body} from waiting where waiting < ${this.most}
        on conflict do nothing
      )
      select waiting from waiting`.execute(this.tables);
    if ((rows[0]?.waiting ?? 0) >= this.most)
      throw new Problem('rate-limited', 'Too many messages wait to be sent', { retryAfter: 5 });
  }

  async read(destination: string, controlId: string): Promise<OutboundMessage | undefined> {
    const row = await this.tables
      .selectFrom('hl7v2_outbox.message')
      .select(['state', 'attempts', 'answer'])
      .where('destination', '=', destination)
      .where('control_id', '=', controlId)
      .executeTakeFirst();
    return row && { id: controlId, state: row.state, attempts: row.attempts, answer: row.answer ?? undefined };
  }

  /** The one to be sent next, whether it is due or not. */
  async next(destination: string): Promise<OutboxMessage | undefined> {
    const row = await this.tables
      .selectFrom('hl7v2_outbox.message')
      .select(['position', 'control_id', 'attempts', 'due_at', 'body'])
      .where('destination', '=', destination)
      .where('state', '=', 'waiting')
      .orderBy('position')
      .limit(1)
      .executeTakeFirst();
    if (!row?.body) return undefined;
    const text = this.vault.open(row.body, place(destination, row.control_id)).toString('utf8');
    return { position: row.position, controlId: row.control_id, attempts: row.attempts, dueAt: row.due_at, text };
  }

  async sent(position: number, answer: string, now: Date): Promise<void> {
    await this.tables
      .updateTable('hl7v2_outbox.message')
      .set({ state: 'sent', answer, settled_at: now, body: null })
      .where('position', '=', position)
      .execute();
  }

  /** A refused message is kept, for a person to have it sent again. Gives how often it has been refused. */
  async refused(tx: Database, position: number, answer: string, now: Date): Promise<number> {
    const { refusals } = await tx
      .$extendTables<OutboxTables>()
      .updateTable('hl7v2_outbox.message')
      .set(({ eb }) => ({ state: 'refused', answer, settled_at: now, refusals: eb('refusals', '+', 1) }))
      .where('position', '=', position)
      .returning('refusals')
      .executeTakeFirstOrThrow();
    return refusals;
  }

  /** Lets a refused message wait again, in the place that it had; false where it is not a refused one. */
  async repeat(destination: string, controlId: string, now: Date): Promise<boolean> {
    const { numUpdatedRows } = await this.tables
      .updateTable('hl7v2_outbox.message')
      .set({ state: 'waiting', due_at: now, attempts: 0, settled_at: null })
      .where('destination', '=', destination)
      .where('control_id', '=', controlId)
      .where('state', '=', 'refused')
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  async postpone(position: number, dueAt: Date): Promise<void> {
    await this.tables
      .updateTable('hl7v2_outbox.message')
      .set(({ eb }) => ({ attempts: eb('attempts', '+', 1), due_at: dueAt }))
      .where('position', '=', position)
      .execute();
  }

  /** Removes what was sent, and what was refused, before a moment; a bounded number a call. */
  async forget({ sent, refused }: { sent: Date; refused: Date }, limit = 5000): Promise<void> {
    const settled = this.tables
      .selectFrom('hl7v2_outbox.message')
      .select('position')
      .where((row) =>
        row.or([
          row.and([row('state', '=', 'sent'), row('settled_at', '<', sent)]),
          row.and([row('state', '=', 'refused'), row('settled_at', '<', refused)]),
        ]),
      )
      .limit(limit);
    await this.tables.deleteFrom('hl7v2_outbox.message').where('position', 'in', settled).execute();
  }
}

const place = (destination: string, controlId: string): string => `hl7v2_outbox/${destination}/${controlId}`;
