import { sql, type RawBuilder } from 'kysely';

type ColumnType = 'text' | 'text[]' | 'int' | 'bigint' | 'numeric' | 'date' | 'timestamptz' | 'json' | 'jsonb';

/** The columns of a statement by name, with their types. */
export type Columns = Readonly<Record<string, ColumnType>>;

type Row = Readonly<Record<string, unknown>>;

/**
 * Rows to select from, in a statement whose text is the same for any number of them, so that Postgres plans it once:
 * `select id, lines from ${rowsOf({ id: 'text', lines: 'json' }, rows)} as given`. The column `ordinality` counts them.
 *
 * What is short travels as one JSON text. A document (`json`, `jsonb`) is given as it is, not as text, and travels beside
 * it, a line each: inside of that text Postgres would take apart every string in it before it reads it again, which costs
 * twice as much. Undefined is null, and what is in a row and not among the columns is not sent.
 */
export function rowsOf(columns: Columns, rows: readonly object[]): RawBuilder<unknown> {
  const { short, documents, selected, typed, sentAs } = shapeOf(columns);
  const lines = documents.map((name) => sql`, unnest(string_to_array(${linesOf(rows as Row[], name)}, e'\\n', ''))`);
  return sql`(
    select ${selected}, ordinality
    from rows from (json_to_recordset(${shortOf(rows as Row[], short)}) as (${typed})${sql.join(lines, sql``)})
      with ordinality as sent (${sentAs}))`;
}

interface Shape {
  readonly short: readonly string[];
  readonly documents: readonly string[];
  readonly selected: RawBuilder<unknown>;
  readonly typed: RawBuilder<unknown>;
  readonly sentAs: RawBuilder<unknown>;
}

/** Worked out once: a statement names its columns in a constant. */
const shapes = new WeakMap<Columns, Shape>();

function shapeOf(columns: Columns): Shape {
  const known = shapes.get(columns);
  if (known) return known;
  const all = Object.entries(columns);
  const short = all.filter(([, type]) => !isDocument(type));
  const documents = all.filter(([, type]) => isDocument(type)).map(([name]) => name);
  const listed = (parts: readonly string[]) => sql.raw(parts.join(', '));
  const shape = {
    short: short.map(([name]) => name),
    documents,
    selected: listed(all.map(([name, type]) => (isDocument(type) ? `${quoted(name)}::${type}` : quoted(name)))),
    typed: listed(short.map(([name, type]) => `${quoted(name)} ${type}`)),
    sentAs: listed([...short.map(([name]) => name), ...documents, 'ordinality'].map(quoted)),
  };
  shapes.set(columns, shape);
  return shape;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const isDocument = (type: ColumnType): boolean => type === 'json' || type === 'jsonb';

/** JSON has no line break of its own, and no text is empty: an empty line is null. */
const linesOf = (rows: readonly Row[], name: string): string =>
  rows.map((row) => (row[name] === null ? '' : (JSON.stringify(row[name]) ?? ''))).join('\n');

function shortOf(rows: readonly Row[], names: readonly string[]): string {
  const short = rows.map((row) => {
    const sent: Record<string, unknown> = {};
    for (const name of names) sent[name] = row[name];
    return sent;
  });
  return JSON.stringify(short);
}
