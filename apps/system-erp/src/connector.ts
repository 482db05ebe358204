import { Problem } from '@concord/canonical';
import { Budgets, Projects } from './ports/budgets.port.js';
import { CostAllocations, FixedAssets, Intercompany } from './ports/controlling.port.js';
import { Items } from './ports/items.port.js';
import { Journal } from './ports/journal.port.js';
import { LedgerStructure } from './ports/ledger-structure.port.js';
import { SupplierInvoices } from './ports/payables.port.js';
import { Approvals, PurchaseOrders, Requisitions } from './ports/purchasing.port.js';
import { GoodsReceipts, Reservations, Valuation } from './ports/receiving.port.js';
import { Suppliers } from './ports/suppliers.port.js';

/**
 * What Concord asks of an enterprise resource planning platform, in canonical words, by capability. Every method may also
 * fail with `upstream-unavailable` or `upstream-timeout`; after either, a write is repeated with the same business key. A
 * business key names one call of one operation: the same key may name a posting and, apart from it, a reversal.
 */
export const PORTS = {
  structure: LedgerStructure,
  journal: Journal,
  suppliers: Suppliers,
  items: Items,
  budgets: Budgets,
  projects: Projects,
  requisitions: Requisitions,
  purchaseOrders: PurchaseOrders,
  approvals: Approvals,
  goodsReceipts: GoodsReceipts,
  reservations: Reservations,
  valuation: Valuation,
  supplierInvoices: SupplierInvoices,
  costAllocations: CostAllocations,
  intercompany: Intercompany,
  fixedAssets: FixedAssets,
} as const;

export type Capability = keyof typeof PORTS;

export type ErpPorts = { readonly [Name in Capability]: InstanceType<(typeof PORTS)[Name]> };

/** One vendor's ERP. It leaves out the ports that the vendor cannot serve. */
export abstract class ErpConnector {
  abstract readonly ports: Partial<ErpPorts>;
}

/**
 * The port of a connector. It is looked up at every call, since some learn what they lack only when their vendor answers;
 * where there is none, the call is refused with `not-supported`.
 */
export function portOf<Name extends Capability>(connector: ErpConnector, capability: Name): ErpPorts[Name] {
  const call = (verb: string, given: unknown[]): Promise<unknown> => {
    const port = (
      connector.ports as Partial<Record<string, Record<string, (...given: unknown[]) => Promise<unknown>>>>
    )[capability];
    if (port) return port[verb]!(...given);
    return Promise.reject(new Problem('not-supported', undefined, { context: { capability } }));
  };
  return new Proxy({} as ErpPorts[Name], {
    get: (target, name) =>
      typeof name === 'string' && VERB.test(name)
        ? (...given: unknown[]) => call(name, given)
        : Reflect.get(target, name),
  });
}

/** How the methods of a port begin; Nest also looks for its own hooks on what it is given, which are not asked of an ERP. */
const VERB = /^(list|read|create|change|step|reverse|release|cancel|validate|set)[A-Z]/;
