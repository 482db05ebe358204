import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';

/** A table of `crosswalks/`, each row by its column names. */
export function readTable(name: string): Record<string, string>[] {
  const file = path.join(import.meta.dirname, '../crosswalks', `${name}.csv`);
  return parse(fs.readFileSync(file), { columns: true, skip_empty_lines: true, trim: true });
}
