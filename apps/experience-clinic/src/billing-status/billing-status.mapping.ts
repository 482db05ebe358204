import type { Insertable, Selectable } from 'kysely';
import type { EncounterBilling } from './billing-status.dto.js';
import type { BillingStatusRow } from './billing-status.tables.js';
import type { Standing } from './standing.js';

export const toRow = (standing: Standing): Insertable<BillingStatusRow> => ({
  encounter_id: standing.encounterId,
  status: standing.status,
  facility: standing.facility ?? null,
  attention: [...standing.attention],
  started_at: standing.startedAt ?? null,
  completed_at: standing.completedAt ?? null,
  financed_at: standing.financedAt ?? null,
  cancelled_at: standing.cancelledAt ?? null,
  withdrawn_at: standing.withdrawnAt ?? null,
  changed_at: standing.changedAt,
  position: standing.position,
});

export const toStanding = (row: Selectable<BillingStatusRow>): Standing => ({
  encounterId: row.encounter_id,
  status: row.status,
  facility: row.facility ?? undefined,
  attention: row.attention,
  startedAt: row.started_at ?? undefined,
  completedAt: row.completed_at ?? undefined,
  financedAt: row.financed_at ?? undefined,
  cancelledAt: row.cancelled_at ?? undefined,
  withdrawnAt: row.withdrawn_at ?? undefined,
  changedAt: row.changed_at,
  position: row.position,
});

export const toEncounterBilling = (row: Selectable<BillingStatusRow>): EncounterBilling => ({
  encounterId: row.encounter_id,
  status: row.status,
  facility: row.facility ?? undefined,
  attention: row.attention,
  startedAt: row.started_at?.toISOString(),
  completedAt: row.completed_at?.toISOString(),
  financedAt: row.financed_at?.toISOString(),
  cancelledAt: row.cancelled_at?.toISOString(),
  withdrawnAt: row.withdrawn_at?.toISOString(),
  changedAt: row.changed_at.toISOString(),
});
