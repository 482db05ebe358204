/** Units as X12 element 355 writes them. */
import { Problem } from '@concord/canonical';

const CODES: Readonly<Record<string, string>> = {
  each: 'EA',
  box: 'BX',
  case: 'CA',
  pair: 'PR',
  vial: 'VI',
  syringe: 'SZ',
  dose: 'UN',
};

const UNITS: ReadonlyMap<string, string> = new Map(Object.entries(CODES).map(([unit, code]) => [code, unit]));

/** Throws `unknown-code` for a unit that X12 has no code for. */
export function unitCode(unit: string): string {
  const code = CODES[unit];
  if (!code) throw new Problem('unknown-code', 'The unit has no X12 code', { context: { unit } });
  return code;
}

/** Our word for a code; a code that we have no word for stays itself, so that nobody takes it for another unit. */
export const unitOf = (code: string | undefined): string | undefined => code && (UNITS.get(code) ?? code);
