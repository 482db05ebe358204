/**
 * What Tryton's books are made of, as far as it is bound to ours: read when the connector starts and again when a minute
 * has passed, so that a period that was closed there is closed here soon. Whether a posting is really taken, Tryton says.
 */
import { Problem } from '@concord/canonical';
import type { Account, CostCenter, FiscalPeriod, LegalEntity } from '@concord/canonical';
import { changedAtOf, STAMPS, type Stamped, type TrytonRecords } from '@concord/tryton';
import type { KnownCodes } from '../posting-rules.js';
import { dimensionsOf, kindOf, periodOf, type WireAccountType, type WirePeriod } from './structure.mapping.js';
import type { Binding, Crosswalk } from './tryton-erp.config.js';

/** Something of ours, and the id that Tryton gave it. */
export interface Known<T> {
  readonly key: number;
  readonly value: T;
}

export interface KnownAccount extends Known<Account> {
  readonly inIncomeStatement: boolean;
  /** Holds what is owed to suppliers. */
  readonly isPayable: boolean;
  /** May be debited by a supplier's invoice. */
  readonly isInvoiced: boolean;
}

export interface Books {
  readonly company: number;
  readonly currency: number;
  readonly entity: LegalEntity;
  readonly accounts: ReadonlyMap<string, KnownAccount>;
  readonly costCenters: ReadonlyMap<string, Known<CostCenter>>;
  /** The analytic account above all cost centers. */
  readonly costCenterRoot: number;
  /** By first day. */
  readonly periods: readonly Known<FiscalPeriod>[];
}

export interface Structure {
  readonly journalId: number;
  /** Absent where Tryton has none of this code. */
  readonly invoiceJournalId: number | undefined;
  /** What Tryton can do; empty where the user may not see it. */
  readonly modules: ReadonlySet<string>;
  /** By legal entity. */
  readonly books: ReadonlyMap<string, Books>;
  readonly readAt: number;
}

type WireCompany = Stamped & { 'party.': { code: string; name: string }; 'currency.': { id: number; code: string } };
type WireAccount = Stamped & { code: string; name: string; type: number };
type WireAnalytic = Stamped & { code: string; name: string; note: string | null; root: number };

/** Throws one error that names all that Tryton does not have. */
export async function readStructure(tryton: TrytonRecords, binding: Binding, now: number): Promise<Structure> {
  const faults: string[] = [];
  const { journal: posted, invoiceJournal: bills } = binding;
  const journals = await tryton.find<{ code: string; type: string }>(
    'account.journal',
    [['code', 'in', [posted, bills]]],
    ['code', 'type'],
  );
  const journal = journals.find(({ code }) => code === posted);
  if (!journal) faults.push(`there is no journal ${posted} (TRYTON_JOURNAL)`);
  const invoiceJournal = journals.find(({ code, type }) => code === bills && type === 'expense');
  const partyCodes = [...binding.legalEntities.values()];
  const companies = await tryton.all<WireCompany>(
    'company.company',
    [['party.code', 'in', partyCodes]],
    ['party.code', 'party.name', 'currency.code', ...STAMPS],
  );
  const wire = await readWire(tryton, binding, companies);
  const books = new Map<string, Books>();
  for (const [code, partyCode] of binding.legalEntities) {
    const company = companies.find((one) => one['party.'].code === partyCode);
    if (!company) {
      faults.push(`there is no company ${partyCode} that the user may see, for ${code} (TRYTON_LEGAL_ENTITIES)`);
      continue;
    }
    const ledger = booksOf(binding, code, company, wire);
    if (!ledger.accounts.size) faults.push(`${code} has no accounts with a number`);
    if (!ledger.costCenters.size)
      faults.push(`${code} has no cost centers below ${binding.costCenterRoot} (TRYTON_COST_CENTER_ROOT)`);
    if (!ledger.periods.length) faults.push(`${code} has no fiscal periods`);
    books.set(code, ledger);
  }
  if (binding.legalEntities.size > 1 && !(await seesAllCompanies(tryton))) {
    faults.push('the user sees the records of one company at a time: its company filter must be All');
  }
  if (faults.length || !journal) throw new BindingFault(faults);
  const modules = await activeModules(tryton);
  return { journalId: journal.id, invoiceJournalId: invoiceJournal?.id, modules, books, readAt: now };
}

/** Tryton is there, but lacks what the settings name; `tools/prepare-tryton.mjs` makes it. */
export class BindingFault extends Error {
  constructor(faults: readonly string[]) {
    super(`Tryton is not ready for Concord: ${faults.join('; ')}. See docs/guides/tryton.md on how to prepare it.`);
    this.name = 'BindingFault';
  }
}

async function seesAllCompanies(tryton: TrytonRecords): Promise<boolean> {
  const user = await tryton.client.userId();
  return !!(await tryton.first(
    'res.user',
    [
      ['id', '=', user],
      ['company_filter', '=', 'all'],
    ],
    ['login'],
  ));
}

async function activeModules(tryton: TrytonRecords): Promise<ReadonlySet<string>> {
  const active = await tryton.all<{ name: string }>('ir.module', [['state', '=', 'activated']], ['name']);
  return new Set(active.map(({ name }) => name));
}

interface Wire {
  readonly types: readonly Owned<WireAccountType>[];
  readonly accounts: readonly Owned<WireAccount>[];
  readonly analytic: readonly Owned<WireAnalytic>[];
  readonly periods: readonly Owned<WirePeriod>[];
}

type Owned<T> = T & { readonly id: number; readonly company: number };

