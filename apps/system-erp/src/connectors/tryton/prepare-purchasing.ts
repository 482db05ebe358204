/**
 * Makes in Tryton what buying needs there and what is missing: the category of suppliers, types that let a supplier's
 * invoice credit what is owed and debit what was received, and items that can be bought. What is there stays as it is,
 * the types of those two accounts aside, so that it can be run again at any time.
 */
import type { ErpItem } from '@concord/canonical';
import { toWireDecimal, type TrytonRecords } from '@concord/tryton';
import type { Binding } from './tryton-erp.config.js';

/** How many decimals of a unit are counted. */
const PRECISION = { digits: 6, rounding: 0.000001 };

/** @param items what is to be bought; those that are there already are only made fit for it */
export async function preparePurchasing(
  tryton: TrytonRecords,
  binding: Binding,
  items: readonly ErpItem[] = [],
): Promise<string[]> {
  const made: string[] = [];
  await prepareCategories(tryton, binding, made);
  for (const [legalEntity, partyCode] of binding.legalEntities) {
    const company = await tryton.first('company.company', [['party.code', '=', partyCode]], ['party.code']);
    if (!company) throw new Error(`Tryton has no company ${partyCode}: prepare the books first`);
    await prepareAccounts(tryton, binding, legalEntity, company.id, made);
  }
  await prepareItems(tryton, items, made);
  return made;
}

async function prepareCategories(tryton: TrytonRecords, binding: Binding, made: string[]): Promise<void> {
  for (const name of [binding.suppliers, binding.blockedSuppliers]) {
    if (await tryton.first('party.category', [['name', '=', name]], ['name'])) continue;
    await tryton.create('party.category', [{ name }]);
    made.push(`category ${name} of parties`);
  }
}

interface WireAccount {
  readonly name: string;
  readonly 'type.': { readonly id: number; readonly parent: number | null; payable: boolean; debt: boolean };
}

async function prepareAccounts(
  tryton: TrytonRecords,
  { accounts, payableAccount, receivedAccount }: Binding,
  legalEntity: string,
  company: number,
  made: string[],
): Promise<void> {
  const context = { company };
  const find = (code: string) => {
    const own = [
      ['company', '=', company],
      ['code', '=', accounts.theirs(code)],
    ];
    const fields = ['name', 'type.parent', 'type.payable', 'type.debt'];
    return tryton.first<WireAccount>('account.account', own, fields, { context });
  };
  const payable = await find(payableAccount);
  if (payable && !payable['type.'].payable) {
    const own = [
      ['company', '=', company],
      ['payable', '=', true],
    ];
    const type = await tryton.first('account.account.type', own, ['name'], { context });
    if (!type) throw new Error(`Tryton has no type of payable accounts in the books of ${legalEntity}`);
    await tryton.write('account.account', payable.id, { type: type.id, reconcile: true }, context);
    made.push(`type of account ${payableAccount} of ${legalEntity}`);
  }
  const received = await find(receivedAccount);
  if (received && !received['type.'].debt) {
    const own = [
      ['company', '=', company],
      ['debt', '=', true],
      ['assets', '=', false],
    ];
    const type = await tryton.first('account.account.type', own, ['name'], { context });
    const values = { name: received.name, company, statement: 'balance', assets: false, debt: true };
    const [fresh] = type
      ? [type.id]
      : await tryton.create('account.account.type', [{ ...values, parent: received['type.'].parent }], context);
    await tryton.write('account.account', received.id, { type: fresh }, context);
    made.push(`type of account ${receivedAccount} of ${legalEntity}`);
  }
}

interface WireProduct {
  readonly code: string;
  readonly default_uom: number;
  readonly 'template.': { readonly id: number; readonly purchasable: boolean | null };
}

async function prepareItems(tryton: TrytonRecords, items: readonly ErpItem[], made: string[]): Promise<void> {
  const codes = items.map(({ id }) => id);
  const there = await tryton.all<WireProduct>(
    'product.product',
    [['code', 'in', codes]],
    ['code', 'default_uom', 'template.purchasable'],
  );
  const known = new Map(there.map((product) => [product.code, product]));
  const missing = items.filter(({ id }) => !known.has(id));
  for (const item of missing) await makeItem(tryton, item);
  if (missing.length) made.push(`${missing.length} items to buy`);
  const unfit = there.filter((product) => !product['template.'].purchasable);
  for (const { default_uom, 'template.': template } of unfit)
    await tryton.write('product.template', template.id, { purchasable: true, purchase_uom: default_uom });
  if (unfit.length) made.push(`leave to buy ${unfit.length} items`);
}

async function makeItem(tryton: TrytonRecords, { id: code, name, kind, unit, standardCost }: ErpItem): Promise<void> {
  const amount = toWireDecimal(standardCost.amount);
  const uom = await unitOf(tryton, code, unit);
  const [template] = await tryton.create('product.template', [
    {
      code,
      name,
      type: kind === 'service' ? 'service' : 'goods',
      consumable: kind === 'consumable',
      default_uom: uom,
      purchase_uom: uom,
      purchasable: true,
      list_price: amount,
      cost_price_method: 'fixed',
      products: [['create', [{}]]],
    },
  ]);
  const product = await tryton.first('product.product', [['template', '=', template]], ['code']);
  if (product) await tryton.write('product.product', product.id, { cost_price: amount });
}

/** In a category of the item's own, as what is kept in stock has it. */
async function unitOf(tryton: TrytonRecords, item: string, name: string): Promise<number | undefined> {
  const own = [
    ['category.name', '=', item],
    ['name', '=', name],
  ];
  const found = await tryton.first('product.uom', own, ['name']);
  if (found) return found.id;
  const [category] = await tryton.create('product.uom.category', [{ name: item }]);
  const values = { name, symbol: name, category, factor: 1, rate: 1, ...PRECISION };
  return (await tryton.create('product.uom', [values]))[0];
}
