import { Problem, type Encounter, type Page, type ProblemFault } from '@concord/canonical';
import type { Hl7Message } from '@concord/hl7v2';
import type { InboundMessage, InboundMessageQuery, OutboundMessage } from './hl7v2.messages.dto.js';
import type { InboundReceipt } from './inbound.dto.js';
import type { EncounterQuery } from './queries.js';
import type { EhrKind, EhrQuery, EhrResource } from './resources.js';

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
  /** The kinds of resource that `read` and `list` know; they refuse every other one with `not-supported`. */
  abstract readonly kinds: ReadonlySet<EhrKind>;

  /**
   * Takes over what the EHR sent as FHIR R4: one resource, or a Bundle. Resolves once the message and the events it led to
   * are durable. Throws `validation-failed` with JSON pointers; then nothing of it was taken. Throws `not-supported` where
   * the EHR does not send FHIR.
   * @param received the bytes as they came, which are kept as the evidence; the JSON written anew where there are none
   */
  abstract receiveFhir(json: unknown, received?: Buffer): Promise<InboundReceipt>;

  /**
   * Takes over one HL7 v2 message. A type that says nothing of a visit is kept, and leads to nothing.
   * Throws `malformed` with the place of each fault; then nothing of it was taken. Throws `not-supported` where the EHR
   * does not send HL7 v2.
   */
  abstract receiveHl7v2(message: Hl7Message): Promise<InboundReceipt>;

  /**
   * The EHR tells, over its subscription, that something changed: it is noted durably and fetched soon after; where it does
   * not say what, it is asked. Throws
   * `unauthenticated` where the secret is not ours, and `not-supported` where nothing was subscribed to.
   */
  notified(_secret: string | undefined, _notification?: unknown): Promise<void> {
    return Promise.reject(new Problem('not-supported', 'This health record is not subscribed to anything'));
  }

  /** Keeps what was refused, for whoever looks into it; a record that has no place for it lets it go. */
  keepRefused(_refused: RefusedMessage): Promise<void> {
    return Promise.resolve();
  }

  /** What came, the newest first. Throws `not-supported` where the record keeps no note of it. */
  listInboundMessages(_query: InboundMessageQuery): Promise<Page<InboundMessage>> {
    return unable('note of the messages that came');
  }

  /** Sends a message to the EHR; resolves once it is durable. Throws `not-supported` where nobody hears HL7 v2. */
  sendHl7v2(_message: Hl7Message): Promise<OutboundMessage> {
    return unable('receiver of HL7 v2');
  }

  /** Sends a message again that was refused, as it was. Throws `not-found`, and `not-supported` where nobody hears HL7 v2. */
  repeatHl7v2(_id: string): Promise<OutboundMessage> {
    return unable('receiver of HL7 v2');
  }

  /** Throws `not-found`, and `not-supported` where nobody hears HL7 v2. */
  readOutboundMessage(_id: string): Promise<OutboundMessage> {
    return unable('receiver of HL7 v2');
  }

  /** Throws `not-found`, also for an encounter of which only details came so far. */
  abstract readEncounter(id: string): Promise<Encounter>;

  /** In the order of their last change; one that changes meanwhile comes again at the end. */
  abstract listEncounters(query: EncounterQuery): Promise<Page<Encounter>>;

  /** Throws `not-found`, and `not-supported` for a kind that the EHR does not tell of. */
  abstract read<K extends EhrKind>(kind: K, id: string): Promise<EhrResource<K>>;

  /**
   * In the order of their last change; one that changes meanwhile comes again at the end. A page may hold fewer than were
   * asked for, or none, and still have a next one. Throws `not-supported` for a kind that the EHR does not tell of.
   */
  abstract list<K extends EhrKind>(kind: K, query: EhrQuery<K>): Promise<Page<EhrResource<K>>>;
}

const unable = (what: string): Promise<never> =>
  Promise.reject(new Problem('not-supported', `This health record has no ${what}`));
