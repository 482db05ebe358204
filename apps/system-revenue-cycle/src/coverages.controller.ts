import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, IfMatch, Resource } from '@concord/api';
import { Coverage, CoverageChange, CoverageReference, NewCoverage, pageOf, type Page } from '@concord/canonical';
import { RevenueCycleConnector } from './connector.js';
import { CoverageQuery } from './queries.js';

export const CoveragePage = pageOf(Coverage);

@Resource('coverages')
export class CoveragesController {
  constructor(private readonly revenueCycle: RevenueCycleConnector) {}

  @Endpoint('POST', {
    scope: 'revenue-cycle/coverage.write',
    summary: 'Enter who insures the patient of an encounter',
    status: 201,
    location: 'coverages',
    answer: CoverageReference,
  })
  createCoverage(@BusinessKey() key: string, @Body() coverage: NewCoverage): Promise<CoverageReference> {
    return this.revenueCycle.createCoverage(key, coverage);
  }

  @Endpoint('GET :id', { scope: 'revenue-cycle/coverage.read', summary: 'Read a coverage', answer: Coverage })
  readCoverage(@Param('id') id: string): Promise<Coverage> {
    return this.revenueCycle.readCoverage(id);
  }

  @Endpoint('GET', {
    scope: 'revenue-cycle/coverage.read',
    summary: 'List coverages by encounter and payer',
    answer: CoveragePage,
  })
  listCoverages(@Query() query: CoverageQuery): Promise<Page<Coverage>> {
    return this.revenueCycle.listCoverages(query);
  }

  @Endpoint('PATCH :id', {
    scope: 'revenue-cycle/coverage.write',
    summary: 'Change a coverage',
    answer: CoverageReference,
  })
  changeCoverage(
    @Param('id') id: string,
    @IfMatch() revision: string,
    @Body() change: CoverageChange,
  ): Promise<CoverageReference> {
    return this.revenueCycle.changeCoverage(id, revision, change);
  }
}
