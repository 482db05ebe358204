import { Param, Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { pageOf, Payer, PayerRule, type Page } from '@concord/canonical';
import { RevenueCycleConnector } from './connector.js';
import { PayerQuery, PayerRuleQuery } from './queries.js';

export const PayerPage = pageOf(Payer);
export const PayerRulePage = pageOf(PayerRule);

@Resource('payers')
export class PayersController {
  constructor(private readonly revenueCycle: RevenueCycleConnector) {}

  @Endpoint('GET :code', {
    scope: 'revenue-cycle/payer.read',
    summary: 'Read a payer and the share we may expect of it',
    answer: Payer,
  })
  readPayer(@Param('code') code: string): Promise<Payer> {
    return this.revenueCycle.readPayer(code);
  }

  @Endpoint('GET', { scope: 'revenue-cycle/payer.read', summary: 'List the payers', answer: PayerPage })
  listPayers(@Query() query: PayerQuery): Promise<Page<Payer>> {
    return this.revenueCycle.listPayers(query);
  }
}

@Resource('payer-rules')
export class PayerRulesController {
  constructor(private readonly revenueCycle: RevenueCycleConnector) {}

  @Endpoint('GET', {
    scope: 'revenue-cycle/payer.read',
    summary: 'List what payers ask of a claim',
    answer: PayerRulePage,
  })
  listPayerRules(@Query() query: PayerRuleQuery): Promise<Page<PayerRule>> {
    return this.revenueCycle.listPayerRules(query);
  }
}
