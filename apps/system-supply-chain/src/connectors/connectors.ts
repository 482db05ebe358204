import { configure } from '@concord/api';
import { TrytonConfig } from '@concord/tryton';
import type { SupplyChainConnector } from '../connector.js';
import type { StoresSurroundings } from '../stores/stores.connector.js';
import { SandboxConnector } from './sandbox/sandbox.connector.js';
import { TrytonConnector } from './tryton/tryton.connector.js';
import { TrytonStockConfig } from './tryton/tryton-stock.config.js';
import { X12Connector } from './x12/x12.connector.js';

type Make = (around: StoresSurroundings) => SupplyChainConnector;

/** Every connector of the supply chain, by the word that picks it in `CONNECTOR_SUPPLY_CHAIN`. */
export const CONNECTORS = {
  sandbox: (around) => new SandboxConnector(around),
  tryton: ({ clock, database }) =>
    new TrytonConnector(configure(TrytonConfig), configure(TrytonStockConfig), clock, database),
  x12: (around) => new X12Connector(around),
} as const satisfies Record<string, Make>;
