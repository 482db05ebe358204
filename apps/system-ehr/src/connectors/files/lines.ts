/** A file as its records, one by one, whatever its size: bytes → characters → fields, with the line each begins in. */
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { CUT, RecordGuard } from './record-guard.js';

export interface Line {
  /** From 1, as an editor counts. */
  readonly line: number;
  readonly fields: readonly string[];
}

export interface BadLine {
  readonly line: number;
  readonly wrong: string;
}

const LONGEST_RECORD = 1_048_576;

/** Quotes out of place, and lines beyond a megabyte, are reported and passed over. */
export async function* linesOf(
  pieces: AsyncIterable<Buffer>,
  { delimiter, encoding }: { readonly delimiter: string; readonly encoding: string },
): AsyncGenerator<Line | BadLine> {
  const bad: BadLine[] = [];
  const parser = parse({
    delimiter,
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error: CsvError | undefined) => {
      bad.push({ line: Number(error?.['lines'] ?? 0), wrong: WORDS[error?.code ?? ''] ?? 'cannot be read as CSV' });
      return undefined;
    },
  });
  const characters = Readable.from(decoded(pieces, encoding));
  characters.on('error', (error) => parser.destroy(error));
  characters.pipe(parser);
  for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
    yield* bad.splice(0);
    if (record.at(-1)?.endsWith(CUT)) yield { line: info.lines, wrong: 'is longer than a megabyte' };
    else yield { line: info.lines, fields: record };
  }
  yield* bad;
}

const WORDS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'has a quote that is not closed',
  INVALID_OPENING_QUOTE: 'has a quote inside a field that is not quoted',
  CSV_INVALID_CLOSING_QUOTE: 'has characters after a closing quote',
};

async function* decoded(pieces: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  const guard = new RecordGuard(LONGEST_RECORD);
  for await (const piece of pieces) yield guard.pass(decoder.decode(piece, { stream: true }));
  yield guard.pass(decoder.decode());
}
