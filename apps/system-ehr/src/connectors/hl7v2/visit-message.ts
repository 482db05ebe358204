import { CODE, Problem } from '@concord/canonical';
import {
  readChargeFacts,
  readEncounterFacts,
  type ChargeFacts,
  type EncounterFacts,
  type Hl7Message,
} from '@concord/hl7v2';
import type { Change } from '../record.js';

/** What one message said of a visit, as the record keeps it. It names no patient: nothing that is mapped needs one. */
export interface VisitMessage {
  readonly resourceType: 'VisitMessage';
  /** Trigger event, `A03` or `P03`. */
  readonly event: string;
  /** When the sender wrote it, else when it came; messages are read in this order. */
  readonly saidAt: string;
  readonly visit: Omit<EncounterFacts, 'patient'>;
  readonly charges: readonly ChargeFacts[];
}

/** The ADT events that say something about a visit, and not only about a person or a bed. */
const ADT_EVENTS: ReadonlySet<string | undefined> = new Set([
  'A01', // admitted
  'A02', // moved
  'A03', // discharged
  'A04', // registered
  'A05', // to be admitted
  'A06', // outpatient became inpatient
  'A07', // inpatient became outpatient
  'A08', // corrected
  'A11', // admission taken back
  'A13', // discharge taken back
  'A38', // pre-admission taken back
]);
const DFT_EVENTS: ReadonlySet<string | undefined> = new Set(['P03', 'P11']); // charges

/**
 * What a message changes in the record: nothing for a type that nobody here reads. Throws `malformed` with the place of
 * each fault.
 * @param messageId names the message: the same message is the same change
 */
export function visitChanges(message: Hl7Message, messageId: string, receivedAt: string): Change[] {
  const { type, trigger, sentAt } = message.header;
  const isCharge = type === 'DFT' && DFT_EVENTS.has(trigger);
  if (!isCharge && !(type === 'ADT' && ADT_EVENTS.has(trigger))) return [];
  const facts = readEncounterFacts(message);
  const charges = isCharge ? readChargeFacts(message) : [];
  refuseUnusableVisitNumber(facts);
  const { patient: _, insurance, ...visit } = facts;
  const body: VisitMessage = {
    resourceType: 'VisitMessage',
    event: trigger ?? '',
    saidAt: sentAt ?? facts.occurred ?? receivedAt,
    visit: { ...visit, insurance: insurance.map(({ policyNumber: _number, ...rest }) => rest) },
    charges,
  };
  return [{ key: `VisitMessage/${messageId}`, body, encounterId: visit.visitNumber, mentions: [] }];
}

/** The visit number becomes the encounter's id everywhere; the number that identifies the patient must never. */
function refuseUnusableVisitNumber({ visitNumber, patient }: EncounterFacts): void {
  const isRecordNumber = patient.identifiers.some(({ id }) => id === visitNumber);
  if (CODE.test(visitNumber) && !isRecordNumber) return;
  const detail = isRecordNumber
    ? 'PV1-19: the visit number repeats the identifier of the patient; a visit needs a number of its own'
    : 'PV1-19: the visit number must be letters, digits and ._:- only';
  throw new Problem('malformed', detail, { errors: [{ pointer: 'PV1-19', code: 'format', detail }] });
}
