/** What came as FHIR, as operations may see it: opened and mapped once more when it is asked for, never when it comes. */
import { setImmediate as turn } from 'node:timers/promises';
import { isText, pagePosition, toPage, type Page } from '@concord/canonical';
import type { Database } from '@concord/database';
import type { Vault } from '@concord/events';
import { sql } from 'kysely';
import type { InboundMessage, InboundMessageQuery } from '../../hl7v2.messages.dto.js';
import { fhirTold } from './message-losses.js';

interface Row {
  readonly id: string;
  readonly body: Buffer;
  readonly received_at: Date;
  readonly position: string;
}

/** Each is mapped for the answer, so a page is no longer than this. */
const MOST_A_PAGE = 20;

/** The newest first, as long as they are kept. What was refused is not among them: its sender was told why. */
export async function listFhirMessages(
  database: Database,
  vault: Vault,
  { outcome, changed_since, page_size = MOST_A_PAGE, page_token }: InboundMessageQuery,
): Promise<Page<InboundMessage>> {
  if (outcome === 'refused') return { items: [] };
  const size = Math.min(page_size, MOST_A_PAGE);
  const before = pagePosition<string>(page_token, (value) => isText(value) && POSITION.test(value)) ?? 'infinity/';
  const [, moment, id] = POSITION.exec(before)!;
  const { rows } = await sql<Row>`
    select id, body, received_at, expires_at::text || '/' || id as position from events.raw_message
    where source = 'fhir' and (expires_at, id) < (${moment}::timestamptz, ${id})
      ${changed_since === undefined ? sql`` : sql`and received_at >= ${changed_since}::timestamptz`}
    order by expires_at desc, id desc limit ${size + 1}`.execute(database);
  const page = toPage(
    rows,
    size,
    ({ position }) => position,
    (row) => row,
  );
  const items: InboundMessage[] = [];
  for (const row of page.items) {
    const message = messageOf(row, vault);
    if (!outcome || message.outcome === outcome) items.push(message);
    await turn(); // a large bundle takes long to map, and others wait
  }
  return { ...page, items };
}

const POSITION = /^(infinity|\d{4}-\d{2}-\d{2} [\d:.]{8,15}[+-]\d{2}(?::\d{2})?)\/([\w:+=-]{0,200})$/;

function messageOf({ id, body, received_at }: Row, vault: Vault): InboundMessage {
  const { type, isMapped, losses } = fhirTold(JSON.parse(vault.open(body, id).toString()));
  return {
    id,
    receivedAt: received_at.toISOString(),
    type,
    outcome: isMapped ? 'mapped' : 'kept',
    faults: [],
    losses: [...losses],
    changedAt: received_at.toISOString(),
  };
}
