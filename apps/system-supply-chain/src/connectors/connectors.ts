import { configure, type Clock } from '@concord/api';
import type { Database } from '@concord/database';
import type { FaultInjection } from '@concord/resilience';
import { TrytonConfig } from '@concord/tryton';
import type { SupplyChainConnector } from '../connector.js';
import { SandboxConnector } from './sandbox/sandbox.connector.js';
import { TrytonConnector } from './tryton/tryton.connector.js';
import { TrytonStockConfig } from './tryton/tryton-stock.config.js';
import { X12Connector } from './x12/x12.connector.js';

type Make = (database: Database, clock: Clock, faults: FaultInjection) => SupplyChainConnector;

/** Every connector of the supply chain, by the word that picks it in `CONNECTOR_SUPPLY_CHAIN`. */
export const CONNECTORS = {
  sandbox: (database, clock, faults) => new SandboxConnector(database, clock, faults),
  tryton: (_, clock) => new TrytonConnector(configure(TrytonConfig), configure(TrytonStockConfig), clock),
  x12: (database, clock, faults) => new X12Connector(database, clock, faults),
} as const satisfies Record<string, Make>;
