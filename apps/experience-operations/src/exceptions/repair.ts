import { Injectable } from '@nestjs/common';
import type { PreviewRequest, Resolution, RunPreview, RunResumed } from '@concord/canonical';
import { RunRegister } from '@concord/workflow';
import { passedOn } from '../passed-on.js';
import { ProcessApis } from '../process-apis.js';

/** Puts runs right, each through the process API that owns its workflow. */
@Injectable()
export class Repair {
  constructor(
    private readonly register: RunRegister,
    private readonly processes: ProcessApis,
  ) {}

  async preview(exceptionId: string, request: PreviewRequest): Promise<RunPreview> {
    const { workflow } = await this.register.exception(exceptionId);
    return this.processes.ownerOf(workflow).previewException(exceptionId, request);
  }

  async resolve(key: string, exceptionId: string, resolution: Resolution): Promise<RunResumed> {
    const { workflow } = await this.register.exception(exceptionId);
    return this.processes.ownerOf(workflow).resolveException(exceptionId, resolution).send(passedOn(key));
  }

  async resume(key: string, runId: string): Promise<RunResumed> {
    const { workflow } = await this.register.run(runId);
    return this.processes.ownerOf(workflow).resumeRun(runId).send(passedOn(key));
  }
}
