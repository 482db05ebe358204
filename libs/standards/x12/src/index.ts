export { type Delimiters, STANDARD_DELIMITERS } from './delimiters.js';
export type { GroupHeader, InterchangeAcknowledgment, InterchangeHeader, X12Event, X12Set } from './envelope.js';
export type { EnvelopeLimits, Strictness } from './envelope.reader.js';
export { placeOf, type X12Fault, type X12FaultCode, type X12Position, X12Refusal } from './fault.js';
export {
  type ReadOptions,
  readX12,
  setsOf,
  streamX12,
  type X12File,
  type X12Group,
  type X12Interchange,
} from './read.js';
export { Segment } from './segment.js';
export type { TokenizerLimits } from './tokenizer.js';
export {
  type ElementData,
  type GroupData,
  type InterchangeData,
  type SegmentData,
  type SetData,
  type WriteOptions,
  writeX12,
} from './write.js';
export { acknowledgmentGuideFor, acknowledgmentOf, type Answered } from './acknowledge.js';
export { type AcknowledgedFault, faultsOfGroup, faultsOfSet } from './acknowledged-faults.js';
export { type Finding, type FindingCode, GuideRefusal } from './guide/finding.js';
export type { Guide, PartOf, ShapeOf } from './guide/guide.js';
export { type Check, readSet, type ReadSet, readWhole } from './guide/set.reader.js';
export { checkShape, writeSet } from './guide/set.writer.js';
export {
  INSTITUTIONAL_CLAIM,
  type InstitutionalClaim,
  type InstitutionalClaims,
  PROFESSIONAL_CLAIM,
  type ProfessionalClaim,
  type ProfessionalClaims,
} from './sets/claim.js';
export { type AcknowledgedClaim, CLAIM_ACKNOWLEDGMENT, type ClaimAcknowledgment } from './sets/claim-acknowledgment.js';
export {
  FUNCTIONAL_ACKNOWLEDGMENT,
  type FunctionalAcknowledgment,
  IMPLEMENTATION_ACKNOWLEDGMENT,
  type ImplementationAcknowledgment,
} from './sets/functional-acknowledgments.js';
export { type ClaimPayment, type LinePayment, REMITTANCE, type Remittance } from './sets/remittance.js';
export {
  type AdvisedItem,
  type CatalogueItem,
  INVENTORY_ADVICE,
  type InventoryAdvice,
  PRICE_CATALOGUE,
  type PriceCatalogue,
} from './sets/catalogue.js';
export { guideOf, inVersion } from './sets/guides.js';
export { INVOICE, type InvoiceSet, type InvoiceSetLine } from './sets/invoice.js';
export {
  type AcknowledgedLine,
  PURCHASE_ORDER,
  PURCHASE_ORDER_ACKNOWLEDGMENT,
  type PurchaseOrderAcknowledgment,
  type PurchaseOrderSet,
  type PurchaseOrderSetLine,
} from './sets/purchase-order.js';
export {
  type ChangedLine,
  PURCHASE_ORDER_CHANGE,
  PURCHASE_ORDER_CHANGE_ACKNOWLEDGMENT,
  type PurchaseOrderChange,
  type PurchaseOrderChangeAcknowledgment,
} from './sets/purchase-order-change.js';
export { itemsOf, SHIP_NOTICE, type ShipNotice, type ShippedItem, type ShippedOrder } from './sets/ship-notice.js';
