import { Body, Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { pageOf, type Page } from '@concord/canonical';
import { readHl7 } from '@concord/hl7v2';
import { EhrConnector } from './connector.js';
import { InboundMessage, InboundMessageQuery, OutboundMessage } from './hl7v2.messages.dto.js';

export const InboundMessagePage = pageOf(InboundMessage);

@Resource('messages')
export class Hl7MessagesController {
  constructor(private readonly ehr: EhrConnector) {}

  @Endpoint('GET inbound', {
    scope: 'ehr/message.read',
    summary: 'List what came, with its faults and with what the mapping lost, newest first',
    answer: InboundMessagePage,
  })
  listInboundMessages(@Query() query: InboundMessageQuery): Promise<Page<InboundMessage>> {
    return this.ehr.listInboundMessages(query);
  }

  // The control id of a message is its key: the same one again is sent once.
  @Endpoint('POST outbound', {
    scope: 'ehr/message.write',
    summary: 'Send an HL7 v2 message to the EHR: durable at once, in order, until acknowledged',
    status: 202,
    answer: OutboundMessage,
    keyOptional: true,
    consumes: ['application/hl7-v2', 'text/plain'],
  })
  async sendMessage(@Body() bytes: Buffer): Promise<OutboundMessage> {
    return this.ehr.sendHl7v2(readHl7(bytes.toString('utf8')));
  }

  @Endpoint('POST outbound/:id/repetition', {
    scope: 'ehr/message.write',
    summary: 'Send a message again that the EHR refused, as it was',
    status: 202,
    answer: OutboundMessage,
  })
  repeatMessage(@Param('id') id: string): Promise<OutboundMessage> {
    return this.ehr.repeatHl7v2(id);
  }

  @Endpoint('GET outbound/:id', {
    scope: 'ehr/message.read',
    summary: 'Read where a message to the EHR stands',
    answer: OutboundMessage,
  })
  readOutboundMessage(@Param('id') id: string): Promise<OutboundMessage> {
    return this.ehr.readOutboundMessage(id);
  }
}
