import {
  asProblem,
  isZero,
  minus,
  money,
  Problem,
  sameAmount,
  total,
  type AdjustmentBatch,
  type AdjustmentBatchReport,
  type AdjustmentLineOutcome,
  type ClaimAdjustment,
  type NewClaimAdjustment,
} from '@concord/canonical';
import type { Database } from '@concord/database';
import { Decimal } from 'decimal.js';
import { balancesOf } from './balances.js';
import type { ClaimStore } from './claim.store.js';
import { DocumentStore, type Document } from './document.store.js';
import type { Settlement } from './remittance.posting.js';

type KeptAdjustment = Omit<ClaimAdjustment, 'id' | 'enteredAt'>;

/** Changes of what is owed that no payer made, one by one and in batches with a total. */
export class Adjustments {
  readonly adjustments = new DocumentStore<KeptAdjustment>('adjustment', 'ADJ');
  readonly batches = new DocumentStore<AdjustmentBatchReport>('adjustment-batch', 'BAT');

  constructor(
    private readonly claims: ClaimStore,
    private readonly settlements: DocumentStore<Settlement>,
  ) {}

  /**
   * Enters an adjustment. Throws `unknown-code` for a claim that is not known, `conflict` for one that is void, and
   * `upstream-rejected` for an amount of zero, of another currency, or of more than is open.
   */
  async enter(tx: Database, businessKey: string, wanted: NewClaimAdjustment, at: Date): Promise<ClaimAdjustment> {
    const known = await this.adjustments.ofKey(tx, businessKey);
    if (known) return adjustmentOf(known);
    const claim = await this.claims.lock(tx, wanted.claimNumber);
    const context = { claim: wanted.claimNumber };
    if (!claim) throw new Problem('unknown-code', 'There is no claim of this number', { context });
    if (claim.status === 'void') throw new Problem('conflict', 'The claim is void', { context });
    const { amount } = wanted;
    if (isZero(amount)) throw new Problem('upstream-rejected', 'An adjustment of zero changes nothing', { context });
    if (amount.currency !== claim.charge.currency) {
      throw new Problem('upstream-rejected', 'The adjustment is not in the currency of the claim', { context });
    }
    const accounts = { claims: this.claims, settlements: this.settlements, adjustments: this.adjustments };
    const [balance] = await balancesOf(tx, accounts, [claim.encounterId]);
    if (new Decimal(minus(balance!.open, amount).amount).isNegative()) {
      const detail = `The adjustment is more than the ${balance!.open.amount} that are open`;
      throw new Problem('upstream-rejected', detail, { context });
    }
    const where = { encounterId: claim.encounterId, claim: claim.id, payer: claim.payer };
    const added = await this.adjustments.add(tx, { businessKey, ...where, status: wanted.kind, body: wanted }, at);
    return adjustmentOf(added ?? (await this.adjustments.ofKey(tx, businessKey))!);
  }

  /**
   * Enters what can be entered of a batch and reports every line. A batch whose total is not that of its lines is refused
   * as a whole: something of it was lost on the way. The number of a batch names it: it is worked in once.
   */
  async enterBatch(tx: Database, wanted: AdjustmentBatch, at: Date): Promise<AdjustmentBatchReport> {
    const known = await this.batches.ofKey(tx, wanted.batch);
    if (known) return known.body;
    const report = await this.work(tx, wanted, at);
    const added = await this.batches.add(tx, { businessKey: wanted.batch, status: report.status, body: report }, at);
    if (added) return report;
    throw new Problem('idempotency-in-progress', 'This batch is being worked in', { retryAfter: 1 });
  }

  private async work(tx: Database, { batch, adjustments, total: told }: AdjustmentBatch, at: Date) {
    const sum = total(adjustments.map(({ amount }) => amount));
    const report = { batch, at: at.toISOString(), entered: money(0), refused: sum };
    if (!sameAmount(sum, told)) {
      const reason = `The lines come to ${sum.amount}, but the total says ${told.amount}`;
      return { ...report, status: 'refused' as const, reason, lines: [] };
    }
    const lines: AdjustmentLineOutcome[] = [];
    for (const [i, each] of adjustments.entries()) {
      lines.push(await this.workLine(tx, `batch/${batch}/${i}`, `/adjustments/${i}`, each, at));
    }
    const of = (outcome: string) =>
      total(adjustments.filter((_, i) => lines[i]!.outcome === outcome).map(({ amount }) => amount));
    return { ...report, status: 'taken' as const, entered: of('entered'), refused: of('refused'), lines };
  }

  private async workLine(tx: Database, key: string, pointer: string, wanted: NewClaimAdjustment, at: Date) {
    try {
      const { id } = await this.enter(tx, key, wanted, at);
      return { pointer, outcome: 'entered' as const, adjustmentId: id };
    } catch (error) {
      const problem = asProblem(error);
      if (problem.slug === 'internal' || problem.retryable) throw error;
      return { pointer, outcome: 'refused' as const, reason: problem.message };
    }
  }
}

export const adjustmentOf = ({ id, body, createdAt }: Document<KeptAdjustment>): ClaimAdjustment => ({
  ...body,
  id,
  enteredAt: createdAt,
});
