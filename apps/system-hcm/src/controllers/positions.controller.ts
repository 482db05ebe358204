import { Body, Param, Query } from '@nestjs/common';
import { BusinessKey, Endpoint, IfMatch, Resource } from '@concord/api';
import { NewPosition, pageOf, Position, PositionChange, type Page } from '@concord/canonical';
import { HcmConnector } from '../connector.js';
import { PositionQuery } from '../queries.js';

export const PositionPage = pageOf(Position);

@Resource('positions')
export class PositionsController {
  constructor(private readonly hcm: HcmConnector) {}

  @Endpoint('POST', {
    scope: 'hcm/position.write',
    summary: 'Add a position',
    status: 201,
    location: 'positions',
    answer: Position,
  })
  createPosition(@BusinessKey() key: string, @Body() fresh: NewPosition): Promise<Position> {
    return this.hcm.positions.create(key, fresh);
  }

  @Endpoint('PATCH :id', { scope: 'hcm/position.write', summary: 'Change a position', answer: Position })
  changePosition(
    @Param('id') id: string,
    @IfMatch() expected: string,
    @BusinessKey() key: string,
    @Body() change: PositionChange,
  ): Promise<Position> {
    return this.hcm.positions.change(id, change, expected, key);
  }

  @Endpoint('GET :id', { scope: 'hcm/position.read', summary: 'Read a position', answer: Position })
  readPosition(@Param('id') id: string): Promise<Position> {
    return this.hcm.positions.read(id);
  }

  @Endpoint('GET', {
    scope: 'hcm/position.read',
    summary: 'List positions by status and org unit',
    answer: PositionPage,
  })
  listPositions(@Query() query: PositionQuery): Promise<Page<Position>> {
    return this.hcm.positions.list(query);
  }
}
