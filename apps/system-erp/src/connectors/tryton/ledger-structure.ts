/** Companies, analytic accounts, accounts and periods of Tryton, as the port asks for them. */
import { DEFAULT_PAGE_SIZE, pagePosition, Problem, toPage } from '@concord/canonical';
import type {
  Account,
  CostCenter,
  CostCenterGroup,
  FiscalPeriod,
  LegalEntity,
  Page,
  PageQuery,
} from '@concord/canonical';
import { TrytonRefusal, type TrytonRecords } from '@concord/tryton';
import { LedgerStructure } from '../../ports/ledger-structure.port.js';
import type {
  AccountQuery,
  CostCenterGroupQuery,
  CostCenterQuery,
  FiscalPeriodQuery,
  LegalEntityQuery,
} from '../../queries.js';
import { groupsOf } from './cost-center-groups.js';
import type { Books, Known } from './books.js';
import type { StructureCache } from './structure.cache.js';

export class TrytonLedgerStructure extends LedgerStructure {
  constructor(
    private readonly tryton: TrytonRecords,
    private readonly structure: StructureCache,
  ) {
    super();
  }

  override async listLegalEntities(query: LegalEntityQuery): Promise<Page<LegalEntity>> {
    const entities = (await this.books()).map(({ entity }) => entity);
    return page(entities.filter(since(query)), query, codeOf);
  }

  override async listCostCenters(query: CostCenterQuery): Promise<Page<CostCenter>> {
    const { facility, service_line, legal_entity } = query;
    const asked = (await this.costCenters())
      .filter((center) => !facility || center.facility === facility)
      .filter((center) => !service_line || center.serviceLine === service_line)
      .filter((center) => !legal_entity || center.legalEntity === legal_entity);
    return page(asked.filter(since(query)), query, codeOf);
  }

  override async readCostCenter(code: string): Promise<CostCenter> {
    const center = (await this.costCenters()).find((center) => center.code === code);
    if (!center) throw new Problem('not-found', 'There is no such cost center');
    return center;
  }

  override async listCostCenterGroups(query: CostCenterGroupQuery): Promise<Page<CostCenterGroup>> {
    const entities = (await this.books()).map(({ entity }) => entity);
    const groups = groupsOf(entities, await this.costCenters());
    return page(
      groups.filter(({ parent }) => !query.parent || parent === query.parent),
      query,
      codeOf,
    );
  }

  /** An account that only some legal entities have is in the list too. */
  override async listAccounts(query: AccountQuery): Promise<Page<Account>> {
    const accounts = (await this.books()).flatMap((books) => valuesOf(books.accounts));
    const byNumber = new Map(accounts.map((account) => [account.code, account]));
    const asked = [...byNumber.values()].filter(({ kind }) => !query.kind || kind === query.kind);
    return page(asked.filter(since(query)), query, codeOf);
  }

  override async listFiscalPeriods(query: FiscalPeriodQuery): Promise<Page<FiscalPeriod>> {
    const { legal_entity, status, date } = query;
    const asked = (await this.books())
      .filter(({ entity }) => !legal_entity || entity.code === legal_entity)
      .flatMap(({ periods }) => periods.map(({ value }) => value))
      .filter((period) => !date || (period.startsOn <= date && date <= period.endsOn))
      .filter((period) => !status || period.status === status);
    return page(asked.filter(since(query)), query, ({ legalEntity, startsOn }) => `${legalEntity}/${startsOn}`);
  }

  override async readFiscalPeriod(id: string): Promise<FiscalPeriod> {
    return (await this.period(id)).value;
  }

  /** Throws `conflict` where Tryton does not let the period go, for example because of drafts in it. */
  override async setFiscalPeriodStatus(id: string, status: FiscalPeriod['status']): Promise<FiscalPeriod> {
    await this.structure.refresh();
    const { key, value } = await this.period(id);
    if (value.status === status) return value;
    try {
      if (status === 'closed') await this.tryton.press('account.period', 'close', [key]);
      else await this.reopen(key);
    } catch (error) {
      if (!(error instanceof TrytonRefusal)) throw error;
      throw new Problem('conflict', error.detail, { context: { fiscalPeriod: id, status: value.status } });
    }
    await this.structure.refresh();
    const after = await this.period(id);
    if (after.value.status === status) return after.value;
    const context = { fiscalPeriod: id, status: after.value.status };
    throw new Problem('conflict', `Tryton leaves the period ${after.value.status}`, { context }); // locked, for good
  }

  /** Closing a period closes every journal in it; Tryton opens the period again, but not those. */
  private async reopen(period: number): Promise<void> {
    await this.tryton.press('account.period', 'reopen', [period]);
    const model = 'account.journal.period';
    const closed = await this.tryton.find(
      model,
      [
        ['period', '=', period],
        ['state', '=', 'close'],
      ],
      ['state'],
    );
    if (closed.length)
      await this.tryton.press(
        model,
        'reopen',
        closed.map(({ id }) => id),
      );
  }

  private async period(id: string): Promise<Known<FiscalPeriod>> {
    const period = (await this.books()).flatMap(({ periods }) => periods).find(({ value }) => value.id === id);
    if (!period) throw new Problem('not-found', 'There is no such fiscal period');
    return period;
  }

  private async books(): Promise<Books[]> {
    return [...(await this.structure.get()).books.values()];
  }

  private async costCenters(): Promise<CostCenter[]> {
    return (await this.books()).flatMap(({ costCenters }) => valuesOf(costCenters));
  }
}

const valuesOf = <T>(known: ReadonlyMap<string, Known<T>>): T[] => [...known.values()].map(({ value }) => value);

const codeOf = ({ code }: { code: string }): string => code;

const since =
  ({ changed_since }: { changed_since?: string }) =>
  ({ changedAt }: { changedAt?: string }): boolean =>
    !changed_since || changedAt === undefined || Date.parse(changedAt) >= Date.parse(changed_since);

/** A page of what is held, in ascending order of a key that is unique in it. */
function page<T>(items: readonly T[], query: PageQuery, keyOf: (item: T) => string): Page<T> {
  const { page_token, page_size = DEFAULT_PAGE_SIZE } = query;
  const after = pagePosition<string>(page_token, (value) => typeof value === 'string');
  const rest = items
    .filter((item) => after === undefined || keyOf(item) > after)
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return toPage(rest, page_size, keyOf, (item) => item);
}
