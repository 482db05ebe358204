/** Companies, accounts, cost centers and periods out of records of the service; one field a line. */
import type { Account, CostCenter, CostCenterGroup, FiscalPeriod, LegalEntity } from '@concord/canonical';
import type { ForeignRecord } from './odata.records.js';
import { optional, text, tracked, word } from './odata.values.js';

export const toLegalEntity = ({ values }: ForeignRecord): LegalEntity => ({
  code: text(values, 'code'),
  name: text(values, 'name'),
  currency: text(values, 'currency'),
  changedAt: optional(values, 'changedAt'),
});

export const toAccount = ({ values }: ForeignRecord): Account => ({
  code: text(values, 'code'),
  name: text(values, 'name'),
  kind: word(values, 'kind'),
  changedAt: optional(values, 'changedAt'),
});

export const toCostCenter = ({ values }: ForeignRecord): CostCenter => ({
  code: text(values, 'code'),
  name: text(values, 'name'),
  legalEntity: text(values, 'legalEntity'),
  facility: text(values, 'facility'),
  region: text(values, 'region'),
  serviceLine: text(values, 'serviceLine'),
  physicianGroup: optional(values, 'physicianGroup'),
  closedOn: optional(values, 'closedOn'),
  changedAt: optional(values, 'changedAt'),
});

export const toCostCenterGroup = ({ values }: ForeignRecord): CostCenterGroup => ({
  code: text(values, 'code'),
  name: text(values, 'name'),
  kind: word(values, 'kind'),
  parent: optional(values, 'parent'),
  costCenters: text(values, 'costCenters').split(',').filter(Boolean),
});

export const toFiscalPeriod = (record: ForeignRecord): FiscalPeriod => ({
  id: text(record.values, 'id'),
  code: text(record.values, 'code'),
  legalEntity: text(record.values, 'legalEntity'),
  startsOn: text(record.values, 'startsOn'),
  endsOn: text(record.values, 'endsOn'),
  status: word(record.values, 'status'),
  ...tracked(record),
});
