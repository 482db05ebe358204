/** What no ERP is asked to buy. */
import { isZero, money, Problem, sameAmount, type Money } from '@concord/canonical';
import { Decimal } from 'decimal.js';
import type { KnownCodes } from './posting-rules.js';

interface Line {
  readonly item?: string;
  readonly quantity: string;
  readonly unitPrice: Money;
  readonly account: string;
  readonly costCenter: string;
}

/** Throws for the first line that names what the books do not know, or an amount that cannot be. */
export function checkLines(
  legalEntity: string,
  lines: readonly Line[],
  { legalEntities, accounts, costCenters }: KnownCodes,
) {
  const books = legalEntities.get(legalEntity);
  if (!books) throw unknown('Legal entity is not known', { legalEntity });
  for (const [index, { account, costCenter, quantity, unitPrice }] of lines.entries()) {
    if (!accounts.has(account)) throw unknown('Account is not known', { account });
    if (costCenters.get(costCenter)?.legalEntity !== legalEntity) {
      throw unknown('Cost center is not one of the legal entity', { costCenter, legalEntity });
    }
    checkPositive(quantity, `/lines/${index}/quantity`);
    checkMoney(unitPrice, books.currency, `/lines/${index}/unitPrice`);
  }
}

export function checkPositive(quantity: string, pointer: string): void {
  if (!new Decimal(quantity).greaterThan(0)) throw wrong(pointer, 'minimum', 'must be positive');
}

/** Positive, in whole cents, and in the currency of the books. */
export function checkMoney(amount: Money, currency: string, pointer: string): void {
  if (amount.currency !== currency) throw wrong(`${pointer}/currency`, 'currency', `must be ${currency}`);
  if (isZero(amount) || amount.amount.startsWith('-')) throw wrong(`${pointer}/amount`, 'minimum', 'must be positive');
  if (!sameAmount(money(amount.amount, currency), amount))
    throw wrong(`${pointer}/amount`, 'cents', 'must be in whole cents');
}

export const unknown = (detail: string, context: Record<string, string>) =>
  new Problem('unknown-code', detail, { context });

export const wrong = (pointer: string, code: string, detail: string) =>
  new Problem('validation-failed', `${pointer} ${detail}`, { errors: [{ pointer, code, detail }] });
