import type { Encounter, Page, Patient, Practitioner, ProblemFault } from '@concord/canonical';
import type { Hl7Message } from '@concord/hl7v2';
import type { InboundReceipt } from './inbound.dto.js';
import type { EncounterQuery } from './queries.js';

/** An HL7 v2 message that was refused, and will not be taken when it comes again as it is. */
export interface RefusedMessage {
  readonly text: string;
  /** Absent where the text could not even be read as a message. */
  readonly message?: Hl7Message;
  /** What is wrong with it, at which place; without any value of it. */
  readonly faults: readonly ProblemFault[];
}

/**
 * What Concord asks of an electronic health record. Every method may also fail with `upstream-unavailable` or
 * `upstream-timeout`. Receiving may be repeated at will: what was taken in before changes nothing.
 */
export abstract class EhrConnector {
  /**
   * Takes over what the EHR sent as FHIR R4: one resource, or a Bundle. Resolves once the message and the events it led to
   * are durable. Throws `validation-failed` with JSON pointers; then nothing of it was taken.
   */
  abstract receiveFhir(json: unknown): Promise<InboundReceipt>;

  /**
   * Takes over one HL7 v2 message. A type that says nothing of a visit is kept, and leads to nothing.
   * Throws `malformed` with the place of each fault; then nothing of it was taken.
   */
  abstract receiveHl7v2(message: Hl7Message): Promise<InboundReceipt>;

  /** Keeps what was refused, for whoever looks into it; a record that has no place for it lets it go. */
  keepRefused(_refused: RefusedMessage): Promise<void> {
    return Promise.resolve();
  }

  /** Throws `not-found`, also for an encounter of which only details came so far. */
  abstract readEncounter(id: string): Promise<Encounter>;

  /** In the order of their last change; one that changes meanwhile comes again at the end. */
  abstract listEncounters(query: EncounterQuery): Promise<Page<Encounter>>;

  /** Throws `not-found`. */
  abstract readPatient(id: string): Promise<Patient>;

  /** Throws `not-found`. */
  abstract readPractitioner(id: string): Promise<Practitioner>;
}
