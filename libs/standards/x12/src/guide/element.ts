/**
 * The data types of elements (X12.6 §3.1), with their lengths and, where the guide closes the list, their codes. A type says
 * what is wrong with a text, in the words of SNIP level 1 (type and length) and 2 (codes).
 */
export type ElementFault = 'too-short' | 'too-long' | 'not-a-code' | 'not-a-date' | 'not-a-time' | 'not-a-number';

export interface ElementType {
  readonly kind: 'text' | 'code' | 'number' | 'decimal' | 'date' | 'time';
  readonly min: number;
  readonly max: number;
  readonly codes?: ReadonlySet<string>;
}

/** AN: text of `min` to `max` characters. */
export const an = (min: number, max: number): ElementType => ({ kind: 'text', min, max });
/** ID: a code of a list that is not closed here. */
export const id = (min: number, max: number): ElementType => ({ kind: 'code', min, max });
/** ID: one of these codes. */
export const oneOf = (...codes: readonly string[]): ElementType => {
  const lengths = codes.map((code) => code.length);
  return { kind: 'code', min: Math.min(...lengths), max: Math.max(...lengths), codes: new Set(codes) };
};
/** N0: a whole number. */
export const n0 = (max: number, min = 1): ElementType => ({ kind: 'number', min, max });
/** R: a decimal number; sign and point do not count as length. */
export const decimal = (max = 18): ElementType => ({ kind: 'decimal', min: 1, max });
/** DT: CCYYMMDD, and YYMMDD in 003040 and before. */
export const date: ElementType = { kind: 'date', min: 6, max: 8 };
/** TM: HHMM, HHMMSS, or with hundredths. */
export const time: ElementType = { kind: 'time', min: 4, max: 8 };

const NUMBER = /^-?\d+$/;
const DECIMAL = /^-?(?:\d+\.?\d*|\.\d+)$/;
const TIME = /^(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d(?:\d{1,2})?)?$/;

export function faultOf(type: ElementType, text: string): ElementFault | undefined {
  const { kind, min, max, codes } = type;
  if (kind === 'date') return isDate(text) ? undefined : 'not-a-date';
  if (kind === 'time') return TIME.test(text) ? undefined : 'not-a-time';
  if (kind === 'number' && !NUMBER.test(text)) return 'not-a-number';
  if (kind === 'decimal' && !DECIMAL.test(text)) return 'not-a-number';
  const length = kind === 'number' || kind === 'decimal' ? text.replace(/[-.]/g, '').length : text.length;
  if (length > max) return 'too-long';
  if (codes && !codes.has(text)) return 'not-a-code';
  return length < min ? 'too-short' : undefined;
}

function isDate(text: string): boolean {
  const parts = /^(\d{2}|\d{4})(\d{2})(\d{2})$/.exec(text);
  if (!parts) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
