import { Body, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Endpoint, Resource } from '@concord/api';
import { EhrConnector } from './connector.js';
import { AcknowledgedInHl7, answered } from './hl7v2.answer.js';
import { Hl7Reception } from './hl7v2.reception.js';
import { InboundReceipt } from './inbound.dto.js';

@Resource('inbound')
export class InboundController {
  constructor(
    private readonly ehr: EhrConnector,
    private readonly hl7: Hl7Reception,
  ) {}

  @Endpoint('POST fhir', {
    scope: 'ehr/inbound.write',
    summary: 'Take in FHIR R4: a resource, a Bundle or a notification',
    status: 202,
    answer: InboundReceipt,
    keyOptional: true,
    consumes: ['application/fhir+json', 'application/json'],
  })
  receiveFhir(@Body() json: object): Promise<InboundReceipt> {
    return this.ehr.receiveFhir(json);
  }

  // The control id of a message is its key; whoever sends it again gets a new acknowledgement of the first effect.
  @AcknowledgedInHl7()
  @Endpoint('POST hl7v2', {
    scope: 'ehr/inbound.write',
    summary: 'Take in HL7 v2: a message or a batch',
    effect: false,
    consumes: ['application/hl7-v2', 'text/plain'],
  })
  async receiveHl7v2(@Body() bytes: Buffer, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return answered(reply, await this.hl7.receiveAll(bytes));
  }
}
