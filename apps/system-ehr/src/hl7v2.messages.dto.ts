import { changedAt, ChangesQuery, choice, code, count, instant, list, text } from '@concord/canonical';

export const MESSAGE_OUTCOMES = ['mapped', 'kept', 'refused'] as const;

/** What was wrong with a message, and where. */
export class MessageFault {
  @text('Where: segment and field, or line and column', { example: 'PV1-19' })
  pointer!: string;

  @text('What kind of fault', { example: 'required' })
  code!: string;

  @text('The fault in words, without the value', { max: 400 })
  detail!: string;
}

/** What the mapping did not carry over, and why. */
export class MessageLoss {
  @text('Segment and field, column, or element of a resource', { example: 'PID-11' })
  place!: string;

  @text('Why', { example: 'is not carried: nothing here needs it' })
  reason!: string;
}

/** A message that came, as operations may see it: no value of it. */
export class InboundMessage {
  @code('Names the message')
  id!: string;

  @instant('When it came')
  receivedAt!: string;

  @text('Who sent it', { example: 'ADT/CLINIC-NORTH', optional: true })
  sender?: string;

  @text('Its type', { example: 'ADT^A03', optional: true })
  type?: string;

  @choice('`mapped`: it is in the record; `kept`: nobody here reads its type; `refused`: it is wrong', MESSAGE_OUTCOMES)
  outcome!: (typeof MESSAGE_OUTCOMES)[number];

  @list('What was wrong with it', () => MessageFault)
  faults!: MessageFault[];

  @list('What the mapping lost of it', () => MessageLoss)
  losses!: MessageLoss[];

  /** When it came; one that was refused and came again, when it came again. */
  @changedAt()
  changedAt!: string;
}

/** What the list of messages can be asked for. */
export class InboundMessageQuery extends ChangesQuery {
  @choice('What became of it', MESSAGE_OUTCOMES, { optional: true })
  outcome?: InboundMessage['outcome'];
}

export const OUTBOUND_STATES = ['waiting', 'sent', 'refused'] as const;

/** A message on its way to the EHR. */
export class OutboundMessage {
  @code('Its control id (MSH-10)')
  id!: string;

  @choice(
    '`waiting`: to be sent or sent again; `sent`: acknowledged; `refused`: the EHR will not have it',
    OUTBOUND_STATES,
  )
  state!: (typeof OUTBOUND_STATES)[number];

  @count('Attempts that got no acknowledgement')
  attempts!: number;

  @text('MSA-1 of the acknowledgement, and the conditions of its ERR segments', { optional: true, example: 'AE 101' })
  answer?: string;
}
