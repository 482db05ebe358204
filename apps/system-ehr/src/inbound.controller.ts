import { Body, Headers, Res } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { asReceived, Endpoint, Resource } from '@concord/api';
import { EhrConnector } from './connector.js';
import { AcknowledgedInHl7, answered } from './hl7v2.answer.js';
import { Hl7Reception } from './hl7v2.reception.js';
import { InboundReceipt } from './inbound.dto.js';
import { HOOK_HEADER } from './notification-hook.js';

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
    return this.ehr.receiveFhir(json, asReceived(json));
  }

  // The EHR has no token of ours: it proves itself by the secret that its subscription was given.
  @ApiHeader({ name: HOOK_HEADER, description: 'The secret of the subscription', schema: { type: 'string' } })
  @Endpoint('POST fhir-notifications', {
    scope: 'ehr/inbound.write',
    public: true,
    summary: 'Hear from the EHR that something changed, over its FHIR Subscription',
    status: 202,
    effect: false,
    bodyOptional: true, // a subscription without a payload says only that something changed
    consumes: ['application/fhir+json', 'application/json'],
  })
  receiveNotification(@Headers(HOOK_HEADER) secret: string | undefined, @Body() json?: object): Promise<void> {
    return this.ehr.notified(secret, json ?? undefined);
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
