/** What is asked of an ERP behind OData: all that every service has to have, and what its profile has words for. */
import type { Clock } from '@concord/api';
import type { Capability, ErpPorts } from '../../connector.js';
import { JournalCostAllocations } from '../journal-cost-allocations.js';
import type { MadeOnce } from './made-once.js';
import { ODataBudgets, ODataProjects } from './odata.budgets.js';
import { ODataGoodsReceipts } from './odata.goods-receipts.js';
import { ODataIntercompany } from './odata.intercompany.js';
import { ODataSupplierInvoices } from './odata.invoices.js';
import { ODataItems } from './odata.items.js';
import { ODataJournal } from './odata.journal.js';
import { ODataPurchaseOrders } from './odata.purchase-orders.js';
import { ODataApprovals, ODataFixedAssets, ODataValuation } from './odata.reading.js';
import type { ODataRecords } from './odata.records.js';
import { ODataRequisitions } from './odata.requisitions.js';
import { ODataReservations } from './odata.reservations.js';
import { ODataLedgerStructure } from './odata.structure.js';
import { ODataSuppliers } from './odata.suppliers.js';
import { OPTIONAL_ENTITIES, type OptionalEntityName, type Profile } from './profile.js';

export const ODATA_SERVES = [
  'structure',
  'journal',
  'suppliers',
  'items',
  'purchaseOrders',
  'goodsReceipts',
  'supplierInvoices',
  'costAllocations',
  ...OPTIONAL_ENTITIES,
] as const satisfies readonly Capability[];

export type ODataPorts = Omit<Pick<ErpPorts, (typeof ODATA_SERVES)[number]>, OptionalEntityName> &
  Partial<Pick<ErpPorts, OptionalEntityName>>;

export function odataPorts(records: ODataRecords, { entities }: Profile, once: MadeOnce, clock: Clock): ODataPorts {
  const structure = new ODataLedgerStructure(records);
  const journal = new ODataJournal(records, structure, once, clock);
  return {
    structure,
    journal,
    suppliers: new ODataSuppliers(records, once),
    items: new ODataItems(records),
    purchaseOrders: new ODataPurchaseOrders(records, structure, once),
    goodsReceipts: new ODataGoodsReceipts(records, once, clock),
    supplierInvoices: new ODataSupplierInvoices(records, once, clock),
    costAllocations: new JournalCostAllocations(journal),
    ...(entities.budgets ? { budgets: new ODataBudgets(records, structure) } : {}),
    ...(entities.projects ? { projects: new ODataProjects(records) } : {}),
    ...(entities.requisitions ? { requisitions: new ODataRequisitions(records, structure, once) } : {}),
    ...(entities.approvals ? { approvals: new ODataApprovals(records) } : {}),
    ...(entities.reservations ? { reservations: new ODataReservations(records, once) } : {}),
    ...(entities.valuation ? { valuation: new ODataValuation(records) } : {}),
    ...(entities.intercompany ? { intercompany: new ODataIntercompany(records, structure, once, clock) } : {}),
    ...(entities.fixedAssets ? { fixedAssets: new ODataFixedAssets(records) } : {}),
  };
}
