import { Decimal } from 'decimal.js';

/** A number of the sender as a canonical decimal: no exponent, at most 6 decimals. */
export const decimalOf = (value: Decimal.Value): string => new Decimal(value).toDecimalPlaces(6).toFixed();
