import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, Resource } from '@concord/api';
import { Claim, ClaimStatus, ClaimVoid, NewClaim, pageOf, type Page } from '@concord/canonical';
import { RevenueCycleConnector } from './connector.js';
import { ClaimQuery } from './queries.js';

export const ClaimPage = pageOf(Claim);

@Resource('claims')
export class ClaimsController {
  constructor(private readonly revenueCycle: RevenueCycleConnector) {}

  @Endpoint('POST', {
    scope: 'revenue-cycle/claim.write',
    summary: 'Raise a claim for an encounter',
    status: 201,
    answer: Claim,
  })
  createClaim(@BusinessKey() key: string, @Body() claim: NewClaim): Promise<Claim> {
    return this.revenueCycle.createClaim(key, claim);
  }

  @Endpoint('GET :id', { scope: 'revenue-cycle/claim.read', summary: 'Read a claim', answer: Claim })
  readClaim(@Param('id') id: string): Promise<Claim> {
    return this.revenueCycle.readClaim(id);
  }

  @Endpoint('GET :id/status', {
    scope: 'revenue-cycle/claim.read',
    summary: 'Read where a claim stands and all that was said of it',
    answer: ClaimStatus,
  })
  readClaimStatus(@Param('id') id: string): Promise<ClaimStatus> {
    return this.revenueCycle.readClaimStatus(id);
  }

  @Endpoint('GET', {
    scope: 'revenue-cycle/claim.read',
    summary: 'List claims by encounter, status and payer',
    answer: ClaimPage,
  })
  listClaims(@Query() query: ClaimQuery): Promise<Page<Claim>> {
    return this.revenueCycle.listClaims(query);
  }

  @Endpoint('POST :id/void', {
    scope: 'revenue-cycle/claim.write',
    summary: 'Void a claim, so that its encounter can be claimed again',
    answer: Claim,
  })
  voidClaim(@BusinessKey() key: string, @Param('id') id: string, @Body() why: ClaimVoid): Promise<Claim> {
    return this.revenueCycle.voidClaim(key, id, why);
  }
}
