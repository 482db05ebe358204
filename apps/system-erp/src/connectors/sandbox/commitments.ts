/** What orders have promised and what of it has come, out of the lines of the purchase orders. */
import { money, type Money } from '@concord/canonical';
import type { Database } from '@concord/database';
import { sql } from 'kysely';

/** Orders that promise money: approved, and not yet done. */
const PROMISING = sql`('approved', 'sent', 'partially-received')`;

/** @param like what a line has, for example its cost center and account, or its project */
export async function commitmentsOf(
  database: Database,
  like: object,
  { from, to, currency }: { from?: string; to?: string; currency: string },
): Promise<{ committed: Money; received: Money }> {
  const { rows } = await sql<{ committed: string; received: string }>`
    select
      coalesce(sum(greatest((line ->> 'quantity')::numeric - (line ->> 'received')::numeric, 0) * price)
        filter (where status in ${PROMISING}), 0) as committed,
      coalesce(sum((line ->> 'received')::numeric * price), 0) as received
    from (
      select body ->> 'status' as status, line, (line #>> '{unitPrice,amount}')::numeric as price
      from sandbox_erp.document, jsonb_array_elements(body -> 'lines') as line
      where kind = 'purchase order' and body @> ${JSON.stringify({ lines: [like] })}::jsonb
        and line @> ${JSON.stringify(like)}::jsonb
        and body ->> 'neededOn' between ${from ?? '0000'} and ${to ?? '9999'}) as ordered`.execute(database);
  const { committed = '0', received = '0' } = rows[0] ?? {};
  return { committed: money(committed, currency), received: money(received, currency) };
}
