import { Query } from '@nestjs/common';
import { Endpoint, Resource } from '@concord/api';
import { pageOf, ReplenishmentNeed, type Page } from '@concord/canonical';
import { Replenishment } from './ports/replenishment.port.js';
import { ReplenishmentNeedQuery } from './queries.js';

export const ReplenishmentNeedPage = pageOf(ReplenishmentNeed);

@Resource('replenishment-needs')
export class ReplenishmentNeedsController {
  constructor(private readonly replenishment: Replenishment) {}

  @Endpoint('GET', {
    scope: 'supply-chain/par-level.read',
    summary: 'Say what is missing where to the par levels, after all that was ordered and asked for',
    answer: ReplenishmentNeedPage,
  })
  listReplenishmentNeeds(@Query() query: ReplenishmentNeedQuery): Promise<Page<ReplenishmentNeed>> {
    return this.replenishment.listReplenishmentNeeds(query);
  }
}
