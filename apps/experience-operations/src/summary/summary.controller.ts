import { Endpoint, Resource } from '@concord/api';
import { RunRegister, RUN_STATUS } from '@concord/workflow';
import { OperationsSummary } from './summary.dto.js';

@Resource('summary')
export class SummaryController {
  constructor(private readonly register: RunRegister) {}

  @Endpoint('GET', {
    scope: 'operations/run.read',
    summary: 'Show where all runs stand, and what waits for whom',
    answer: OperationsSummary,
  })
  async readSummary(): Promise<OperationsSummary> {
    const [counts, waiting] = await Promise.all([this.register.counts(), this.register.openExceptions()]);
    return { runs: RUN_STATUS.map((status) => ({ status, runs: counts[status] ?? 0 })), ...waiting };
  }
}
