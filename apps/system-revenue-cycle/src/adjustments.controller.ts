import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, Resource } from '@concord/api';
import {
  AdjustmentBatch,
  AdjustmentBatchReport,
  ClaimAdjustment,
  NewClaimAdjustment,
  pageOf,
  PatientBalance,
  type Page,
} from '@concord/canonical';
import { RevenueCycleConnector } from './connector.js';
import { AdjustmentQuery } from './queries.js';

export const ClaimAdjustmentPage = pageOf(ClaimAdjustment);

@Resource('adjustments')
export class AdjustmentsController {
  constructor(private readonly revenueCycle: RevenueCycleConnector) {}

  @Endpoint('POST', {
    scope: 'revenue-cycle/adjustment.write',
    summary: 'Change what is owed on a claim: a write-off, a correction, a payment of the patient',
    status: 201,
    location: 'adjustments',
    answer: ClaimAdjustment,
  })
  createAdjustment(@BusinessKey() key: string, @Body() adjustment: NewClaimAdjustment): Promise<ClaimAdjustment> {
    return this.revenueCycle.createAdjustment(key, adjustment);
  }

  @Endpoint('GET :id', {
    scope: 'revenue-cycle/adjustment.read',
    summary: 'Read an adjustment',
    answer: ClaimAdjustment,
  })
  readAdjustment(@Param('id') id: string): Promise<ClaimAdjustment> {
    return this.revenueCycle.readAdjustment(id);
  }

  @Endpoint('GET', {
    scope: 'revenue-cycle/adjustment.read',
    summary: 'List adjustments by claim and encounter',
    answer: ClaimAdjustmentPage,
  })
  listAdjustments(@Query() query: AdjustmentQuery): Promise<Page<ClaimAdjustment>> {
    return this.revenueCycle.listAdjustments(query);
  }
}

@Resource('adjustment-batches')
export class AdjustmentBatchesController {
  constructor(private readonly revenueCycle: RevenueCycleConnector) {}

  @Endpoint('POST', {
    scope: 'revenue-cycle/adjustment.write',
    summary: 'Enter a batch of adjustments; every line is reported, and the total has to be that of the lines',
    answer: AdjustmentBatchReport,
  })
  createAdjustmentBatch(@Body() batch: AdjustmentBatch): Promise<AdjustmentBatchReport> {
    return this.revenueCycle.createAdjustmentBatch(batch);
  }

  @Endpoint('GET :batch', {
    scope: 'revenue-cycle/adjustment.read',
    summary: 'Read what became of a batch',
    answer: AdjustmentBatchReport,
  })
  readAdjustmentBatch(@Param('batch') batch: string): Promise<AdjustmentBatchReport> {
    return this.revenueCycle.readAdjustmentBatch(batch);
  }
}

@Resource('patient-balances')
export class PatientBalancesController {
  constructor(private readonly revenueCycle: RevenueCycleConnector) {}

  @Endpoint('GET :encounterId', {
    scope: 'revenue-cycle/balance.read',
    summary: 'Read what is owed for an encounter, and by whom',
    answer: PatientBalance,
  })
  readPatientBalance(@Param('encounterId') encounterId: string): Promise<PatientBalance> {
    return this.revenueCycle.readPatientBalance(encounterId);
  }
}
