import { Inject } from '@nestjs/common';
import { Connector, ConnectorPage, DATABASE, Endpoint, readConnectors, Resource } from '@concord/api';
import type { Page } from '@concord/canonical';
import type { Database } from '@concord/database';

@Resource('connectors')
export class ConnectorsController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  @Endpoint('GET', {
    scope: 'operations/connector.read',
    summary: 'Show how every system behind is doing: breakers, limits, maintenance, age of connection and credential',
    answer: ConnectorPage,
  })
  listConnectors(): Promise<Page<Connector>> {
    return readConnectors(this.database);
  }
}
