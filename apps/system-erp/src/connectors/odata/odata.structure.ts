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
import { changeAsItStands } from './as-it-stands.js';
import { toAccount, toCostCenter, toCostCenterGroup, toFiscalPeriod, toLegalEntity } from './structure.mapping.js';
import { pageOfRecords } from './odata.page.js';
import type { ForeignRecord, ODataRecords } from './odata.records.js';

/** How long the codes of the ledger are taken to be what they were. */
const CODES_MS = 60_000;
/** How soon they are read again because of one that is not known. */
const AGAIN_MS = 500;
const MOST_CODES = 20_000;

export class ODataLedgerStructure extends LedgerStructure {
  private codes: { readonly known: Promise<KnownCodes>; readonly readAt: number } | undefined;

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
    return toFiscalPeriod(
      await changeAsItStands(this.records, 'fiscalPeriods', id, (record) =>
        toFiscalPeriod(record).status === status ? undefined : { status, reason },
      ),
    );
  }

  /** Why the books would refuse an entry, in our words; the ERP has the last word. */
  async refusalOf(entry: NewJournalEntry): Promise<Problem | undefined> {
    const { legalEntity: legal_entity, accountingDate: date } = entry;
    const { items } = await this.listFiscalPeriods({ legal_entity, date });
    const period = items[0] ?? { code: date.slice(0, 7), status: 'closed' as const };
    const refusal = (known: KnownCodes) => refusalOf(entry, known, { periodOf: () => period });
    const first = refusal(await this.known());
    return first?.slug === 'unknown-code' ? refusal(await this.knownAnew()) : first;
  }

  /** Checks against the codes that postings and orders may name; looks again in the ERP before one is refused as unknown. */
  async check<T>(check: (known: KnownCodes) => T): Promise<T> {
    try {
      return check(await this.known());
    } catch (error) {
      if (!(error instanceof Problem) || error.slug !== 'unknown-code') throw error;
      return check(await this.knownAnew());
    }
  }

  private known(): Promise<KnownCodes> {
    return this.readWithin(CODES_MS);
  }

  /** Somebody may have added a code a moment ago; whoever asks for ones that are not there does not keep the ERP busy. */
  private knownAnew(): Promise<KnownCodes> {
    return this.readWithin(AGAIN_MS);
  }

  private readWithin(ms: number): Promise<KnownCodes> {
    if (!this.codes || performance.now() > this.codes.readAt + ms) {
      const codes = { known: this.load(), readAt: performance.now() };
      this.codes = codes;
      codes.known.catch(() => {
        if (this.codes === codes) this.codes = undefined;
      });
    }
    return this.codes.known;
  }

  private async load(): Promise<KnownCodes> {
    const [legalEntities, accounts, costCenters] = await Promise.all([
      this.all('legalEntities'),
      this.all('accounts'),
      this.all('costCenters'),
    ]);
    return {
      legalEntities: byCode(legalEntities.map(toLegalEntity)),
      accounts: byCode(accounts.map(toAccount)),
      costCenters: byCode(costCenters.map(toCostCenter)),
    };
  }

  /** With a part of them alone, what is there would be refused as unknown. */
  private async all(name: 'legalEntities' | 'accounts' | 'costCenters'): Promise<ForeignRecord[]> {
    const found = await this.records.list(name, { most: MOST_CODES + 1 });
    if (found.length <= MOST_CODES) return found;
    throw new Problem('upstream-rejected', `The ERP has more than ${MOST_CODES} of ${name}`);
  }
}

const byCode = <T extends { code: string }>(rows: readonly T[]): ReadonlyMap<string, T> =>
  new Map(rows.map((row) => [row.code, row]));
