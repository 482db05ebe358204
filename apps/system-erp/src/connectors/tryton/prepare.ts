/**
 * Makes in Tryton what Concord needs there and what is missing: companies with a chart, accounts, fiscal years with their
 * months, cost centers and a journal. What is there stays as it is, so that it can be run again at any time; an operator
 * runs it when an ERP is bound, and when the chart has grown. Its user needs the right to administer accounting.
 */
import type { Account, CostCenter, LegalEntity } from '@concord/canonical';
import { toWireDay, type TrytonRecords } from '@concord/tryton';
import { noteOf } from './structure.mapping.js';
import type { Binding } from './tryton-erp.config.js';

/** What is to be there, in canonical words, as the lists of an ERP API answer it. */
export interface ReferenceChart {
  readonly legalEntities: readonly LegalEntity[];
  readonly accounts: readonly Account[];
  readonly costCenters: readonly CostCenter[];
  /** Calendar years of which the months are fiscal periods, for example 2026. */
  readonly years: readonly number[];
}

/** Tells what was made, one sentence each; none where all was there. */
export async function prepareTryton(tryton: TrytonRecords, binding: Binding, chart: ReferenceChart): Promise<string[]> {
  const made: string[] = [];
  for (const entity of chart.legalEntities) {
    const partyCode = binding.legalEntities.get(entity.code);
    if (partyCode === undefined) continue; // its books are kept elsewhere
    const company = await prepareCompany(tryton, entity, partyCode, made);
    const books: BooksToPrepare = { tryton, binding, entity, company, context: { company }, made };
    await prepareChart(books);
    await prepareJournal(books, binding.journal, 'general');
    await prepareJournal(books, binding.invoiceJournal, 'expense');
    await prepareAccounts(books, chart.accounts);
    for (const year of chart.years) await prepareYear(books, year);
    await prepareCostCenters(
      books,
      chart.costCenters.filter(({ legalEntity }) => legalEntity === entity.code),
    );
  }
  return made;
}

interface BooksToPrepare {
  readonly tryton: TrytonRecords;
  readonly binding: Binding;
  readonly entity: LegalEntity;
  readonly company: number;
  readonly context: { readonly company: number };
  readonly made: string[];
}

async function prepareCompany(
  tryton: TrytonRecords,
  { code, name, currency }: LegalEntity,
  partyCode: string,
  made: string[],
): Promise<number> {
  const found = await tryton.first('company.company', [['party.code', '=', partyCode]], ['party.code']);
  const company = found?.id ?? (await makeCompany());
  const user = await tryton.client.userId();
  const sees = [
    ['id', '=', user],
    ['companies', '=', company],
    ['company_filter', '=', 'all'],
  ];
  if (!(await tryton.first('res.user', sees, ['login']))) {
    await tryton.write('res.user', user, { companies: [['add', [company]]], company_filter: 'all' });
    await tryton.client.forget(); // what a user may see is kept with its session
    made.push(`sight of company ${partyCode} for the user`);
  }
  return company;

  async function makeCompany(): Promise<number> {
    const money = await tryton.first('currency.currency', [['code', '=', currency]], ['code']);
    if (!money) throw new Error(`Tryton has no currency ${currency}: import the currencies there first`);
    const party = await tryton.first('party.party', [['code', '=', partyCode]], ['code']);
    const partyId =
      party?.id ?? (await one(tryton, 'party.party', { name, code: partyCode, addresses: [['create', [{}]]] }));
    made.push(`company ${partyCode} for ${code}`);
    return one(tryton, 'company.company', { party: partyId, currency: money.id });
  }
}

