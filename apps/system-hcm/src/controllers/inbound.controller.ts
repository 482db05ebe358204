import { Body, Headers } from '@nestjs/common';
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
  async receiveWorkerNotice(
    @Headers('x-hr-sent-at') sentAt: string,
    @Headers('x-hr-signature') signature: string,
    @Body() notice: WorkerNotice,
  ): Promise<void> {
    await this.hcm.receive({ notice, sentAt: String(sentAt), signature: String(signature) });
  }
}
