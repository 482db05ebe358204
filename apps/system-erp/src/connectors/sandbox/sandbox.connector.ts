/**
 * A small real ledger in Postgres, for development, tests and demonstrations. It checks what a real one checks, refuses in
 * the same words, and fails on demand.
 */
import type { OnModuleInit } from '@nestjs/common';
import { Problem } from '@concord/canonical';
import type {
  Account,
  CostCenter,
  FiscalPeriod,
  JournalEntry,
  LegalEntity,
  NewJournalEntry,
  NewReversal,
  Page,
  PageQuery,
} from '@concord/canonical';
import type { Clock } from '@concord/api';
import { migrate, type Database } from '@concord/database';
import type { FaultInjection } from '@concord/resilience';
import { ErpConnector } from '../../connector.js';
import type { CostCenterQuery, FiscalPeriodQuery, JournalEntryQuery } from '../../queries.js';
import { FiscalCalendar } from './fiscal-calendar.js';
import { Journal } from './journal.store.js';
import { loadLedgerStructure, seedLedgerStructure, type LedgerStructure } from './ledger-structure.store.js';
import { migrations } from './migrations.js';
import { pageOfList } from './page-of-list.js';
import { refusalOf, sumOf } from './posting-rules.js';

export class SandboxConnector extends ErpConnector implements OnModuleInit {
  private readonly journal: Journal;
  private structure!: LedgerStructure;
  private calendar!: FiscalCalendar;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly faults: FaultInjection,
  ) {
    super();
    this.journal = new Journal(database);
  }

  /** Makes the schema and fills it with the synthetic health system. */
  async onModuleInit(): Promise<void> {
    await migrate(this.database, 'sandbox-erp', migrations);
    await seedLedgerStructure(this.database);
    this.structure = await loadLedgerStructure(this.database);
    this.calendar = new FiscalCalendar(this.structure.periodOverrides, this.clock);
  }

  override listLegalEntities(query: PageQuery): Promise<Page<LegalEntity>> {
    return this.held('listLegalEntities', query, () => [...this.structure.legalEntities.values()], codeOf);
  }

  override listCostCenters(query: CostCenterQuery): Promise<Page<CostCenter>> {
    const { facility, service_line, legal_entity } = query;
    const asked = (center: CostCenter) =>
      (!facility || center.facility === facility) &&
      (!service_line || center.serviceLine === service_line) &&
      (!legal_entity || center.legalEntity === legal_entity);
    return this.held('listCostCenters', query, () => [...this.structure.costCenters.values()].filter(asked), codeOf);
  }

  override listAccounts(query: PageQuery): Promise<Page<Account>> {
    return this.held('listAccounts', query, () => [...this.structure.accounts.values()], codeOf);
  }

  override listFiscalPeriods(query: FiscalPeriodQuery): Promise<Page<FiscalPeriod>> {
    const { legal_entity, status, date } = query;
    const entities = [...this.structure.legalEntities.keys()].filter((code) => !legal_entity || code === legal_entity);
    const periods = () =>
      entities
        .flatMap((entity) => (date ? [this.calendar.periodOf(entity, date)] : this.calendar.periodsOf(entity)))
        .filter((period) => !status || period.status === status);
    return this.held('listFiscalPeriods', query, periods, ({ legalEntity, code }) => `${legalEntity}/${code}`);
  }

  override createJournalEntry(businessKey: string, entry: NewJournalEntry): Promise<JournalEntry> {
    return this.faults.around('createJournalEntry', () => this.post(businessKey, entry));
  }

  override readJournalEntry(id: string): Promise<JournalEntry> {
    return this.faults.around('readJournalEntry', () => this.find(id));
  }

  override listJournalEntries(query: JournalEntryQuery): Promise<Page<JournalEntry>> {
    return this.faults.around('listJournalEntries', () => this.journal.list(query));
  }

  override reverseJournalEntry(businessKey: string, id: string, reversal: NewReversal): Promise<JournalEntry> {
    return this.faults.around('reverseJournalEntry', () => this.reverse(businessKey, id, reversal));
  }

  /** A refusal is the last word only where the business key was not posted before. */
  private async post(businessKey: string, entry: NewJournalEntry, reverses?: string): Promise<JournalEntry> {
    const refusal = refusalOf(entry, this.structure, this.calendar);
    if (!refusal) {
      const total = sumOf(entry.lines, 'debit', entry.lines[0]!.amount.currency);
      const posting = { ...entry, reverses, total, postedAt: this.clock().toISOString() };
      const number = await this.journal.post({ ...posting, businessKey });
      if (number) return { ...posting, id: number, number, status: 'posted' };
    }
    const first = await this.journal.readByBusinessKey(businessKey);
    if (first) return first;
    throw refusal ?? (await this.reversedAlready(reverses));
  }

  private async reverse(businessKey: string, id: string, reversal: NewReversal): Promise<JournalEntry> {
    const entry = await this.find(id);
    const { legalEntity, reference, reverses } = entry;
    if (reverses) throw new Problem('conflict', 'A reversal is not reversed', { context: { reverses } });
    const lines = entry.lines.map((line) => ({ ...line, side: OTHER_SIDE[line.side] }));
    const { reason: description, accountingDate = this.calendar.today() } = reversal;
    const swapped = { legalEntity, accountingDate, reference, description, lines };
    return this.post(`reversal of ${id}: ${businessKey}`, swapped, id);
  }

  private async find(id: string): Promise<JournalEntry> {
    const entry = await this.journal.read(id);
    if (!entry) throw new Problem('not-found', 'There is no such journal entry');
    return entry;
  }

  private async reversedAlready(id = ''): Promise<Problem> {
    const { reversedBy = '' } = await this.find(id);
    return new Problem('conflict', 'The entry is reversed already', { context: { journalEntry: id, reversedBy } });
  }

  /** A page of what the connector holds in memory. */
  private held<T>(operation: string, query: PageQuery, items: () => T[], keyOf: (item: T) => string): Promise<Page<T>> {
    return this.faults.around(operation, async () => pageOfList(items(), query, keyOf));
  }
}

const OTHER_SIDE = { debit: 'credit', credit: 'debit' } as const;

const codeOf = ({ code }: { code: string }): string => code;