/** The first chart of accounts that Tryton offers, where the company has none: it brings the types of accounts. */
async function prepareChart({ tryton, entity, company, context, made }: BooksToPrepare): Promise<void> {
  if (await tryton.first('account.account', [['company', '=', company]], ['name'], { context })) return;
  const template = await tryton.first('account.account.template', [['parent', '=', null]], ['name']);
  if (!template) throw new Error('Tryton offers no chart of accounts: activate a module that does, such as account');
  const wizard = 'wizard.account.create_chart';
  const [session] = await tryton.client.effect<[string]>(`${wizard}.create`, [], context);
  const step = (data: object, state: string) =>
    tryton.client.effect(`${wizard}.execute`, [session, data, state], context);
  await step({ account: { company, account_template: template.id } }, 'create_account');
  const typed = async (flag: string) =>
    (
      await tryton.first(
        'account.account',
        [
          ['company', '=', company],
          [`type.${flag}`, '=', true],
        ],
        ['name'],
        { context },
      )
    )?.id ?? null;
  const properties = {
    company,
    account_receivable: await typed('receivable'),
    account_payable: await typed('payable'),
    category_account_expense: await typed('expense'),
    category_account_revenue: await typed('revenue'),
  };
  await step({ properties }, 'create_properties');
  await tryton.client.effect(`${wizard}.delete`, [session], context);
  made.push(`chart of accounts of ${entity.code}`);
}

interface AccountType {
  readonly name: string;
  readonly parent: number | null;
}

/** Which of Tryton's account types an account of ours gets; the deepest of those that match. */
const TYPE_OF_KIND = (equityType: string) =>
  ({
    asset: [
      ['statement', '=', 'balance'],
      ['assets', '=', true],
      ['receivable', '=', false],
      ['stock', '=', false],
    ],
    liability: [
      ['statement', '=', 'balance'],
      ['assets', '=', false],
      ['payable', '=', false],
      ['debt', '=', false],
      ['name', '!=', equityType],
    ],
    equity: [
      ['statement', '=', 'balance'],
      ['assets', '=', false],
      ['name', '=', equityType],
    ],
    revenue: [
      ['statement', '=', 'income'],
      ['revenue', '=', true],
    ],
    expense: [
      ['statement', '=', 'income'],
      ['expense', '=', true],
    ],
  }) as const satisfies Record<Account['kind'], unknown>;

async function prepareAccounts(books: BooksToPrepare, accounts: readonly Account[]): Promise<void> {
  const { tryton, binding, entity, company, context, made } = books;
  const own = ['company', '=', company];
  const there = await tryton.all<{ code: string }>('account.account', [own, ['code', '!=', null]], ['code'], context);
  const known = new Set(there.map(({ code }) => code));
  const missing = accounts.filter(({ code }) => !known.has(binding.accounts.theirs(code)));
  const typeFor = new Map<Account['kind'], number>();
  for (const kind of new Set(missing.map(({ kind }) => kind))) {
    const fitting = TYPE_OF_KIND(binding.equityType)[kind];
    const types = await tryton.all<AccountType>('account.account.type', [own, ...fitting], ['name', 'parent'], context);
    const type = deepest(types);
    if (!type) throw new Error(`Tryton has no account type for ${kind} accounts in the books of ${entity.code}`);
    typeFor.set(kind, type.id);
  }
  const values = missing.map(({ code, name, kind }) => ({
    code: binding.accounts.theirs(code),
    name,
    company,
    type: typeFor.get(kind),
    reconcile: false,
    party_required: false,
  }));
  if (!values.length) return;
  await tryton.create('account.account', values, context);
  made.push(`${values.length} accounts of ${entity.code}`);
}

/** The type that is furthest from the root among these; the first of equals. */
function deepest(types: readonly (AccountType & { id: number })[]): (AccountType & { id: number }) | undefined {
  const byId = new Map(types.map((type) => [type.id, type]));
  const depth = (type: AccountType): number => {
    const above = byId.get(type.parent ?? 0);
    return above ? 1 + depth(above) : 0;
  };
  return [...types].sort((a, b) => depth(b) - depth(a) || a.id - b.id)[0];
}

