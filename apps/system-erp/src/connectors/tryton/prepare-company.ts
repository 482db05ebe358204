import type { LegalEntity } from '@concord/canonical';
import type { TrytonRecords } from '@concord/tryton';
import { one } from './books-to-prepare.js';

/** The company of a legal entity, in the sight of the user. */
export async function prepareCompany(
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
