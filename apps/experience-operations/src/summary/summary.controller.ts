import { Endpoint, Resource } from '@concord/api';
import { RunRegister, RUN_STATUS } from '@concord/workflow';
import { OpenExceptions } from './open-exceptions.js';
import { OperationsSummary } from './summary.dto.js';

@Resource('summary')
export class SummaryController {
  constructor(
    private readonly register: RunRegister,
    private readonly open: OpenExceptions,
  ) {}

  @Endpoint('GET', {
    scope: 'operations/run.read',
    summary: 'Show where all runs stand, and what waits for whom',
    answer: OperationsSummary,
  })
  async readSummary(): Promise<OperationsSummary> {
    const [counts, waiting] = await Promise.all([this.register.counts(), this.open.count()]);
    return { runs: RUN_STATUS.map((status) => ({ status, runs: counts[status] ?? 0 })), ...waiting };
  }
}
