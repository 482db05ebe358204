import { Body, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Endpoint, Resource } from '@concord/api';
import { HcmConnector } from '../connector.js';
import { WorkerNotice } from './inbound.dto.js';

/** Who sends a notice has no token of ours: the platform's signature is what counts. */
@Resource('inbound')
export class InboundController {
  constructor(private readonly hcm: HcmConnector) {}

  @Endpoint('POST worker-notices', {
    scope: 'hcm/inbound.write',
    summary: 'Take in a signed notice that something about a worker changed',
    status: 202,
    public: true,
    effect: false,
  })
  async receiveWorkerNotice(@Req() { headers }: FastifyRequest, @Body() notice: WorkerNotice): Promise<void> {
    const sentAt = String(headers['x-hr-sent-at']); // seconds since 1970
    const signature = String(headers['x-hr-signature']); // HMAC-SHA-256 in hexadecimal
    await this.hcm.receive({ notice, sentAt, signature });
  }
}
