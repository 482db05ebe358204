/** The books of one company, out of what Tryton's books are made of; what is not bound to ours is left out. */
import { changedAtOf } from '@concord/tryton';
import type { Books, Known } from './books.js';
import { dimensionsOf, kindOf, periodOf } from './structure.mapping.js';
import type { Owned, Wire, WireCompany } from './structure.wire.js';
import type { Binding, Crosswalk } from './tryton-erp.config.js';

export function booksOf(
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