/** What the books of all companies are made of. */
async function readWire(
  tryton: TrytonRecords,
  { costCenterRoot }: Binding,
  companies: readonly { readonly id: number }[],
): Promise<Wire> {
  const own = ['company', 'in', companies.map(({ id }) => id)];
  const [types, accounts, analytic, periods] = await Promise.all([
    tryton.all<Owned<WireAccountType>>(
      'account.account.type',
      [own],
      ['company', 'name', 'parent', 'statement', 'assets', 'revenue', 'expense', 'payable', 'debt'],
    ),
    tryton.all<Owned<WireAccount>>(
      'account.account',
      [own, ['code', '!=', null], ['type', '!=', null], ['closed', '=', false]],
      ['company', 'code', 'name', 'type', ...STAMPS],
    ),
    tryton.all<Owned<WireAnalytic>>(
      'analytic_account.account',
      [
        own,
        ['root.name', '=', costCenterRoot],
        ['type', '=', 'normal'],
        ['state', '=', 'opened'],
        ['code', '!=', null],
      ],
      ['company', 'code', 'name', 'note', 'root', ...STAMPS],
    ),
    tryton.all<Owned<WirePeriod>>(
      'account.period',
      [own, ['type', '=', 'standard']],
      ['company', 'start_date', 'end_date', 'state', ...STAMPS],
    ),
  ]);
  return { types, accounts, analytic, periods };
}

function booksOf(
  { accounts: accountNumbers, costCenters: centerCodes, equityType }: Binding,
  legalEntity: string,
  company: WireCompany & { id: number },
  wire: Wire,
): Books {
  const ownOf = <T>(records: readonly Owned<T>[]) => records.filter((record) => record.company === company.id);
  const [types, accounts] = [ownOf(wire.types), ownOf(wire.accounts)];
  const [analytic, periods] = [ownOf(wire.analytic), ownOf(wire.periods)];
  const typeOf = new Map(types.map((type) => [type.id, type]));
  return {
    company: company.id,
    currency: company['currency.'].id,
    entity: {
      code: legalEntity,
      name: company['party.'].name,
      currency: company['currency.'].code,
      changedAt: changedAtOf(company),
    },
    accounts: byCode(
      accounts.flatMap((account) => {
        const type = typeOf.get(account.type);
        const kind = type && kindOf(type, typeOf, equityType);
        const { id, code, name } = account;
        if (!kind || !isBound(accountNumbers, code)) return [];
        const value = { code: accountNumbers.ours(code), name, kind, changedAt: changedAtOf(account) };
        const inIncomeStatement = type.statement === 'income';
        return [{ key: id, value, inIncomeStatement, isPayable: type.payable, isInvoiced: type.expense || type.debt }];
      }),
    ),
    costCenterRoot: analytic[0]?.root ?? 0,
    costCenters: byCode(
      analytic.flatMap((center) => {
        const dimensions = dimensionsOf(center.note);
        const { id, code, name } = center;
        if (!dimensions || !isBound(centerCodes, code)) return [];
        const value = {
          code: centerCodes.ours(code),
          name,
          legalEntity,
          ...dimensions,
          changedAt: changedAtOf(center),
        };
        return [{ key: id, value }];
      }),
    ),
    periods: periods
      .map((period) => ({ key: period.id, value: periodOf(legalEntity, period) }))
      .sort(({ value: a }, { value: b }) => (a.startsOn < b.startsOn ? -1 : 1)),
  };
}

/** Not where our code of the same name is bound to another one of theirs. */
const isBound = ({ ours, theirs }: Crosswalk, code: string): boolean => theirs(ours(code)) === code;

/** In ascending order of the code. */
const byCode = <T extends Known<{ code: string }>>(rows: readonly T[]): ReadonlyMap<string, T> =>
  new Map(rows.map((row) => [row.value.code, row] as const).sort(([a], [b]) => (a < b ? -1 : 1)));

const FRESH_MS = 60_000;

/** The structure as it was within the last minute; read by one for all who wait. */
export class StructureCache {
  private held: Structure | undefined;
  private reading: Promise<Structure> | undefined;

  constructor(
    private readonly tryton: TrytonRecords,
    private readonly binding: Binding,
    private readonly now: () => number,
  ) {}

  async get(): Promise<Structure> {
    if (this.held && this.now() - this.held.readAt < FRESH_MS) return this.held;
    return this.refresh();
  }

  refresh(): Promise<Structure> {
    this.reading ??= readStructure(this.tryton, this.binding, this.now())
      .then((structure) => (this.held = structure))
      .finally(() => (this.reading = undefined));
    return this.reading;
  }

  /** What was read last, if anything was. */
  get last(): Structure | undefined {
    return this.held;
  }

  async books(legalEntity: string): Promise<Books> {
    const books = (await this.get()).books.get(legalEntity);
    if (books) return books;
    throw new Problem('unknown-code', 'Legal entity is not known', { context: { legalEntity } });
  }
}

/** Our codes in all books, as the rules for what is bought want them. */
export function knownCodes({ books }: Structure): KnownCodes {
  const all = [...books.values()];
  const merged = <T extends { code: string }>(of: (ledger: Books) => Iterable<Known<T>>) =>
    new Map(all.flatMap((ledger) => [...of(ledger)].map(({ value }) => [value.code, value] as const)));
  return {
    legalEntities: new Map(all.map(({ entity }) => [entity.code, entity])),
    accounts: merged(({ accounts }) => accounts.values()),
    costCenters: merged(({ costCenters }) => costCenters.values()),
  };
}
