import { DEFAULT_PAGE_SIZE, pagePosition, toPage, type Page } from '@concord/canonical';
import type { Database } from '@concord/database';
import { sql } from 'kysely';
import type { InboundMessage, InboundMessageQuery } from '../../hl7v2.messages.dto.js';

interface Row extends Pick<InboundMessage, 'id' | 'outcome'> {
  readonly position: string;
  readonly received_at: Date;
  readonly sender: string;
  readonly type: string;
  readonly faults: InboundMessage['faults'] | null;
  readonly losses: InboundMessage['losses'] | null;
}

/** The messages that came, the newest first. */
export async function listInboundMessages(
  database: Database,
  schema: string,
  { outcome, changed_since, page_size, page_token }: InboundMessageQuery,
): Promise<Page<InboundMessage>> {
  const size = page_size ?? DEFAULT_PAGE_SIZE;
  const before = pagePosition<number>(page_token, Number.isSafeInteger) ?? Number.MAX_SAFE_INTEGER;
  const { rows } = await sql<Row>`
    select m.id, m.position, m.received_at, m.sender, m.type, m.outcome, m.faults, l.losses
    from ${sql.table(`${schema}.message`)} m left join ${sql.table(`${schema}.loss`)} l on l.id = m.loss_id
    where m.position < ${before} and (${outcome ?? null}::text is null or m.outcome = ${outcome ?? null})
      ${changed_since === undefined ? sql`` : sql`and m.received_at >= ${changed_since}::timestamptz`}
    order by m.position desc limit ${size + 1}`.execute(database);
  return toPage(rows, size, ({ position }) => Number(position), messageOf);
}

const messageOf = ({ id, received_at, sender, type, outcome, faults, losses }: Row): InboundMessage => ({
  id,
  receivedAt: received_at.toISOString(),
  sender: sender || undefined,
  type: type || undefined,
  outcome,
  faults: faults ?? [],
  losses: losses ?? [],
  changedAt: received_at.toISOString(),
});
