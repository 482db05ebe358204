import { pageOfList, Problem } from '@concord/canonical';
import type {
  Account,
  CostCenter,
  CostCenterGroup,
  FiscalPeriod,
  LegalEntity,
  NewPeriodStatus,
  Page,
} from '@concord/canonical';
import { LedgerStructure } from '../../ports/ledger-structure.port.js';
import type {
  AccountQuery,
  CostCenterGroupQuery,
  CostCenterQuery,
  FiscalPeriodQuery,
  LegalEntityQuery,
} from '../../queries.js';
import type { Books } from './books.js';
import { groupsOf } from './cost-center-groups.js';
import { overridePeriod } from './ledger-structure.store.js';

/** Legal entities, accounts and cost centers as the books hold them in memory; periods as they are now. */
export class SandboxLedgerStructure extends LedgerStructure {
  /** @param beforeClosing what a period still needs before it closes, in the transaction that closes it */
  constructor(
    private readonly books: Books,
    private readonly beforeClosing: BeforeClosing,
  ) {
    super();
  }

  override async listLegalEntities(query: LegalEntityQuery): Promise<Page<LegalEntity>> {
    return pageOfList([...this.books.structure.legalEntities.values()].filter(since(query)), query, codeOf);
  }

  override async listCostCenters(query: CostCenterQuery): Promise<Page<CostCenter>> {
    const { facility, service_line, legal_entity } = query;
    const asked = (center: CostCenter) =>
      (!facility || center.facility === facility) &&
      (!service_line || center.serviceLine === service_line) &&
      (!legal_entity || center.legalEntity === legal_entity);
    const centers = [...this.books.structure.costCenters.values()].filter(asked);
    return pageOfList(centers.filter(since(query)), query, codeOf);
  }

  override async readCostCenter(code: string): Promise<CostCenter> {
    const center = this.books.structure.costCenters.get(code);
    if (!center) throw new Problem('not-found', 'There is no such cost center');
    return center;
  }

  override async listCostCenterGroups(query: CostCenterGroupQuery): Promise<Page<CostCenterGroup>> {
    const groups = groupsOf(this.books.structure);
    return pageOfList(
      groups.filter(({ parent }) => !query.parent || parent === query.parent),
      query,
      codeOf,
    );
  }

  override async listAccounts(query: AccountQuery): Promise<Page<Account>> {
    const accounts = [...this.books.structure.accounts.values()];
    const asked = accounts.filter(({ kind }) => !query.kind || kind === query.kind);
    return pageOfList(asked.filter(since(query)), query, codeOf);
  }

  override async listFiscalPeriods(query: FiscalPeriodQuery): Promise<Page<FiscalPeriod>> {
    const { legal_entity, status, date } = query;
    await this.books.readPeriods();
    const { calendar, structure } = this.books;
    const entities = [...structure.legalEntities.keys()].filter((code) => !legal_entity || code === legal_entity);
    const periods = entities
      .flatMap((entity) => (date ? [calendar.periodOf(entity, date)] : calendar.periodsOf(entity)))
      .filter((period) => !status || period.status === status);
    return pageOfList(periods.filter(since(query)), query, ({ legalEntity, code }) => `${legalEntity}/${code}`);
  }

  override async readFiscalPeriod(id: string): Promise<FiscalPeriod> {
    const [, legalEntity = '', code = ''] = /^(.+):([0-9]{4}-(?:0[1-9]|1[0-2]))$/.exec(id) ?? [];
    if (!this.books.structure.legalEntities.has(legalEntity)) {
      throw new Problem('not-found', 'There is no such fiscal period');
    }
    await this.books.readPeriods();
    return this.books.calendar.periodOf(legalEntity, code);
  }

  override async setFiscalPeriodStatus(
    id: string,
    status: FiscalPeriod['status'],
    { reason }: NewPeriodStatus,
  ): Promise<FiscalPeriod> {
    const period = await this.readFiscalPeriod(id);
    if (period.status === status) return period;
    await this.books.database.transaction().execute(async (tx) => {
      if (status === 'closed') await this.beforeClosing(tx, period);
      await overridePeriod(tx, period, { status, reason, at: this.books.now() });
    });
    return this.readFiscalPeriod(id);
  }
}

export type BeforeClosing = (tx: Books['database'], period: FiscalPeriod) => Promise<void>;

const codeOf = ({ code }: { code: string }): string => code;

const since =
  ({ changed_since }: { changed_since?: string }) =>
  ({ changedAt }: { changedAt?: string }): boolean =>
    !changed_since || changedAt === undefined || Date.parse(changedAt) >= Date.parse(changed_since);
