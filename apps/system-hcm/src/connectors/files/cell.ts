import { CODE, isCalendarDay, money } from '@concord/canonical';

/** How the profile says that a column is written. */
export interface Writing {
  /** Of a day: `yyyy`, `MM`, `dd` and what stands between them; `yyyy-MM-dd` where nothing is said. */
  readonly format?: string;
  /** Between several codes in one cell; a comma where nothing is said. */
  readonly separator?: string;
  /** Of an amount. */
  readonly currency?: string;
  /** What the words of the file are in ours. */
  readonly values?: Readonly<Record<string, string>>;
  /** Of a column that tells one part of a list: the code of that part. */
  readonly item?: string;
  /** Of a task of a checklist: what has to be done. */
  readonly title?: string;
  /** Of a pay line: what kind it is. */
  readonly sort?: string;
}

/** What a cell says; or a sentence of what is wrong with it, without its value. */
export type CellReading = { readonly value: unknown } | { readonly wrong: string };

/** Reads a cell that is not empty. */
export type Cell = (text: string, writing: Writing) => CellReading;

const wrong = (words: string): CellReading => ({ wrong: words });
const said = (value: unknown): CellReading => ({ value });

/** What decoders put where bytes are not of the encoding. */
const UNREADABLE = '\uFFFD';
const LINE = /^[^\p{Cc}\p{Cs}]*$/u;

export const text =
  (max = 200): Cell =>
  (cell) => {
    if (cell.includes(UNREADABLE)) return wrong('holds characters that are not of the encoding');
    if (!LINE.test(cell)) return wrong('holds a line break or another control character');
    return [...cell].length > max ? wrong(`is longer than ${max} characters`) : said(cell);
  };

export const code: Cell = (cell) =>
  CODE.test(cell) ? said(cell) : wrong('is no code: letters, digits and ._:- only, 128 at most');

export const codes: Cell = (cell, { separator = ',' }) => {
  const parts = cell.split(separator).flatMap((part) => part.trim() || []);
  return parts.every((part) => CODE.test(part)) ? said(parts) : wrong('holds something that is no code');
};

export const formatted =
  (pattern: RegExp, words: string): Cell =>
  (cell) =>
    pattern.test(cell) ? said(cell) : wrong(`is no ${words}`);

export const decimal = formatted(/^-?\d{1,15}(\.\d{1,6})?$/, 'decimal number with a point');

export const count =
  (max: number): Cell =>
  (cell) =>
    /^\d{1,9}$/.test(cell) && Number(cell) <= max ? said(Number(cell)) : wrong(`is no whole number up to ${max}`);

export const amount: Cell = (cell, { currency = 'USD' }) =>
  /^-?\d{1,13}(\.\d{1,2})?$/.test(cell) ? said(money(cell, currency)) : wrong('is no amount with up to two decimals');

/** One task of a checklist, and whether it is done; an empty cell is none. */
export const task: Cell = (cell, { values, item = '', title = '' }) => {
  const reading = choice(['done', 'open'])(cell, { values });
  return 'wrong' in reading ? reading : said([{ code: item, title, done: reading.value === 'done' }]);
};

/** One line of a payslip; an empty cell is none. */
export const payLine: Cell = (cell, writing) => {
  const reading = amount(cell, writing);
  return 'wrong' in reading ? reading : said([{ code: writing.item, kind: writing.sort, amount: reading.value }]);
};

/** @param words ours; those of the file are in the profile */
export const choice =
  (words: readonly string[]): Cell =>
  (cell, { values }) => {
    const word = values ? (Object.hasOwn(values, cell) ? values[cell]! : '') : cell;
    return words.includes(word) ? said(word) : wrong('is none of the words that the profile knows');
  };

export const day: Cell = (cell, { format = 'yyyy-MM-dd' }) => {
  const { yyyy, MM, dd } = patternOf(format).exec(cell)?.groups ?? {};
  const found = `${yyyy}-${MM?.padStart(2, '0')}-${dd?.padStart(2, '0')}`;
  return isCalendarDay(found) ? said(found) : wrong(`is no day as ${format}`);
};

const patterns = new Map<string, RegExp>();

function patternOf(format: string): RegExp {
  const known = patterns.get(format);
  if (known) return known;
  const escaped = format.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  // Digits that nothing separates have their full number.
  const digits = /[^A-Za-z]/.test(format) ? '\\d{1,2}' : '\\d{2}';
  const source = escaped
    .replace('yyyy', '(?<yyyy>\\d{4})')
    .replace('MM', `(?<MM>${digits})`)
    .replace('dd', `(?<dd>${digits})`);
  const pattern = new RegExp(`^${source}$`);
  patterns.set(format, pattern);
  return pattern;
}
