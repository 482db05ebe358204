import { EncounterFinanced, EncounterUnwound } from '@concord/canonical';
import type { StoredEvent } from '@concord/events';
import type { Insertable } from 'kysely';
import type { EncounterRow } from './encounters.tables.js';

/** The event types that this API is made of. */
export const TAKEN = [EncounterFinanced.type, EncounterUnwound.type] as const;

/** An encounter that was financed before these events, and is taken back by them. */
export interface Withdrawal {
  readonly encounter_id: string;
  readonly withdrawn_at: Date;
  readonly position: number;
}

interface Changes {
  readonly financed: Insertable<EncounterRow>[];
  readonly withdrawn: Withdrawal[];
}

/** What a batch of events, oldest first, makes of the rows: at most one change for each encounter, the newest. */
export function changesOf(events: readonly StoredEvent[]): Changes {
  const financed = new Map<string, Insertable<EncounterRow>>();
  const withdrawn = new Map<string, Withdrawal>();
  for (const { type, data, time, position } of events) {
    if (type === EncounterFinanced.type) {
      const row = rowOf(data as EncounterFinanced, time, position);
      financed.set(row.encounter_id, row);
      withdrawn.delete(row.encounter_id);
    } else {
      const { encounterId } = data as EncounterUnwound;
      const withdrawal = { encounter_id: encounterId, withdrawn_at: time, position };
      const before = financed.get(encounterId);
      if (before) financed.set(encounterId, { ...before, ...withdrawal });
      else withdrawn.set(encounterId, withdrawal);
    }
  }
  return { financed: [...financed.values()], withdrawn: [...withdrawn.values()] };
}

function rowOf(event: EncounterFinanced, time: Date, position: number): Insertable<EncounterRow> {
  const { occurredAt: _, ...financials } = event;
  return {
    encounter_id: event.encounterId,
    facility: event.facility,
    region: event.region,
    legal_entity: event.legalEntity,
    service_line: event.serviceLine,
    payer: event.payer,
    service_date: event.serviceDate,
    accounting_date: event.accountingDate,
    currency: event.gross.currency,
    gross: event.gross.amount,
    expected: event.expected.amount,
    supply_cost: event.supplyCost.amount,
    labor_cost: event.laborCost.amount,
    financials,
    financed_at: time,
    withdrawn_at: null,
    position,
  };
}
