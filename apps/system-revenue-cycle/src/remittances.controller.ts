import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, Resource } from '@concord/api';
import { Denial, NewRemittance, pageOf, Remittance, UnmatchedPayment, type Page } from '@concord/canonical';
import { RevenueCycleConnector } from './connector.js';
import { DenialQuery, RemittanceQuery, UnmatchedPaymentQuery } from './queries.js';

export const RemittancePage = pageOf(Remittance);
export const UnmatchedPaymentPage = pageOf(UnmatchedPayment);
export const DenialPage = pageOf(Denial);

@Resource('remittances')
export class RemittancesController {
  constructor(private readonly revenueCycle: RevenueCycleConnector) {}

  @Endpoint('POST', {
    scope: 'revenue-cycle/remittance.write',
    summary: 'Work in a payment of a payer; what does not balance is held',
    status: 201,
    location: 'remittances',
    answer: Remittance,
  })
  createRemittance(@BusinessKey() key: string, @Body() remittance: NewRemittance): Promise<Remittance> {
    return this.revenueCycle.createRemittance(key, remittance);
  }

  @Endpoint('GET :id', { scope: 'revenue-cycle/remittance.read', summary: 'Read a remittance', answer: Remittance })
  readRemittance(@Param('id') id: string): Promise<Remittance> {
    return this.revenueCycle.readRemittance(id);
  }

  @Endpoint('GET', {
    scope: 'revenue-cycle/remittance.read',
    summary: 'List remittances, for example those that are held',
    answer: RemittancePage,
  })
  listRemittances(@Query() query: RemittanceQuery): Promise<Page<Remittance>> {
    return this.revenueCycle.listRemittances(query);
  }
}

@Resource('unmatched-payments')
export class UnmatchedPaymentsController {
  constructor(private readonly revenueCycle: RevenueCycleConnector) {}

  @Endpoint('GET', {
    scope: 'revenue-cycle/remittance.read',
    summary: 'List payments for claims that are none of ours',
    answer: UnmatchedPaymentPage,
  })
  listUnmatchedPayments(@Query() query: UnmatchedPaymentQuery): Promise<Page<UnmatchedPayment>> {
    return this.revenueCycle.listUnmatchedPayments(query);
  }
}

@Resource('denials')
export class DenialsController {
  constructor(private readonly revenueCycle: RevenueCycleConnector) {}

  @Endpoint('GET :id', { scope: 'revenue-cycle/denial.read', summary: 'Read a denial', answer: Denial })
  readDenial(@Param('id') id: string): Promise<Denial> {
    return this.revenueCycle.readDenial(id);
  }

  @Endpoint('GET', {
    scope: 'revenue-cycle/denial.read',
    summary: 'List denials by claim, encounter and payer',
    answer: DenialPage,
  })
  listDenials(@Query() query: DenialQuery): Promise<Page<Denial>> {
    return this.revenueCycle.listDenials(query);
  }
}
