import { choice, code, count, list } from '@concord/canonical';

export const ENCOUNTER_RECEIPTS = ['accepted', 'unchanged', 'waiting'] as const;

/** What a message did to one encounter. */
export class EncounterReceipt {
  @code('Encounter')
  encounterId!: string;

  @choice(
    '`accepted`: it changed and has a new version; `unchanged`: nothing new; `waiting`: details came, the encounter itself not yet',
    ENCOUNTER_RECEIPTS,
  )
  status!: (typeof ENCOUNTER_RECEIPTS)[number];
}

/** A message is durable: it is kept, and so are the events it led to. */
export class InboundReceipt {
  @code('Names the message; the same message has the same name')
  messageId!: string;

  @list('The encounters that the message told of', () => EncounterReceipt, { max: 10_000 })
  encounters!: EncounterReceipt[];

  @count('Resources, or HL7 v2 messages about a visit, that the record keeps', { example: 3 })
  resources!: number;

  @count('How many of those said nothing new', { example: 0 })
  duplicates!: number;
}
