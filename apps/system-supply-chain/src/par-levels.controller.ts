import { Body, Param, Query } from '@nestjs/common';
import { Endpoint, IfMatch, Resource } from '@concord/api';
import { pageOf, ParLevel, ParLevelChange, type Page } from '@concord/canonical';
import { ParLevels } from './ports/stock.port.js';
import { ParLevelQuery } from './queries.js';

export const ParLevelPage = pageOf(ParLevel);

@Resource('par-levels')
export class ParLevelsController {
  constructor(private readonly parLevels: ParLevels) {}

  @Endpoint('GET', {
    scope: 'supply-chain/par-level.read',
    summary: 'List what should lie where',
    answer: ParLevelPage,
  })
  listParLevels(@Query() query: ParLevelQuery): Promise<Page<ParLevel>> {
    return this.parLevels.listParLevels(query);
  }

  @Endpoint('GET :id', { scope: 'supply-chain/par-level.read', summary: 'Read a par level', answer: ParLevel })
  readParLevel(@Param('id') id: string): Promise<ParLevel> {
    return this.parLevels.readParLevel(id);
  }

  @Endpoint('PATCH :id', { scope: 'supply-chain/par-level.write', summary: 'Change a par level', answer: ParLevel })
  changeParLevel(
    @Param('id') id: string,
    @IfMatch() expected: string,
    @Body() change: ParLevelChange,
  ): Promise<ParLevel> {
    return this.parLevels.changeParLevel(id, expected, change);
  }
}