/** A calendar year, its months, and the numbers of what is posted and invoiced in it. */
async function prepareYear({ tryton, entity, company, context, made }: BooksToPrepare, year: number): Promise<void> {
  const [start_date, end_date] = [toWireDay(`${year}-01-01`), toWireDay(`${year}-12-31`)];
  const overlapping = [
    ['company', '=', company],
    ['start_date', '<=', end_date],
    ['end_date', '>=', start_date],
  ];
  if (await tryton.first('account.fiscalyear', overlapping, ['name'], { context })) return;
  const name = `${entity.code} ${year}`;
  const typeOf = async (name: string) => (await tryton.first('ir.sequence.type', [['name', '=', name]], ['name']))?.id;
  const sequence = { company, padding: 6 };
  const moves = await typeOf('Account Move');
  const invoices = await typeOf('Invoice');
  const post_move_sequence = await one(
    tryton,
    'ir.sequence',
    { ...sequence, name: `Posted ${name}`, sequence_type: moves, prefix: `${entity.code}-${year}-` },
    context,
  );
  const strict = (kind: string, letters: string) =>
    one(
      tryton,
      'ir.sequence.strict',
      { ...sequence, name: `${kind} ${name}`, sequence_type: invoices, prefix: `${letters}-${entity.code}-${year}-` },
      context,
    );
  const invoiceSequences = {
    company,
    out_invoice_sequence: await strict('Customer invoice', 'CI'),
    out_credit_note_sequence: await strict('Customer credit', 'CC'),
    in_invoice_sequence: await strict('Supplier invoice', 'SI'),
    in_credit_note_sequence: await strict('Supplier credit', 'SC'),
  };
  const values = { name, company, start_date, end_date, post_move_sequence };
  const withInvoices = { ...values, invoice_sequences: [['create', [invoiceSequences]]] };
  const fiscalYear = await one(tryton, 'account.fiscalyear', withInvoices, context);
  await tryton.press('account.fiscalyear', 'create_period', [fiscalYear], context);
  made.push(`fiscal year ${name}`);
}

async function prepareCostCenters(books: BooksToPrepare, centers: readonly CostCenter[]): Promise<void> {
  const { tryton, binding, entity, company, context, made } = books;
  const model = 'analytic_account.account';
  const own = ['company', '=', company];
  const name = binding.costCenterRoot;
  const found = await tryton.first(model, [own, ['type', '=', 'root'], ['name', '=', name]], ['name'], { context });
  const root = found?.id ?? (await one(tryton, model, { name, type: 'root', company, state: 'opened' }, context));
  const there = await tryton.all<{ code: string; note: string | null }>(
    model,
    [own, ['root', '=', root], ['type', '=', 'normal']],
    ['code', 'note'],
    context,
  );
  const known = new Map(there.map((center) => [center.code, center]));
  const missing = centers.filter(({ code }) => !known.has(binding.costCenters.theirs(code)));
  if (missing.length) {
    const values = missing.map((center) => ({
      code: binding.costCenters.theirs(center.code),
      name: center.name,
      note: noteOf(center),
      type: 'normal',
      state: 'opened',
      root,
      parent: root,
      company,
    }));
    await tryton.create(model, values, context);
    made.push(`${missing.length} cost centers of ${entity.code}`);
  }
  for (const center of centers) {
    const bound = known.get(binding.costCenters.theirs(center.code));
    if (!bound || bound.note) continue;
    await tryton.write(model, bound.id, { note: noteOf(center) }, context);
    made.push(`dimensions of cost center ${center.code}`);
  }
}

/** The journal is the same for all companies, the sequence of its numbers is set for each. */
async function prepareJournal(
  { tryton, entity, context, made }: BooksToPrepare,
  code: string,
  type: 'general' | 'expense',
): Promise<void> {
  const byCode = [['code', '=', code]];
  const model = 'account.journal';
  const found = await tryton.first<{ sequence: number | null }>(model, byCode, ['sequence'], { context });
  if (found?.sequence) return;
  const [sequence_type] = await tryton.find('ir.sequence.type', [['name', '=', 'Account Journal']], ['name']);
  const name = `Journal ${code}`;
  const sequences = await tryton.find('ir.sequence', [['name', '=', name]], ['name'], { context });
  const sequence =
    sequences[0]?.id ??
    (await one(tryton, 'ir.sequence', { name, sequence_type: sequence_type?.id, company: null }, context));
  if (found) await tryton.write(model, found.id, { sequence }, context);
  else await one(tryton, model, { name: type === 'general' ? 'Concord' : 'Suppliers', code, type, sequence }, context);
  made.push(`journal ${code} in the books of ${entity.code}`);
}

async function one(tryton: TrytonRecords, model: string, values: object, context = {}): Promise<number> {
  const [id] = await tryton.create(model, [values], context);
  if (id === undefined) throw new Error(`Tryton made no ${model}`);
  return id;
}
