import type { CostCenterValidation } from '@concord/canonical';
import type { LedgerStructure } from './ports/ledger-structure.port.js';

/** Whether a cost center takes a posting on a day. Throws `not-found`. */
export async function validateCostCenter(
  structure: LedgerStructure,
  costCenter: string,
  date: string,
): Promise<CostCenterValidation> {
  const { legalEntity, closedOn } = await structure.readCostCenter(costCenter);
  const { items } = await structure.listFiscalPeriods({ legal_entity: legalEntity, date });
  const active = closedOn === undefined || date <= closedOn;
  const periodOpen = items.some(({ status }) => status === 'open');
  return { costCenter, legalEntity, date, valid: active && periodOpen, active, periodOpen };
}
