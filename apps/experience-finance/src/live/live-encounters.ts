import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { DATABASE, type StreamEvent } from '@concord/api';
import type { Database } from '@concord/database';
import type { Places, Principal } from '@concord/policy';
import { sql } from 'kysely';
import { EncountersProjection } from '../encounters/encounters.projection.js';
import type { FinanceTables } from '../encounters/encounters.tables.js';
import { LISTED, toFinancedEncounter } from '../encounters/financed-encounters.js';

const BATCH = 100;
const POLL_MS = 500;

/**
 * Encounters as they are financed or withdrawn. It follows the rows, so whoever reads an encounter after its event finds
 * it; of two changes between two looks, the newer one is told. Ends with the caller's token or with the API; a client goes
 * on where it was.
 */
@Injectable()
export class LiveEncounters implements OnModuleDestroy {
  private readonly ending = new AbortController();

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly projection: EncountersProjection,
  ) {}

  /** @param after position that the caller has seen; from now on where it has seen none */
  async watch(caller: Principal, after: number | undefined): Promise<AsyncIterable<StreamEvent>> {
    const from = after ?? (await this.projection.freshness()).position;
    const look = (position: number) => this.changesAfter(position, caller.legalEntities);
    const expired = AbortSignal.timeout(Math.max(0, caller.expiresAt * 1000 - Date.now()));
    const ending = AbortSignal.any([this.ending.signal, expired]);
    return { [Symbol.asyncIterator]: () => watcher(look, from, ending) };
  }

  onModuleDestroy(): void {
    this.ending.abort();
  }

  private async changesAfter(position: number, legalEntities: Places): Promise<StreamEvent[]> {
    let query = this.database
      .$extendTables<FinanceTables>()
      .selectFrom('experience_finance.encounter')
      .select([...LISTED, 'position'])
      .where('position', '>', position);
    if (legalEntities !== 'all') query = query.where(sql<boolean>`legal_entity = any(${[...legalEntities]})`);
    const rows = await query.orderBy('position').limit(BATCH).execute();
    return rows.map(({ position: id, ...row }) => {
      const data = toFinancedEncounter(row);
      return { id: String(id), event: `encounter-${data.status}`, data };
    });
  }
}

/** Looks twice a second. It is no generator: those cannot be ended while they wait. */
function watcher(
  look: (position: number) => Promise<StreamEvent[]>,
  from: number,
  ending: AbortSignal,
): AsyncIterator<StreamEvent> {
  const closing = new AbortController();
  const signal = AbortSignal.any([ending, closing.signal]);
  let seen: StreamEvent[] = [];
  let position = from;
  return {
    next: async () => {
      while (!signal.aborted) {
        const value = seen.shift();
        if (value) return { done: false, value };
        seen = await look(position);
        position = Number(seen.at(-1)?.id ?? position);
        if (!seen.length) await pause(POLL_MS, undefined, { signal }).catch(() => undefined);
      }
      return { done: true, value: undefined };
    },
    return: async () => {
      closing.abort();
      return { done: true, value: undefined };
    },
  };
}
