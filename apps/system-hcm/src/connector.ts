import { Problem } from '@concord/canonical';
import type {
  Assignment,
  AssignmentChange,
  Credential,
  CredentialChange,
  NewAssignment,
  NewCredential,
  NewOnboarding,
  NewOrgUnit,
  NewPosition,
  NewShift,
  NewTermination,
  NewTimeEntry,
  NewWorker,
  Onboarding,
  OnboardingChange,
  OrgUnit,
  OrgUnitChange,
  PayResult,
  Position,
  PositionChange,
  Shift,
  ShiftChange,
  Termination,
  TerminationChange,
  TimeEntry,
  TimeEntryChange,
  Worker,
  WorkerChange,
} from '@concord/canonical';
import type { Extracts } from './ports/extracts.js';
import type { Labor } from './ports/labor.js';
import type { Changeable, Readable } from './ports/resource.js';
import type {
  AssignmentQuery,
  CredentialQuery,
  OnboardingQuery,
  OrgUnitQuery,
  PayResultQuery,
  PositionQuery,
  ShiftQuery,
  TerminationQuery,
  TimeEntryQuery,
  WorkerQuery,
} from './queries.js';

/** What not every platform can do: take changes, tell of onboardings and terminations, or tell of one of these at all. */
export const CAPABILITIES = ['change', 'lifecycle', 'shifts', 'time-entries', 'pay-results', 'credentials'] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** That something about a worker changed, as the platform told and signed it. */
export interface SignedNotice {
  readonly notice: { readonly deliveryId: string; readonly event: string; readonly employeeNo: string };
  readonly sentAt: string;
  readonly signature: string;
}

/**
 * What Concord asks of a human capital management platform, in canonical words: its resources, each as `ports/` says,
 * and labor. A method that needs a capability which the connector does not declare throws `not-supported` and names it.
 */
export abstract class HcmConnector {
  abstract readonly capabilities: ReadonlySet<Capability>;

  /** A worker is made for the first day of an onboarding: he is `pre-hire` until that is done. */
  abstract readonly workers: Changeable<Worker, WorkerQuery, NewWorker, WorkerChange>;
  abstract readonly positions: Changeable<Position, PositionQuery, NewPosition, PositionChange>;
  /** A new assignment ends the one before; one that lies ahead takes effect on its first day. */
  abstract readonly assignments: Changeable<Assignment, AssignmentQuery, NewAssignment, AssignmentChange>;
  abstract readonly orgUnits: Changeable<OrgUnit, OrgUnitQuery, NewOrgUnit, OrgUnitChange>;
  abstract readonly shifts: Changeable<Shift, ShiftQuery, NewShift, ShiftChange>;
  abstract readonly timeEntries: Changeable<TimeEntry, TimeEntryQuery, NewTimeEntry, TimeEntryChange>;
  abstract readonly payResults: Readable<PayResult, PayResultQuery>;
  abstract readonly credentials: Changeable<Credential, CredentialQuery, NewCredential, CredentialChange>;
  abstract readonly onboardings: Changeable<Onboarding, OnboardingQuery, NewOnboarding, OnboardingChange>;
  abstract readonly terminations: Changeable<Termination, TerminationQuery, NewTermination, TerminationChange>;
  abstract readonly labor: Labor;

  /** Throws `not-supported` where the platform is not told of in files. */
  get extracts(): Extracts {
    throw new Problem('not-supported', 'This platform sends no extracts', { context: { capability: 'extracts' } });
  }

  /** Takes a notice in. Throws `unauthenticated` for one that is not the platform's; a second time it does nothing. */
  receive(_notice: SignedNotice): Promise<void> {
    const context = { capability: 'notices' };
    return Promise.reject(new Problem('not-supported', 'This platform sends no notices', { context }));
  }

  /** Whether the platform can be reached and used now; throws what stands in the way. */
  abstract probe(): Promise<void>;
}
