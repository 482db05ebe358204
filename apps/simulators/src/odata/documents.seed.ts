/** What the simulated ERP's own people have asked for, set aside and provided before anybody else came. */
import { erpRules } from './erp.rules.js';
import type { EntityStore } from './store.js';

const DAY_MS = 86_400_000;
const USD = { Currency: 'USD' };

// Number, company, who asks, what for, its account and cost center, how much at what price, how it stands, who decided.
// prettier-ignore
const REQUISITIONS = [
  ['PR-1001', 'LSH', 'W-1001', 'Label printer', '6000', 'CC-NORTH-LABORATORY', '2', '149.50', 'DRFT', undefined],
  ['PR-1002', 'LSH', 'W-1003', 'Linen service, month', '6100', 'CC-SOUTH-SURGERY', '12', '2450.00', 'APPR', 'W-2002'],
  ['PR-1003', 'LSP', 'W-1007', 'Espresso machine', '6000', 'CC-EAST-EMERGENCY', '1', '899.00', 'REJE', 'W-2001'],
] as const;

// Number, item, where, how much, what for.
const RESERVATIONS = [
  ['SR-2001', 'SUTURE-KIT', 'STOCK-SOUTH', '4', 'CASE-30417'],
  ['SR-2002', 'SPLINT', 'STOCK-EAST', '6', 'CASE-30422'],
] as const;

/** All of it by the rules of the ERP, so that nothing is there that it would not take. */
export function seedDocuments(store: EntityStore, now: Date): void {
  const day = (days: number) => new Date(now.getTime() + days * DAY_MS).toISOString().slice(0, 10);
  const step = (RequisitionID: string, RequisitionStatus: string, DecidedBy?: string) =>
    erpRules.update(store, 'PurchaseRequisitions', RequisitionID, { RequisitionStatus, DecidedBy }, '*');

  for (const [RequisitionID, CompanyCode, RequesterID, ItemText, ...asked] of REQUISITIONS) {
    const [GLAccount, CostCenter, Quantity, ExpectedPrice, status, by] = asked;
    const line = { ItemText, GLAccount, CostCenter, Quantity, ExpectedPrice, Unit: 'each', ...USD };
    const about = { RequisitionID, CompanyCode, RequesterID, NeededOn: day(21), ...USD, Items: [line] };
    erpRules.insert(store, 'PurchaseRequisitions', { ...about, RequisitionStatus: 'DRFT' });
    if (status === 'DRFT') continue;
    step(RequisitionID, 'SUBM');
    step(RequisitionID, status, by);
  }
  for (const [ReservationID, ItemID, StockLocation, Quantity, DocumentReference] of RESERVATIONS) {
    const about = { ReservationID, ItemID, StockLocation, Quantity, BaseUnit: 'each', DocumentReference };
    erpRules.insert(store, 'StockReservations', { ...about, NeededOn: day(3) });
  }
  erpRules.insert(store, 'IntercompanyDocuments', {
    IntercompanyDocumentID: 'ID-3001',
    PostingDate: day(0),
    DocumentReference: 'LAB-SERVICES',
    HeaderText: 'Laboratory services',
    ProvidingCompany: 'LSH',
    ProvidingGLAccount: '6100',
    ProvidingCostCenter: 'CC-NORTH-LABORATORY',
    ReceivingCompany: 'LSP',
    ReceivingGLAccount: '6100',
    ReceivingCostCenter: 'CC-EAST-LABORATORY',
    Amount: '1840.75',
    ...USD,
  });
}
