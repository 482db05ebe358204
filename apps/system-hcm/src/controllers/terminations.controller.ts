import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, IfMatch, Resource } from '@concord/api';
import { NewTermination, pageOf, Termination, TerminationChange, type Page } from '@concord/canonical';
import { HcmConnector } from '../connector.js';
import { TerminationQuery } from '../queries.js';

export const TerminationPage = pageOf(Termination);

@Resource('terminations')
export class TerminationsController {
  constructor(private readonly hcm: HcmConnector) {}

  @Endpoint('POST', {
    scope: 'hcm/termination.write',
    summary: 'Begin a termination',
    status: 201,
    location: 'terminations',
    answer: Termination,
  })
  createTermination(@BusinessKey() key: string, @Body() fresh: NewTermination): Promise<Termination> {
    return this.hcm.terminations.create(key, fresh);
  }

  @Endpoint('PATCH :id', { scope: 'hcm/termination.write', summary: 'Take a termination further', answer: Termination })
  changeTermination(
    @Param('id') id: string,
    @IfMatch() expected: string,
    @BusinessKey() key: string,
    @Body() change: TerminationChange,
  ): Promise<Termination> {
    return this.hcm.terminations.change(id, change, expected, key);
  }

  @Endpoint('GET :id', { scope: 'hcm/termination.read', summary: 'Read a termination', answer: Termination })
  readTermination(@Param('id') id: string): Promise<Termination> {
    return this.hcm.terminations.read(id);
  }

  @Endpoint('GET', {
    scope: 'hcm/termination.read',
    summary: 'List terminations by worker and state',
    answer: TerminationPage,
  })
  listTerminations(@Query() query: TerminationQuery): Promise<Page<Termination>> {
    return this.hcm.terminations.list(query);
  }
}
