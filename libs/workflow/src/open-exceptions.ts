import { money, type Money } from '@concord/canonical';
import type { Database } from '@concord/database';
import { sql } from 'kysely';
import type { Owner } from './definition.js';

/** What waits for one team: exceptions, the runs that they hold up, and the money of these, one amount a currency. */
export interface OpenExceptionCount {
  readonly owner: Owner;
  readonly exceptions: number;
  readonly runs: number;
  readonly atStake: Money[];
}

export interface OpenExceptions {
  readonly openExceptions: OpenExceptionCount[];
  /** Of all owners together, each run counted once. */
  readonly atStake: Money[];
}

interface SumRow {
  /** None for the sum over all owners. */
  readonly owner: Owner | null;
  readonly exceptions: number;
  readonly runs: number;
  /** Amounts by currency; none where of no run it is known. */
  readonly at_stake: Readonly<Record<string, string>> | null;
}

/** Counts what waits for whom in the run ledger. A run that two steps hold up has its money at stake once. */
export async function countOpenExceptions(database: Database): Promise<OpenExceptions> {
  const { rows } = await sql<SumRow>`
    with open as (
      select owner, run_id, at_stake ->> 'currency' as currency, (at_stake ->> 'amount')::numeric as amount
      from workflow.exception where status <> 'resolved'
    ), counted as (
      select owner, count(*)::int as exceptions, count(distinct run_id)::int as runs
      from open group by grouping sets ((owner), ())
    ), held_up as (
      select owner, run_id, currency, max(amount) as amount
      from open where amount is not null
      group by grouping sets ((owner, run_id, currency), (run_id, currency))
    ), by_currency as (
      select owner, currency, sum(amount) as amount from held_up group by owner, currency
    ), stakes as (
      select owner, jsonb_object_agg(currency, amount::text) as at_stake from by_currency group by owner
    )
    select counted.*, at_stake from counted
    left join stakes on stakes.owner is not distinct from counted.owner
    order by counted.owner`.execute(database);
  const all = rows.find(({ owner }) => owner === null);
  const openExceptions = rows.flatMap(({ owner, exceptions, runs, at_stake }) =>
    owner === null ? [] : { owner, exceptions, runs, atStake: amountsOf(at_stake) },
  );
  return { openExceptions, atStake: amountsOf(all?.at_stake ?? null) };
}

const amountsOf = (byCurrency: SumRow['at_stake']): Money[] =>
  Object.entries(byCurrency ?? {}).map(([currency, amount]) => money(amount, currency));
