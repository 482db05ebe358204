import type { ProblemFault } from '@concord/canonical';
import type { BadLine, Line } from '@concord/csv';
import type { Loss } from '../facts/message-notes.js';
import type { Statement } from '../facts/statement.js';
import { readCell, type CellContext } from './cell.js';
import type { Extract } from './profile.js';
import { withEncounter } from './with-encounter.js';

/** What one line came to. */
export interface LineReading {
  readonly statements: readonly Statement[];
  readonly faults: readonly ProblemFault[];
}

const fault = (pointer: string, code: string, detail: string): ProblemFault => ({ pointer, code, detail });

/** Reads the lines of one file by the extract that describes it. The first line that is no header record names the columns. */
export class ExtractReader {
  /** Columns that the profile does not name. */
  losses: readonly Loss[] = [];
  private columns: readonly string[] | undefined;
  private claimed: number | undefined;
  private ended = false;
  private unusable = false;
  private lines = 0;

  constructor(
    private readonly extract: Extract,
    private readonly context: CellContext & { readonly writtenAt: string },
  ) {}

  /** A column that is needed is missing: no line of the file can be read. */
  get isUnusable(): boolean {
    return this.unusable;
  }

  read(line: Line | BadLine): LineReading {
    if ('wrong' in line) {
      this.lines += 1;
      return { statements: [], faults: [fault(`line ${line.line}`, 'format', line.wrong)] };
    }
    const { header, trailer } = this.extract;
    const [first = ''] = line.fields;
    if (header && !this.columns && first === header.marker) return this.count(line, header.count);
    if (trailer && first === trailer.marker) {
      this.ended = true;
      return this.count(line, trailer.count);
    }
    return this.columns ? this.readLine(line, this.columns) : this.name(line);
  }

  /** What is wrong with the file as a whole, once all its lines were read. */
  end(): ProblemFault[] {
    if (this.unusable) return [fault('line 1', 'structure', 'A column that is needed is missing')];
    const faults: ProblemFault[] = [];
    if (!this.columns) faults.push(fault('line 1', 'structure', 'The file names no columns'));
    if (this.extract.trailer && !this.ended)
      faults.push(fault('trailer', 'structure', 'The trailer is missing: the file may be cut off'));
    if (this.claimed !== undefined && this.claimed !== this.lines)
      faults.push(fault('trailer', 'structure', `${this.claimed} lines are claimed, and ${this.lines} were found`));
    return faults;
  }

  private count({ line, fields }: Line, at: number | undefined): LineReading {
    if (at === undefined) return NOTHING;
    const count = Number(fields[at - 1]);
    if (!Number.isSafeInteger(count))
      return { statements: [], faults: [fault(`line ${line}, field ${at}`, 'format', 'is no number of lines')] };
    this.claimed = count;
    return NOTHING;
  }

  private name({ line, fields }: Line): LineReading {
    this.columns = fields.map((field) => field.trim());
    const { columns } = this.extract;
    const missing = Object.entries(columns).filter(([name, { required }]) => required && !this.columns!.includes(name));
    if (!this.columns.includes(this.extract.id)) missing.unshift([this.extract.id, columns[this.extract.id]!]);
    this.losses = this.columns
      .filter((name) => !Object.hasOwn(columns, name))
      .slice(0, 200)
      .map((name) => ({
        place: `column ${name.replace(/[^\w .-]+/g, '').slice(0, 60)}`,
        reason: 'is not in the profile',
      }));
    this.unusable = missing.length > 0;
    const faults = missing.map(([name]) => fault(`line ${line}`, 'required', `The column ${name} is missing`));
    return { statements: [], faults };
  }

  private readLine({ line, fields }: Line, columns: readonly string[]): LineReading {
    this.lines += 1;
    if (fields.length !== columns.length) {
      const detail = `has ${fields.length} fields, and there are ${columns.length} columns`;
      return { statements: [], faults: [fault(`line ${line}`, 'structure', detail)] };
    }
    const faults: ProblemFault[] = [];
    const facts: Record<string, unknown> = {};
    columns.forEach((name, i) => {
      const column = this.extract.columns[name];
      if (!column) return;
      const place = `line ${line}, column ${i + 1} (${name})`;
      const text = fields[i]!.trim();
      if (text === '') {
        if (column.required || name === this.extract.id) faults.push(fault(place, 'required', 'is empty'));
        else if (this.extract.empty === 'deleted') facts[column.fact] = null;
        return;
      }
      const reading = readCell(text, column, this.context);
      if ('wrong' in reading) faults.push(fault(place, 'format', reading.wrong));
      else facts[column.fact] = reading.value;
    });
    const { id, saidAt, kind, columns: known } = this.extract;
    const named = facts[known[id]!.fact];
    if (faults.length > 0 || typeof named !== 'string') return { statements: [], faults };
    const said = saidAt === undefined ? undefined : facts[known[saidAt]!.fact];
    const statement: Statement = {
      kind,
      id: named,
      saidAt: typeof said === 'string' ? said : this.context.writtenAt,
      facts,
    };
    return { statements: withEncounter(statement), faults: [] };
  }
}

const NOTHING: LineReading = { statements: [], faults: [] };
