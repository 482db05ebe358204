import type { Account } from '@concord/canonical';
import type { BooksToPrepare } from './books-to-prepare.js';

/** The first chart of accounts that Tryton offers, where the company has none: it brings the types of accounts. */
export async function prepareChart({ tryton, entity, company, context, made }: BooksToPrepare): Promise<void> {
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

export async function prepareAccounts(books: BooksToPrepare, accounts: readonly Account[]): Promise<void> {
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
