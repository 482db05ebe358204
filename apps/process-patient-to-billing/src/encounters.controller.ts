import { Param } from '@nestjs/common';
import { BalanceProof } from '@concord/canonical';
import { Endpoint, Resource } from '@concord/api';
import { Billing } from './billing.js';

@Resource('encounters')
export class EncountersController {
  constructor(private readonly billing: Billing) {}

  @Endpoint('GET :encounterId/balance-proof', {
    scope: 'patient-to-billing/proof.read',
    summary: 'Prove, from what the systems of record hold now, that an encounter balances',
    answer: BalanceProof,
  })
  proveBalance(@Param('encounterId') encounterId: string): Promise<BalanceProof> {
    return this.billing.proveBalance(encounterId);
  }
}
