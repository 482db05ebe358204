import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, Resource } from '@concord/api';
import { PreviewRequest, Resolution, RunException, RunPreview, RunResumed, type Page } from '@concord/canonical';
import { RunRegister } from '@concord/workflow';
import { RunExceptionPage, RunExceptionQuery } from './exceptions.dto.js';
import { Repair } from './repair.js';

@Resource('exceptions')
export class ExceptionsController {
  constructor(
    private readonly register: RunRegister,
    private readonly repair: Repair,
  ) {}

  @Endpoint('GET', {
    scope: 'operations/exception.read',
    summary: 'List exceptions by status, owner and run, those due soonest first',
    answer: RunExceptionPage,
  })
  listExceptions(@Query() query: RunExceptionQuery): Promise<Page<RunException>> {
    return this.register.exceptions(query);
  }

  @Endpoint('GET :id', {
    scope: 'operations/exception.read',
    summary: 'Read an exception',
    answer: RunException,
  })
  readException(@Param('id') id: string): Promise<RunException> {
    return this.register.exception(id);
  }

  @Endpoint('POST :id/preview', {
    scope: 'operations/exception.read',
    summary: 'Show the exact writes that resolving would make',
    answer: RunPreview,
    effect: false,
  })
  previewException(@Param('id') id: string, @Body() request: PreviewRequest): Promise<RunPreview> {
    return this.repair.preview(id, request);
  }

  @Endpoint('POST :id/resolve', {
    scope: 'operations/exception.write',
    summary: 'Let the run go on from the refused step',
    answer: RunResumed,
    status: 202,
  })
  resolveException(
    @BusinessKey() key: string,
    @Param('id') id: string,
    @Body() resolution: Resolution,
  ): Promise<RunResumed> {
    return this.repair.resolve(key, id, resolution);
  }
}
