import { Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, Resource } from '@concord/api';
import { Run, RunResumed, type Page } from '@concord/canonical';
import { RunRegister } from '@concord/workflow';
import { Repair } from '../exceptions/repair.js';
import { RunPage, RunQuery } from './runs.dto.js';

@Resource('runs')
export class RunsController {
  constructor(
    private readonly register: RunRegister,
    private readonly repair: Repair,
  ) {}

  @Endpoint('GET', {
    scope: 'operations/run.read',
    summary: 'List runs by status, workflow and any business number, newest first',
    answer: RunPage,
  })
  listRuns(@Query() query: RunQuery): Promise<Page<Run>> {
    return this.register.runs(query);
  }

  @Endpoint('GET :id', { scope: 'operations/run.read', summary: 'Read a run with its steps', answer: Run })
  readRun(@Param('id') id: string): Promise<Run> {
    return this.register.run(id);
  }

  @Endpoint('POST :id/resume', {
    scope: 'operations/run.write',
    summary: 'Try a parked or waiting run again now',
    answer: RunResumed,
    status: 202,
  })
  resumeRun(@BusinessKey() key: string, @Param('id') id: string): Promise<RunResumed> {
    return this.repair.resume(key, id);
  }
}
