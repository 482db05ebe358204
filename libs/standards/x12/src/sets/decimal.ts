import { Decimal } from 'decimal.js';

/** Sums amounts as X12 writes them; what is no number counts as nothing, because its own finding says so already. */
export const sumOf = (amounts: readonly (string | undefined)[]): Decimal =>
  amounts.reduce((sum, amount) => sum.plus(numberOf(amount)), new Decimal(0));

export const numberOf = (amount: string | undefined): Decimal =>
  amount !== undefined && /^-?(?:\d+\.?\d*|\.\d+)$/.test(amount) ? new Decimal(amount) : new Decimal(0);
