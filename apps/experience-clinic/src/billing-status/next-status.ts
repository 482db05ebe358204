/** What each event makes of where an encounter stands: one table. */
import {
  EncounterCancelled,
  EncounterCompleted,
  EncounterFinanced,
  EncounterStarted,
  EncounterUnwound,
  RunParked,
} from '@concord/canonical';
import type { BillingStatusWord } from './billing-status.dto.js';

type Before = BillingStatusWord | 'unknown';

const always = (status: BillingStatusWord): Record<Before, BillingStatusWord> => ({
  unknown: status,
  received: status,
  'in-billing': status,
  financed: status,
  'needs-attention': status,
  withdrawn: status,
});

/** The status after an event, by the status before it. */
const NEXT: Readonly<Record<string, Record<Before, BillingStatusWord>>> = {
  [EncounterStarted.type]: {
    unknown: 'received',
    received: 'received',
    'in-billing': 'in-billing',
    financed: 'financed',
    'needs-attention': 'needs-attention',
    withdrawn: 'received',
  },
  // A correction that changes no figure is not announced again, so what is financed stays so until something is said.
  [EncounterCompleted.type]: { ...always('in-billing'), financed: 'financed' },
  [EncounterFinanced.type]: always('financed'),
  [RunParked.type]: always('needs-attention'),
  // What billing has begun is withdrawn when billing says so.
  [EncounterCancelled.type]: {
    ...always('in-billing'),
    unknown: 'withdrawn',
    received: 'withdrawn',
    withdrawn: 'withdrawn',
  },
  [EncounterUnwound.type]: always('withdrawn'),
};

export const TAKEN: readonly string[] = Object.keys(NEXT);

export const nextStatus = (before: Before, eventType: string): BillingStatusWord => NEXT[eventType]![before];
