import type { Encounter } from '@concord/canonical';
import type { VisitMessage } from './visit-message.js';

/** Where a visit stands after all that was said of it. */
export interface Visit {
  readonly status: Encounter['status'];
  readonly admitted: string | undefined;
  readonly discharged: string | undefined;
  /** The last that was said of each fact. */
  readonly facts: VisitMessage['visit'];
}

type Status = Encounter['status'];

/** The status that an ADT event leads to (HL7 2.5.1 §3.3); events that are not here leave it as it is. */
const STATUS_AFTER = new Map<string, Status>([
  ['A01', 'in-progress'],
  ['A04', 'in-progress'],
  ['A05', 'planned'],
  ['A03', 'finished'],
  ['A11', 'cancelled'],
  ['A13', 'in-progress'],
  ['A38', 'cancelled'],
]);

/** Reads the messages in the order they were said, so that one that was overtaken on the way changes nothing. */
export function visitOf(messages: readonly VisitMessage[]): Visit | undefined {
  let visit: Visit | undefined;
  for (const message of inOrder(messages)) visit = after(visit, message);
  return visit;
}

function after(before: Visit | undefined, { event, visit, charges }: VisitMessage): Visit {
  const isAdmission = event === 'A01' || event === 'A04';
  const dischargedNow = visit.discharged ?? (event === 'A03' ? visit.occurred : undefined);
  return {
    status: statusAfter(before?.status, event, visit.discharged !== undefined, charges.length > 0),
    admitted: visit.admitted ?? (isAdmission ? visit.occurred : undefined) ?? before?.admitted,
    discharged: event === 'A13' ? undefined : (dischargedNow ?? before?.discharged),
    facts: latest(before?.facts, visit),
  };
}

/** A visit that is charged and was never admitted is over: nobody charges what was not done. */
function statusAfter(before: Status | undefined, event: string, isDischarged: boolean, isCharged: boolean): Status {
  const said = STATUS_AFTER.get(event);
  if (said) return said;
  if (before === 'cancelled') return before;
  return isDischarged || (isCharged && before === undefined) ? 'finished' : (before ?? 'in-progress');
}

/** A later message replaces what it states; what is empty states nothing. */
function latest(before: VisitMessage['visit'] | undefined, now: VisitMessage['visit']): VisitMessage['visit'] {
  const isStated = (value: unknown) => value !== undefined && (!Array.isArray(value) || value.length > 0);
  const stated = Object.entries(now).filter(([, value]) => isStated(value));
  return before ? { ...before, ...(Object.fromEntries(stated) as Partial<VisitMessage['visit']>) } : now;
}

function inOrder(messages: readonly VisitMessage[]): VisitMessage[] {
  return messages.toSorted((a, b) => (a.saidAt < b.saidAt ? -1 : a.saidAt > b.saidAt ? 1 : 0));
}
