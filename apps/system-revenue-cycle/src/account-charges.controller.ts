import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, Resource } from '@concord/api';
import { AccountCharge, NewAccountCharge, pageOf, type Page } from '@concord/canonical';
import { RevenueCycleConnector } from './connector.js';
import { AccountChargeQuery } from './queries.js';

export const AccountChargePage = pageOf(AccountCharge);

@Resource('charges')
export class AccountChargesController {
  constructor(private readonly revenueCycle: RevenueCycleConnector) {}

  @Endpoint('POST', {
    scope: 'revenue-cycle/charge.write',
    summary: 'Post a charge to the account of an encounter',
    status: 201,
    location: 'charges',
    answer: AccountCharge,
  })
  createAccountCharge(@BusinessKey() key: string, @Body() charge: NewAccountCharge): Promise<AccountCharge> {
    return this.revenueCycle.createAccountCharge(key, charge);
  }

  @Endpoint('GET :id', { scope: 'revenue-cycle/charge.read', summary: 'Read a charge', answer: AccountCharge })
  readAccountCharge(@Param('id') id: string): Promise<AccountCharge> {
    return this.revenueCycle.readAccountCharge(id);
  }

  @Endpoint('GET', {
    scope: 'revenue-cycle/charge.read',
    summary: 'List charges by encounter and status',
    answer: AccountChargePage,
  })
  listAccountCharges(@Query() query: AccountChargeQuery): Promise<Page<AccountCharge>> {
    return this.revenueCycle.listAccountCharges(query);
  }

  @Endpoint('POST :id/credit', {
    scope: 'revenue-cycle/charge.write',
    summary: 'Take a charge back',
    answer: AccountCharge,
  })
  creditAccountCharge(@BusinessKey() key: string, @Param('id') id: string): Promise<AccountCharge> {
    return this.revenueCycle.creditAccountCharge(key, id);
  }
}
