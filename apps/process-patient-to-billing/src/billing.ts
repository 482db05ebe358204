import { Problem, SYSTEMS, times, type BalanceProof, type PriceEstimate, type PriceQuestion } from '@concord/canonical';
import type { Crosswalks } from '@concord/master-data';
import { proveBalance } from './balance-proof.js';
import type { MasterData } from './reference/master-data.js';
import { expectedOf } from './rules/posting.js';
import type { Systems } from './services.js';

/** What is asked of this process API synchronously. */
export class Billing {
  constructor(
    private readonly systems: Systems,
    private readonly masterData: MasterData,
    private readonly crosswalks: Crosswalks,
    private readonly clock: () => Date,
  ) {}

  proveBalance(encounterId: string): Promise<BalanceProof> {
    return proveBalance(this.systems, encounterId, this.clock());
  }

  /** Asks the charge master now, so that an estimate never quotes yesterday's price. */
  async estimate({
    code,
    system = SYSTEMS.snomed,
    payer: name,
    quantity = '1',
  }: PriceQuestion): Promise<PriceEstimate> {
    await this.crosswalks.refresh();
    const chargeCode = this.crosswalks.translate('service-code', system, code, this.masterData.today());
    if (chargeCode === undefined || chargeCode === 'NONE') {
      throw new Problem('unknown-code', 'No charge is known for this code', { context: { system, code } });
    }
    const { description, serviceLine, price } = await this.systems.revenueCycle.readChargeItem(chargeCode);
    const gross = times(price, quantity);
    if (name === undefined) return { chargeCode, description, serviceLine, gross };
    const payer = await this.masterData.payerOf(name);
    if (!payer) throw new Problem('unknown-code', 'This payer is not known', { context: { code: name } });
    return { chargeCode, description, serviceLine, gross, expected: expectedOf(gross, payer) };
  }
}
