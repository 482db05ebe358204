import { Param } from '@nestjs/common';
import { Caller, Endpoint, Resource } from '@concord/api';
import type { Principal } from '@concord/policy';
import { Financials } from './financials.dto.js';
import { FinancialsPage } from './financials.page.js';

@Resource('encounters')
export class FinancialsController {
  constructor(private readonly page: FinancialsPage) {}

  @Endpoint('GET :encounterId/financials', {
    scope: 'finance/encounter.read',
    summary: 'Read everything that an encounter became, and prove now that it balances',
    answer: Financials,
  })
  readFinancials(@Param('encounterId') encounterId: string, @Caller() caller: Principal): Promise<Financials> {
    return this.page.read(encounterId, caller);
  }
}
