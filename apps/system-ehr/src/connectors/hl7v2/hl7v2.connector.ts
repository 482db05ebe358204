import type { OnApplicationShutdown } from '@nestjs/common';
import { configure, openVendor } from '@concord/api';
import { Problem } from '@concord/canonical';
import type { RawMessage } from '@concord/events';
import type { Hl7Message } from '@concord/hl7v2';
import type { RefusedMessage } from '../../connector.js';
import type { OutboundMessage } from '../../hl7v2.messages.dto.js';
import type { InboundReceipt } from '../../inbound.dto.js';
import { FactsConnector } from '../facts/facts.connector.js';
import type { FactsParts } from '../facts/facts.intake.js';
import type { MessageNote } from '../facts/message-notes.js';
import { Hl7v2Config, Hl7v2Limits } from './hl7v2.config.js';
import { messageName } from './message-name.js';
import { Outbox } from './outbox.js';
import { statementsOf } from './statements.js';

const FIRST_RETRY_MS = 1000;
/** For a turn at the receiver. */
const LONGEST_WAIT_MS = 5_000;

const CONTENT_TYPE = 'application/hl7-v2; charset=utf-8';

/** The health record as an EHR tells it in HL7 v2: admissions, appointments, orders, results, charges, staff and places. */
export class Hl7v2Connector extends FactsConnector implements OnApplicationShutdown {
  private readonly outbox: Outbox | undefined;

  constructor(parts: Omit<FactsParts, 'schema'>, config = new Hl7v2Config(), limits = configure(Hl7v2Limits)) {
    super({ ...parts, schema: 'hl7v2_ehr' });
    const { sendHost: host, sendPort: port, sendTimeoutMs: timeoutMs, sendQueue: most } = config;
    if (!host) return;
    // One connection: messages go one after another, whatever the settings say.
    const one = { ...limits, callsAtOnce: 1 };
    const policy = { timeoutMs: timeoutMs + LONGEST_WAIT_MS, clock: parts.clock };
    const vendor = openVendor('hl7v2-receiver', 'system/ehr', one, policy);
    this.outbox = new Outbox({ host, port, timeoutMs, most, retryMs: FIRST_RETRY_MS }, { ...parts, vendor });
  }

  override async onModuleInit(): Promise<void> {
    await super.onModuleInit();
    await this.outbox?.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.outbox?.stop();
  }

  receiveFhir(): Promise<InboundReceipt> {
    const detail = 'This health record speaks HL7 v2; it is not told anything in FHIR';
    return Promise.reject(new Problem('not-supported', detail));
  }

  async receiveHl7v2(message: Hl7Message): Promise<InboundReceipt> {
    const { vault, clock } = this.parts;
    const receivedAt = clock();
    const id = `hl7v2:${vault.digest(messageName(message))}`;
    const { statements, losses } = statementsOf(message, { receivedAt, digestOf: (text) => vault.digest(text) });
    const note: MessageNote = { ...noteOf(message, id), receivedAt, outcome: statements ? 'mapped' : 'kept', losses };
    return this.take(note, statements ?? [], rawOf(id, 'hl7v2', message.toString()));
  }

  override sendHl7v2(message: Hl7Message): Promise<OutboundMessage> {
    return this.outbox?.send(message.toString()) ?? super.sendHl7v2(message);
  }

  override readOutboundMessage(id: string): Promise<OutboundMessage> {
    return this.outbox?.read(id) ?? super.readOutboundMessage(id);
  }

  override repeatHl7v2(id: string): Promise<OutboundMessage> {
    return this.outbox?.repeat(id) ?? super.repeatHl7v2(id);
  }

  override async keepRefused({ text, message, faults }: RefusedMessage): Promise<void> {
    const id = `hl7v2-refused:${this.parts.vault.digest(text)}`;
    const note = {
      ...noteOf(message, id),
      receivedAt: this.parts.clock(),
      outcome: 'refused',
      faults,
      losses: [],
    } as const;
    await this.take(note, [], rawOf(id, 'hl7v2-refused', text));
  }
}

const rawOf = (id: string, source: string, body: string): RawMessage => ({
  id,
  source,
  contentType: CONTENT_TYPE,
  body,
});

/** Names of systems and types, cut to what such names are: whatever else a sender writes there is not repeated. */
function noteOf(message: Hl7Message | undefined, id: string): Pick<MessageNote, 'id' | 'sender' | 'type'> {
  const { sendingApplication = '', sendingFacility = '', type = '', trigger = '' } = message?.header ?? {};
  return {
    id,
    sender: named(`${sendingApplication}/${sendingFacility}`),
    type: TYPE.exec(`${type}^${trigger}`)?.[0] ?? '',
  };
}

const named = (text: string): string => text.replace(/[^\w./-]+/g, '-').slice(0, 80);
const TYPE = /^[A-Z][A-Z0-9]{2}(?:\^[A-Z][A-Z0-9]{2})?/;
