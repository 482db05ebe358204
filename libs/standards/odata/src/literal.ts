/** Values as they stand in an OData URL (OData 4.01 ABNF, section 7). */

export type Primitive = string | number | boolean | null;

/** A text in quotes; a quote within it is doubled, so that no value can end the literal it stands in. */
export const textLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,12})?)?(Z|[+-]\d{2}:\d{2})$/;
const NUMBER = /^-?\d+(\.\d+)?$/;

/** A date or a moment, which stand without quotes. Throws a RangeError for anything else. */
export function dateLiteral(value: string): string {
  if (DATE.test(value) || INSTANT.test(value)) return value;
  throw new RangeError('is neither a date nor a moment of OData');
}

/** A value as the type of its property wants it. Throws a RangeError where it is none of that type. */
export function literal(type: string, value: Primitive): string {
  if (value === null) return 'null';
  if (type === 'Edm.Boolean') return value === true || value === 'true' ? 'true' : 'false';
  if (type === 'Edm.Date' || type === 'Edm.DateTimeOffset') return dateLiteral(String(value));
  if (type === 'Edm.String') return textLiteral(String(value));
  if (NUMBER.test(String(value))) return String(value);
  throw new RangeError(`is not a value of ${type}`);
}
