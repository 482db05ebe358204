import { Body, Param, type Type } from '@nestjs/common';
import { PreviewRequest, Resolution, RunPreview, RunResumed } from '@concord/canonical';
import { Caller, Endpoint, Resource } from '@concord/api';
import type { Principal } from '@concord/policy';
import { ExceptionDesk } from './exception-desk.js';

/** The repair of a process API's runs, the same in each: preview, resolve, resume, undo. */
export function repairControllers(api: string): Type[] {
  @Resource('exceptions')
  class ExceptionsController {
    constructor(private readonly desk: ExceptionDesk) {}

    @Endpoint('POST :id/preview', {
      scope: `${api}/exception.read`,
      summary: 'Show the exact writes that resolving would make',
      answer: RunPreview,
      effect: false,
    })
    previewException(@Param('id') id: string, @Body() { corrections }: PreviewRequest): Promise<RunPreview> {
      return this.desk.preview(id, corrections);
    }

    @Endpoint('POST :id/resolve', {
      scope: `${api}/exception.write`,
      summary: 'Let the run go on from the refused step',
      answer: RunResumed,
      status: 202,
    })
    resolveException(
      @Param('id') id: string,
      @Body() resolution: Resolution,
      @Caller() caller: Principal,
    ): Promise<RunResumed> {
      return this.desk.resolve(id, resolution, caller.clientId);
    }
  }

  @Resource('runs')
  class RunsController {
    constructor(private readonly desk: ExceptionDesk) {}

    @Endpoint('POST :id/resume', {
      scope: `${api}/run.write`,
      summary: 'Try a parked or waiting run again now',
      answer: RunResumed,
      status: 202,
    })
    resumeRun(@Param('id') id: string): Promise<RunResumed> {
      return this.desk.resume(id);
    }

    @Endpoint('POST :id/undo', {
      scope: `${api}/run.write`,
      summary: 'Undo everything that the run did, last first',
      answer: RunResumed,
      status: 202,
    })
    undoRun(@Param('id') id: string, @Caller() caller: Principal): Promise<RunResumed> {
      return this.desk.undo(id, caller.clientId);
    }
  }
  return [ExceptionsController, RunsController];
}
