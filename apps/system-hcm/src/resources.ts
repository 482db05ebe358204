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

/** What a platform holds, by resource: the resource, what its list can be asked for, what makes one, what changes one. */
export interface HcmResources {
  /** A worker is made for the first day of an onboarding: he is `pre-hire` until that is done. */
  workers: { one: Worker; query: WorkerQuery; fresh: NewWorker; change: WorkerChange };
  positions: { one: Position; query: PositionQuery; fresh: NewPosition; change: PositionChange };
  /** A new assignment ends the one before; one that lies ahead takes effect on its first day. */
  assignments: { one: Assignment; query: AssignmentQuery; fresh: NewAssignment; change: AssignmentChange };
  orgUnits: { one: OrgUnit; query: OrgUnitQuery; fresh: NewOrgUnit; change: OrgUnitChange };
  shifts: { one: Shift; query: ShiftQuery; fresh: NewShift; change: ShiftChange };
  timeEntries: { one: TimeEntry; query: TimeEntryQuery; fresh: NewTimeEntry; change: TimeEntryChange };
  payResults: { one: PayResult; query: PayResultQuery; fresh: never; change: never };
  credentials: { one: Credential; query: CredentialQuery; fresh: NewCredential; change: CredentialChange };
  onboardings: { one: Onboarding; query: OnboardingQuery; fresh: NewOnboarding; change: OnboardingChange };
  terminations: { one: Termination; query: TerminationQuery; fresh: NewTermination; change: TerminationChange };
}

export type HcmResourceName = keyof HcmResources;
export type One<N extends HcmResourceName> = HcmResources[N]['one'];
export type QueryOf<N extends HcmResourceName> = HcmResources[N]['query'];
export type NewOf<N extends HcmResourceName> = HcmResources[N]['fresh'];
export type ChangeOf<N extends HcmResourceName> = HcmResources[N]['change'];

/** A resource as a connector provides it: one that nothing makes is only read. */
export type HcmResource<N extends HcmResourceName> = [NewOf<N>] extends [never]
  ? Readable<One<N>, QueryOf<N>>
  : Changeable<One<N>, QueryOf<N>, NewOf<N>, ChangeOf<N>>;
