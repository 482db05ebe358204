/** Reads the lines of one file as the profile describes it. The first line names the columns. */
import { CODE, type ExtractFault } from '@concord/canonical';
import type { BadLine, Line } from '@concord/csv';
import { TOLD, type Told } from './fields.js';
import type { Column, Extract } from './profile.js';

/** A record as a line tells it, in the words of the canonical shapes. */
export type ToldRecord = { readonly id: string } & Readonly<Record<string, unknown>>;

/** What a line came to: a record, or what is wrong with it. A line may say neither: the columns, the trailer. */
export interface LineReading {
  readonly record?: ToldRecord;
  /** Whom a line names that cannot be used: told of, and to be left as it is. */
  readonly id?: string;
  readonly faults: readonly ExtractFault[];
}

const NOTHING: LineReading = { faults: [] };
const MOST_FAULTS_A_LINE = 20;

const fault = (place: string, code: string, detail: string): ExtractFault => ({
  place: place.slice(0, 200),
  code,
  detail,
});
const refused = (...faults: readonly ExtractFault[]): LineReading => ({ faults });

export class ExtractReader {
  /** Lines of records, good or bad. */
  lines = 0;
  /** A column that is needed is missing: no line can be read. */
  isUnusable = false;
  /** Whether all ids of the file are known, so that what is not among them is not told of. */
  namesAll = true;
  private readonly told: Told;
  private readonly constants: readonly (readonly [string, unknown])[];
  private columns: readonly (Column | undefined)[] | undefined;
  private names: readonly string[] = [];
  private claimed: number | undefined;
  private hasTrailer = false;

  constructor(
    private readonly extract: Extract,
    private readonly delimiter: string,
  ) {
    this.told = TOLD[extract.kind];
    this.constants = Object.entries(extract.constants ?? {}).map(([field, word]) => {
      const reading = this.told.fields[field]!(word, {});
      return [field, 'value' in reading ? reading.value : undefined];
    });
  }

  read(line: Line | BadLine): LineReading {
    if ('wrong' in line) {
      this.lines += 1;
      this.namesAll = false;
      return refused(fault(`line ${line.line}`, 'format', line.wrong));
    }
    if (!this.columns) return this.name(line);
    const { trailer } = this.extract;
    if (trailer && line.fields[0] === trailer.marker) return this.end(line, trailer.count);
    return this.readRecord(line, this.columns);
  }

  /** What is wrong with the file as a whole, once all its lines were read. */
  atEnd(): ExtractFault[] {
    const faults: ExtractFault[] = [];
    if (!this.columns) {
      this.isUnusable = true;
      faults.push(fault('line 1', 'structure', 'The file names no columns'));
    } else if (this.extract.trailer && !this.hasTrailer)
      faults.push(fault('trailer', 'structure', 'The trailer is missing: the file may be cut off'));
    if (this.claimed !== undefined && this.claimed !== this.lines)
      faults.push(fault('trailer', 'structure', `${this.claimed} lines are claimed, and ${this.lines} were found`));
    if (faults.length) this.namesAll = false;
    return faults;
  }

  private name({ line, fields }: Line): LineReading {
    this.names = fields.map((name) => name.trim());
    const { columns } = this.extract;
    this.columns = this.names.map((name) => (Object.hasOwn(columns, name) ? columns[name] : undefined));
    const isNeeded = ([name, { field }]: [string, Column]) =>
      this.told.required.includes(field) || this.extract.id.includes(name);
    const missing = Object.entries(columns).filter((column) => isNeeded(column) && !this.names.includes(column[0]));
    const twice = this.names.find((name, i) => this.columns![i] && this.names.indexOf(name) !== i);
    this.isUnusable = missing.length > 0 || twice !== undefined;
    const faults = missing.map(([name]) => fault(`line ${line}`, 'required', `The column ${name} is missing`));
    if (twice !== undefined) faults.push(fault(`line ${line}`, 'structure', `The column ${twice} is there twice`));
    if (missing.length && fields.length === 1)
      faults.push(fault(`line ${line}`, 'structure', `Nothing is separated by ${JSON.stringify(this.delimiter)}`));
    return refused(...faults);
  }

  private end({ line, fields }: Line, at: number | undefined): LineReading {
    if (this.hasTrailer) return refused(fault(`line ${line}`, 'structure', 'is a second trailer'));
    this.hasTrailer = true;
    if (at === undefined) return NOTHING;
    const count = (fields[at - 1] ?? '').trim();
    if (!/^\d{1,9}$/.test(count)) {
      this.namesAll = false;
      return refused(fault(`line ${line}, field ${at}`, 'format', 'is no number of lines'));
    }
    this.claimed = Number(count);
    return NOTHING;
  }

  private readRecord({ line, fields }: Line, columns: readonly (Column | undefined)[]): LineReading {
    this.lines += 1;
    if (fields.length !== columns.length) {
      this.namesAll = false;
      const detail = `has ${fields.length} fields, and there are ${columns.length} columns`;
      return refused(fault(`line ${line}`, 'structure', detail));
    }
    const faults: ExtractFault[] = [];
    const record: Record<string, unknown> = {};
    const named: string[] = [];
    for (const [field, value] of this.constants) set(record, field, value);
    columns.forEach((column, i) => {
      if (!column) return;
      const name = this.names[i]!;
      const place = `line ${line}, column ${i + 1} (${name})`;
      const cell = fields[i]!.trim();
      const isName = this.extract.id.includes(name);
      if (cell === '') {
        const isNeeded = isName || this.told.required.includes(column.field);
        if (isNeeded) faults.push(fault(place, 'required', 'is empty'));
        return;
      }
      const reading = column.field === 'id' ? { value: cell } : this.told.fields[column.field]!(cell, column);
      if ('wrong' in reading) return void faults.push(fault(place, 'format', reading.wrong));
      if (column.field !== 'id') set(record, column.field, reading.value);
      if (isName) named[this.extract.id.indexOf(name)] = String(reading.value);
    });
    for (const list of this.told.lists) record[list] ??= [];
    const id = named.filter(Boolean).length === this.extract.id.length ? named.join('.') : '';
    if (!CODE.test(id)) {
      this.namesAll = false;
      if (!faults.length) faults.push(fault(`line ${line}`, 'format', 'is named by what is no code'));
    }
    if (faults.length) return { ...(CODE.test(id) ? { id } : {}), faults: faults.slice(0, MOST_FAULTS_A_LINE) };
    return { record: { ...record, id }, faults };
  }
}

function set(record: Record<string, unknown>, field: string, value: unknown): void {
  const [name, below] = field.split('.') as [string, string?];
  const known = record[name];
  if (Array.isArray(known) && Array.isArray(value)) record[name] = [...(known as unknown[]), ...(value as unknown[])];
  else record[name] = below === undefined ? value : { ...(known as object | undefined), [below]: value };
}
