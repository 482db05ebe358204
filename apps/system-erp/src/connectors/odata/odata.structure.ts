import { Problem } from '@concord/canonical';
import type {
  Account,
  CostCenter,
  CostCenterGroup,
  FiscalPeriod,
  LegalEntity,
  NewJournalEntry,
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
import { refusalOf, type KnownCodes } from '../posting-rules.js';
import { toAccount, toCostCenter, toCostCenterGroup, toFiscalPeriod, toLegalEntity } from './structure.mapping.js';
import { pageOfRecords } from './odata.page.js';
import type { ODataRecords } from './odata.records.js';

/** How long the codes of the ledger are taken to be what they were. */
const CODES_MS = 60_000;
const MOST_CODES = 20_000;

export class ODataLedgerStructure extends LedgerStructure {
  private codes: { readonly known: Promise<KnownCodes>; readonly until: number } | undefined;

  constructor(private readonly records: ODataRecords) {
    super();
  }

  override listLegalEntities(query: LegalEntityQuery): Promise<Page<LegalEntity>> {
    return pageOfRecords(this.records, 'legalEntities', query, [], toLegalEntity);
  }

  override listCostCenters(query: CostCenterQuery): Promise<Page<CostCenter>> {
    const { facility, service_line, legal_entity } = query;
    const where = [
      ['facility', 'eq', facility],
      ['serviceLine', 'eq', service_line],
      ['legalEntity', 'eq', legal_entity],
    ] as const;
    return pageOfRecords(this.records, 'costCenters', query, where, toCostCenter);
  }

  override async readCostCenter(code: string): Promise<CostCenter> {
    return toCostCenter(await this.records.read('costCenters', code));
  }

  override listCostCenterGroups(query: CostCenterGroupQuery): Promise<Page<CostCenterGroup>> {
    return pageOfRecords(this.records, 'costCenterGroups', query, [['parent', 'eq', query.parent]], toCostCenterGroup);
  }

  override listAccounts(query: AccountQuery): Promise<Page<Account>> {
    return pageOfRecords(this.records, 'accounts', query, [['kind', 'eq', query.kind]], toAccount);
  }

  override listFiscalPeriods(query: FiscalPeriodQuery): Promise<Page<FiscalPeriod>> {
    const { legal_entity, status, date } = query;
    const where = [
      ['legalEntity', 'eq', legal_entity],
      ['status', 'eq', status],
      ['startsOn', 'le', date],
      ['endsOn', 'ge', date],
    ] as const;
    return pageOfRecords(this.records, 'fiscalPeriods', query, where, toFiscalPeriod);
  }

  override async readFiscalPeriod(id: string): Promise<FiscalPeriod> {
    return toFiscalPeriod(await this.records.read('fiscalPeriods', id));
  }

  override async setFiscalPeriodStatus(
    id: string,
    status: FiscalPeriod['status'],
    { reason }: NewPeriodStatus,
  ): Promise<FiscalPeriod> {
    const record = await this.records.read('fiscalPeriods', id);
    if (toFiscalPeriod(record).status === status) return toFiscalPeriod(record);
    return toFiscalPeriod(await this.records.change('fiscalPeriods', id, record.etag, { status, reason }));
  }

  /** Why the books would refuse an entry, in our words; the ERP has the last word. */
  async refusalOf(entry: NewJournalEntry): Promise<Problem | undefined> {
    const known = await this.known();
    const { legalEntity: legal_entity, accountingDate: date } = entry;
    const { items } = await this.listFiscalPeriods({ legal_entity, date });
    const period = items[0] ?? { code: date.slice(0, 7), status: 'closed' as const };
    return refusalOf(entry, known, { periodOf: () => period });
  }

  /** The codes that postings and orders may name. */
  known(): Promise<KnownCodes> {
    if (!this.codes || Date.now() > this.codes.until) {
      this.codes = { known: this.load(), until: Date.now() + CODES_MS };
      this.codes.known.catch(() => (this.codes = undefined));
    }
    return this.codes.known;
  }

  private async load(): Promise<KnownCodes> {
    const all = { most: MOST_CODES };
    const [legalEntities, accounts, costCenters] = await Promise.all([
      this.records.list('legalEntities', all),
      this.records.list('accounts', all),
      this.records.list('costCenters', all),
    ]);
    return {
      legalEntities: byCode(legalEntities.map(toLegalEntity)),
      accounts: byCode(accounts.map(toAccount)),
      costCenters: byCode(costCenters.map(toCostCenter)),
    };
  }
}

const byCode = <T extends { code: string }>(rows: readonly T[]): ReadonlyMap<string, T> =>
  new Map(rows.map((row) => [row.code, row]));
