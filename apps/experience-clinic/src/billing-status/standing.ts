/** Where an encounter stands after an event. Pure: the rows are its results, kept. */
import {
  EncounterCancelled,
  EncounterCompleted,
  EncounterFinanced,
  EncounterStarted,
  EncounterUnwound,
  RunParked,
} from '@concord/canonical';
import type { StoredEvent } from '@concord/events';
import type { AttentionNeeded, BillingStatusWord } from './billing-status.dto.js';
import { nextStatus } from './next-status.js';

export interface Standing {
  readonly encounterId: string;
  readonly status: BillingStatusWord;
  readonly facility?: string;
  readonly attention: readonly AttentionNeeded[];
  readonly startedAt?: Date;
  readonly completedAt?: Date;
  readonly financedAt?: Date;
  readonly cancelledAt?: Date;
  readonly withdrawnAt?: Date;
  readonly changedAt: Date;
  /** Position of the newest event that is in it. */
  readonly position: number;
}

const STAMP: Readonly<Record<string, keyof Standing>> = {
  [EncounterStarted.type]: 'startedAt',
  [EncounterCompleted.type]: 'completedAt',
  [EncounterFinanced.type]: 'financedAt',
  [EncounterCancelled.type]: 'cancelledAt',
  [EncounterUnwound.type]: 'withdrawnAt',
};

/** The workflow whose runs carry an encounter to the books; its business key is the encounter. */
const BILLING = 'encounter-to-finance';

/** The encounter that an event is about; undefined for the run of another workflow. */
export function encounterOf({ type, data }: StoredEvent): string | undefined {
  if (type !== RunParked.type) return (data as EncounterStarted).encounterId;
  const { workflow, key } = data as RunParked;
  return workflow === BILLING ? key : undefined;
}

/** What an event makes of a standing; an event that is in it already makes nothing of it. */
export function after(before: Standing | undefined, encounterId: string, event: StoredEvent): Standing {
  if (before && event.position <= before.position) return before;
  const { type, time, position } = event;
  const status = nextStatus(before?.status ?? 'unknown', type);
  const stamp = STAMP[type];
  return {
    ...before,
    ...(stamp && { [stamp]: time }),
    ...(type === EncounterFinanced.type && { facility: (event.data as EncounterFinanced).facility }),
    encounterId,
    status,
    attention: status === 'needs-attention' ? attentionAfter(before, event) : [],
    changedAt: time,
    position,
  };
}

/** One pass of a run names every step that stands still, all at one moment: those of an earlier pass are over. */
function attentionAfter(before: Standing | undefined, event: StoredEvent): readonly AttentionNeeded[] {
  const known = before?.attention ?? [];
  if (event.type !== RunParked.type) return known;
  const { step, owner, problem, runId, occurredAt } = event.data as RunParked;
  const samePass = known.filter(({ at, step: other }) => at === occurredAt && other !== step);
  return [...samePass, { step, owner, problem, runId, at: occurredAt }];
}
