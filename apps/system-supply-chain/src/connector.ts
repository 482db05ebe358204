import { Problem } from '@concord/canonical';
import { Catalogue, Contracts } from './ports/catalogue.port.js';
import { ReceivedInvoices } from './ports/invoices.port.js';
import { Fulfilment, SupplyOrders, SupplyRequisitions } from './ports/ordering.port.js';
import { Receiving } from './ports/receiving.port.js';
import { Replenishment, Transfers } from './ports/replenishment.port.js';
import { ParLevels, Stock } from './ports/stock.port.js';

/**
 * What Concord asks of a supply chain platform, in canonical words, by capability. Every method may also fail with
 * `upstream-unavailable` or `upstream-timeout`; after either, a write is repeated with the same business key. A business
 * key names one call of one operation: the same key may name an adjustment and, apart from it, a reversal.
 */
export const PORTS = {
  catalogue: Catalogue,
  contracts: Contracts,
  stock: Stock,
  transfers: Transfers,
  parLevels: ParLevels,
  replenishment: Replenishment,
  requisitions: SupplyRequisitions,
  orders: SupplyOrders,
  fulfilment: Fulfilment,
  receiving: Receiving,
  invoices: ReceivedInvoices,
} as const;

export type Capability = keyof typeof PORTS;

export type SupplyChainPorts = { readonly [Name in Capability]: InstanceType<(typeof PORTS)[Name]> };

/** One vendor's supply chain platform. It leaves out the ports that the vendor cannot serve. */
export abstract class SupplyChainConnector {
  abstract readonly ports: Partial<SupplyChainPorts>;
}

/** The port of a connector; where it has none, one whose every method is refused with `not-supported`. */
export const portOf = <Name extends Capability>(
  connector: SupplyChainConnector,
  capability: Name,
): SupplyChainPorts[Name] =>
  (connector.ports as Partial<Record<Name, SupplyChainPorts[Name]>>)[capability] ?? refusingPort(capability);

/** How the methods of a port begin; Nest also looks for its own hooks on what it is given, which are asked of nobody. */
const VERB = /^(list|read|create|change|reverse|cancel|enter)[A-Z]/;

function refusingPort<Name extends Capability>(capability: Name): SupplyChainPorts[Name] {
  const refuse = () => Promise.reject(new Problem('not-supported', undefined, { context: { capability } }));
  return new Proxy({} as SupplyChainPorts[Name], {
    get: (target, name) => (typeof name === 'string' && VERB.test(name) ? refuse : Reflect.get(target, name)),
  });
}
