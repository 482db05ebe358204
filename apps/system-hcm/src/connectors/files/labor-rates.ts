import type { LaborRate } from '@concord/canonical';
import type { Database } from '@concord/database';
import { sql } from 'kysely';
import { WORKER, type Kind, type Versioned } from '../record/kind.js';
import type { RecordStore } from '../record/record.store.js';
import type { LaborTerms } from '../labor/labor.ledger.js';

type KeptRate = LaborRate & Versioned;

/** What an hour costs, as a file tells it. */
export const LABOR_RATE: Kind<KeptRate> = {
  name: 'labor-rate',
  one: 'LaborRate',
  many: 'LaborRates',
  prefix: 'RATE',
  sealed: [],
  filters: {},
};

const KEPT_MS = 10_000;

/** What labor is booked by: the rates that were told, and the facilities at which somebody works. */
export function termsTold(database: Database, records: RecordStore, schema: string): LaborTerms {
  const rates = cached(async () => {
    const { items } = await records.list(database, LABOR_RATE, { page_size: 500 });
    const byRole = new Map(items.map(({ role, hourlyCost, changedAt }) => [role, { role, hourlyCost, changedAt }]));
    return [...byRole.values()].sort((a, b) => (a.role < b.role ? -1 : 1));
  });
  const facilities = cached(async () => {
    const { rows } = await sql<{ facility: string }>`
      select distinct body->>'facility' as facility from ${sql.table(`${schema}.record`)}
      where kind = ${WORKER.name} and body ? 'facility'`.execute(database);
    return new Set(rows.map(({ facility }) => facility));
  });
  return { rates, facilities };
}

function cached<T>(read: () => Promise<T>): () => Promise<T> {
  let kept: { readonly value: Promise<T>; readonly until: number } | undefined;
  return () => {
    if (kept && kept.until > Date.now()) return kept.value;
    const value = read();
    const now = { value, until: Date.now() + KEPT_MS };
    kept = now;
    value.catch(() => kept === now && (kept = undefined));
    return value;
  };
}
