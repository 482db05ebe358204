import { Problem } from '@concord/canonical';
import type { ApprovalLevel, Money, NewApproval, Page } from '@concord/canonical';
import { sql } from 'kysely';
import { Approvals } from '../../ports/purchasing.port.js';
import type { ApprovalLevelQuery } from '../../queries.js';
import type { Documents } from './documents.store.js';

export class SandboxApprovals extends Approvals {
  constructor(private readonly levels: Documents<ApprovalLevel>) {
    super();
  }

  override listApprovalLevels(query: ApprovalLevelQuery): Promise<Page<ApprovalLevel>> {
    const { cost_center: costCenter, amount } = query;
    const asked = amount === undefined ? sql`true` : sql`(body #>> '{above,amount}')::numeric < ${amount}::numeric`;
    return this.levels.list(query, { costCenter }, asked);
  }
}

/** Who may approve what. */
export class ApprovalRules {
  constructor(private readonly levels: Documents<ApprovalLevel>) {}

  /** Throws `approval-rejected` unless the approver may approve the amount, as the last, for every cost center. */
  async check({ approver }: NewApproval, lines: readonly { costCenter: string }[], { amount }: Money): Promise<void> {
    for (const costCenter of new Set(lines.map((line) => line.costCenter))) {
      const enough = sql`coalesce((body #>> '{upTo,amount}')::numeric >= ${amount}::numeric, true)`;
      const { items } = await this.levels.list({ page_size: 1 }, { costCenter, approver }, enough);
      if (!items.length) {
        throw new Problem('approval-rejected', 'The approver may not approve this amount for the cost center', {
          context: { approver, costCenter, amount },
        });
      }
    }
  }
}
