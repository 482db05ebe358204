import { createHash } from 'node:crypto';
import {
  asProblem,
  canonicalJson,
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

type KeptAdjustment = Omit<ClaimAdjustment, 'id' | 'enteredAt' | 'changedAt'>;

/** What became of a batch, and a digest of what was sent, so that another content of the same number is noticed. */
interface KeptBatch {
  readonly report: AdjustmentBatchReport;
  readonly sent: string;
}

/** Changes of what is owed that no payer made, one by one and in batches with a total. */
export class Adjustments {
  readonly adjustments = new DocumentStore<KeptAdjustment>('adjustment', 'ADJ');
  readonly batches = new DocumentStore<KeptBatch>('adjustment-batch', 'BAT');

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
   * Throws `conflict` where the number came before with another content.
   * @param faults why a line cannot be entered, by its place, where its reader found that out
   */
  async enterBatch(
    tx: Database,
    wanted: AdjustmentBatch,
    at: Date,
    faults: ReadonlyMap<number, string> = new Map(),
  ): Promise<AdjustmentBatchReport> {
    const sent = createHash('sha256').update(canonicalJson(wanted)).digest('hex');
    const known = await this.batches.ofKey(tx, wanted.batch);
    if (known?.body.sent === sent) return known.body.report;
    if (known) {
      const context = { batch: wanted.batch };
      throw new Problem('conflict', 'A batch of this number came before, with another content', { context });
    }
    const report = await this.work(tx, wanted, at, faults);
    const document = { businessKey: wanted.batch, status: report.status, body: { report, sent } };
    const added = await this.batches.add(tx, document, at);
    if (added) return report;
    throw new Problem('idempotency-in-progress', 'This batch is being worked in', { retryAfter: 1 });
  }

  private async work(
    tx: Database,
    { batch, adjustments, total: told }: AdjustmentBatch,
    at: Date,
    faults: ReadonlyMap<number, string>,
  ) {
    const sum = total(adjustments.map(({ amount }) => amount));
    const report = { batch, at: at.toISOString(), entered: money(0), refused: sum };
    if (!sameAmount(sum, told)) {
      const reason = `The lines come to ${sum.amount}, but the total says ${told.amount}`;
      return { ...report, status: 'refused' as const, reason, lines: [] };
    }
    const lines: AdjustmentLineOutcome[] = [];
    for (const [i, each] of adjustments.entries()) {
      const pointer = `/adjustments/${i}`;
      const reason = faults.get(i);
      if (reason) lines.push({ pointer, outcome: 'refused', reason });
      else lines.push(await this.workLine(tx, `batch/${batch}/${i}`, pointer, each, at));
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

export const adjustmentOf = ({ id, body, createdAt, changedAt }: Document<KeptAdjustment>): ClaimAdjustment => ({
  ...body,
  id,
  enteredAt: createdAt,
  changedAt,
});
