import { Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { pageOf, Worker, type Page } from '@concord/canonical';
import { HcmConnector } from './connector.js';
import { WorkerQuery } from './queries.js';

export const WorkerPage = pageOf(Worker);

@Resource('workers')
export class WorkersController {
  constructor(private readonly hcm: HcmConnector) {}

  @Endpoint('GET :id', { scope: 'hcm/worker.read', summary: 'Read a worker', answer: Worker })
  readWorker(@Param('id') id: string): Promise<Worker> {
    return this.hcm.readWorker(id);
  }

  @Endpoint('GET', {
    scope: 'hcm/worker.read',
    summary: 'List workers by role, status and cost center',
    answer: WorkerPage,
  })
  listWorkers(@Query() query: WorkerQuery): Promise<Page<Worker>> {
    return this.hcm.listWorkers(query);
  }
}
