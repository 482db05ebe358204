import { Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { pageOf, WorkforceExtract, type Page } from '@concord/canonical';
import { HcmConnector } from '../connector.js';
import { WorkforceExtractQuery } from '../queries.js';

export const WorkforceExtractPage = pageOf(WorkforceExtract);

@Resource('extracts')
export class ExtractsController {
  constructor(private readonly hcm: HcmConnector) {}

  @Endpoint('POST :id/acceptance', {
    scope: 'hcm/extract.write',
    summary: 'Let an extract be worked in that was set aside because it shrinks the workforce',
    status: 202,
    answer: WorkforceExtract,
  })
  acceptExtract(@Param('id') id: string): Promise<WorkforceExtract> {
    return this.hcm.extracts.accept(id);
  }

  @Endpoint('GET :id', {
    scope: 'hcm/extract.read',
    summary: 'Read what became of an extract',
    answer: WorkforceExtract,
  })
  readExtract(@Param('id') id: string): Promise<WorkforceExtract> {
    return this.hcm.extracts.read(id);
  }

  @Endpoint('GET', {
    scope: 'hcm/extract.read',
    summary: 'List the extracts that came, the newest first',
    answer: WorkforceExtractPage,
  })
  listExtracts(@Query() query: WorkforceExtractQuery): Promise<Page<WorkforceExtract>> {
    return this.hcm.extracts.list(query);
  }
}
