/** The records of Tryton that its books are made of, of all companies in one reading. */
import { STAMPS, type Stamped, type TrytonRecords } from '@concord/tryton';
import type { WireAccountType, WirePeriod } from './structure.mapping.js';
import type { Binding } from './tryton-erp.config.js';

export type WireCompany = Stamped & {
  'party.': { code: string; name: string };
  'currency.': { id: number; code: string };
};
export type WireAccount = Stamped & { code: string; name: string; type: number };
export type WireAnalytic = Stamped & { code: string; name: string; note: string | null; root: number };

export interface Wire {
  readonly types: readonly Owned<WireAccountType>[];
  readonly accounts: readonly Owned<WireAccount>[];
  readonly analytic: readonly Owned<WireAnalytic>[];
  readonly periods: readonly Owned<WirePeriod>[];
}

export type Owned<T> = T & { readonly id: number; readonly company: number };

/** The companies with these party codes that the user may see. */
export const readCompanies = (tryton: TrytonRecords, partyCodes: readonly string[]) =>
  tryton.all<WireCompany>(
    'company.company',
    [['party.code', 'in', partyCodes]],
    ['party.code', 'party.name', 'currency.code', ...STAMPS],
  );

/** What the books of all companies are made of. */
export async function readWire(
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
