import type {
  Account,
  CostCenter,
  CostCenterGroup,
  FiscalPeriod,
  LegalEntity,
  NewPeriodStatus,
  Page,
} from '@concord/canonical';
import type {
  AccountQuery,
  CostCenterGroupQuery,
  CostCenterQuery,
  FiscalPeriodQuery,
  LegalEntityQuery,
} from '../queries.js';

/** Companies, accounts, cost centers and fiscal periods: what every posting names. */
export abstract class LedgerStructure {
  /** By code. */
  abstract listLegalEntities(query: LegalEntityQuery): Promise<Page<LegalEntity>>;

  /** By code. */
  abstract listCostCenters(query: CostCenterQuery): Promise<Page<CostCenter>>;

  /** Throws `not-found`. */
  abstract readCostCenter(code: string): Promise<CostCenter>;

  /** The hierarchy, by code; every group names the one above it. */
  abstract listCostCenterGroups(query: CostCenterGroupQuery): Promise<Page<CostCenterGroup>>;

  /** The chart of accounts, by number; all legal entities share it. */
  abstract listAccounts(query: AccountQuery): Promise<Page<Account>>;

  /** By legal entity and first day. With `date`, the one period of each legal entity that holds the day. */
  abstract listFiscalPeriods(query: FiscalPeriodQuery): Promise<Page<FiscalPeriod>>;

  /** Throws `not-found`. */
  abstract readFiscalPeriod(id: string): Promise<FiscalPeriod>;

  /** Opens or closes a period; one that stands so already is left as it is. Throws `not-found`. */
  abstract setFiscalPeriodStatus(
    id: string,
    status: FiscalPeriod['status'],
    why: NewPeriodStatus,
  ): Promise<FiscalPeriod>;
}
