/**
 * What a column's value is in TypeScript, where `pg` alone would lose something:
 *
 * | Postgres            | here                                                                             |
 * |---------------------|----------------------------------------------------------------------------------|
 * | bigint              | `number`; beyond ±(2^53 − 1) the query fails with a RangeError, never rounds      |
 * | numeric             | decimal string                                                                   |
 * | date                | `YYYY-MM-DD`, as a `Date` would move it to another day in another time zone       |
 * | timestamptz         | `Date`                                                                           |
 * | timestamp           | the text as stored; it names no moment, use timestamptz                          |
 *
 * Arrays of these follow the same rule. On the way in, an array becomes a Postgres array: pass `JSON.stringify(list)`
 * to a jsonb column.
 */
import pg from 'pg';

const { builtins } = pg.types;

/** The array types have no name in `pg`; these are their numbers in pg_type. */
const ARRAY_OF = { int8: 1016, timestamp: 1115, date: 1182, numeric: 1231, text: 1009 } as const;

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('A bigint column holds a value beyond 2^53 - 1');
  return value;
}

type Parser = (text: string) => unknown;

/** `pg` declares the numbers of the scalar types only; at run time it knows the arrays as well. */
const builtinParser = pg.types.getTypeParser as (oid: number, format?: string) => Parser;

const asText = (text: string): string => text;
const textArray = builtinParser(ARRAY_OF.text) as (text: string) => (string | null)[];

const PARSERS = new Map<number, Parser>([
  [builtins.INT8, safeInteger],
  [ARRAY_OF.int8, (text) => textArray(text).map((item) => (item === null ? null : safeInteger(item)))],
  [builtins.DATE, asText],
  [ARRAY_OF.date, textArray],
  [builtins.TIMESTAMP, asText],
  [ARRAY_OF.timestamp, textArray],
  [ARRAY_OF.numeric, textArray],
]);

/** The table above for one pool; nothing global is changed. */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: string) =>
    (format !== 'binary' && PARSERS.get(oid)) || builtinParser(oid, format)) as typeof pg.types.getTypeParser,
};
