import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, IfMatch, Resource } from '@concord/api';
import { CredentialValidation, NewWorker, pageOf, Worker, WorkerChange, type Page } from '@concord/canonical';
import { HcmConnector } from '../connector.js';
import { allCredentialsOf } from '../credentials-of-worker.js';
import { validateCredentials } from '../credential-validation.js';
import { CredentialValidationQuery, WorkerQuery } from '../queries.js';

export const WorkerPage = pageOf(Worker);

@Resource('workers')
export class WorkersController {
  constructor(private readonly hcm: HcmConnector) {}

  @Endpoint('POST', {
    scope: 'hcm/worker.write',
    summary: 'Add a worker who is to join',
    status: 201,
    location: 'workers',
    answer: Worker,
  })
  createWorker(@BusinessKey() key: string, @Body() fresh: NewWorker): Promise<Worker> {
    return this.hcm.workers.create(key, fresh);
  }

  @Endpoint('PATCH :id', { scope: 'hcm/worker.write', summary: 'Change a worker', answer: Worker })
  changeWorker(
    @Param('id') id: string,
    @IfMatch() expected: string,
    @BusinessKey() key: string,
    @Body() change: WorkerChange,
  ): Promise<Worker> {
    return this.hcm.workers.change(id, change, expected, key);
  }

  @Endpoint('GET :id/credentials/validation', {
    scope: 'hcm/credential.read',
    summary: 'Say whether a worker may work on a day, and do what a privilege allows',
    answer: CredentialValidation,
  })
  async validateCredentials(
    @Param('id') id: string,
    @Query() query: CredentialValidationQuery,
  ): Promise<CredentialValidation> {
    return validateCredentials(await this.hcm.workers.read(id), await allCredentialsOf(this.hcm, id), query);
  }

  @Endpoint('GET :id', { scope: 'hcm/worker.read', summary: 'Read a worker', answer: Worker })
  readWorker(@Param('id') id: string): Promise<Worker> {
    return this.hcm.workers.read(id);
  }

  @Endpoint('GET', {
    scope: 'hcm/worker.read',
    summary: 'List workers by role, status, place and change',
    answer: WorkerPage,
  })
  listWorkers(@Query() query: WorkerQuery): Promise<Page<Worker>> {
    return this.hcm.workers.list(query);
  }
}
