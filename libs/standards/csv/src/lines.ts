/**
 * A CSV file as its records, one by one, whatever its size: bytes → characters → fields, with the line each begins in. A
 * quote out of place costs its own line and no other; `csv-parse` loses what follows, up to the next quote.
 */
import { OPEN, readRecord } from './record.js';

export interface Line {
  /** From 1, as an editor counts. */
  readonly line: number;
  readonly fields: readonly string[];
}

export interface BadLine {
  readonly line: number;
  readonly wrong: string;
}

/** In characters. */
const LONGEST_RECORD = 1_048_576;
const TOO_LONG = 'is longer than a megabyte';
/** A file with so many quotes that are not closed has none across lines: each was looked for up to a megabyte ahead. */
const OPEN_QUOTES = 100;

/** Quotes out of place, and records beyond a megabyte, are told as bad lines. Empty lines are passed over. */
export async function* linesOf(
  pieces: AsyncIterable<Buffer>,
  { delimiter, encoding }: { readonly delimiter: string; readonly encoding: string },
): AsyncGenerator<Line | BadLine> {
  const reader = new LineReader(delimiter);
  for await (const text of decoded(pieces, encoding)) yield* reader.read(text);
  yield* reader.read('\n', true);
}

type Reading = { readonly fields: readonly string[]; readonly end: number } | { readonly wrong: string };

class LineReader {
  private text = '';
  private line = 1;
  /** The rest of a line that was too long. */
  private skipping = false;
  private patience = OPEN_QUOTES;

  constructor(private readonly delimiter: string) {}

  *read(more: string, isLast = false): Generator<Line | BadLine> {
    this.text += more;
    let at = 0;
    for (let feed = this.text.indexOf('\n'); feed >= 0; feed = this.text.indexOf('\n', at)) {
      if (this.skipping) {
        this.skipping = false;
        this.line += 1;
        at = feed + 1;
        continue;
      }
      const reading = this.readOne(at, feed, isLast);
      if (!reading) break;
      const end = 'wrong' in reading ? feed : reading.end;
      if ('wrong' in reading) yield { line: this.line, wrong: reading.wrong };
      else if (end > at) yield { line: this.line, fields: reading.fields };
      this.line += feedsIn(this.text, at, end + 1);
      at = end + 1;
    }
    this.text = this.skipping ? '' : this.text.slice(at);
    if (this.text.length <= LONGEST_RECORD || this.text.includes('\n')) return;
    yield { line: this.line, wrong: TOO_LONG };
    this.skipping = true;
    this.text = '';
  }

  /** The record that begins at a place, in a line that ends at `feed`; undefined where more of it has to come. */
  private readOne(at: number, feed: number, isLast: boolean): Reading | undefined {
    if (feed - at > LONGEST_RECORD) return { wrong: TOO_LONG };
    const line = this.text.slice(at, feed);
    if (!line.includes('"')) return { fields: line.split(this.delimiter), end: feed };
    const alone = readRecord(line, 0, this.delimiter);
    if (alone !== OPEN) return typeof alone === 'string' ? { wrong: alone } : { fields: alone.fields, end: feed };
    if (this.patience > 0) {
      const across = readRecord(this.text, at, this.delimiter);
      const isWhole = typeof across !== 'string' && across.end < this.text.length;
      if (isWhole && across.end - at <= LONGEST_RECORD) return across;
      const isBeyond = isLast || this.text.length - at > LONGEST_RECORD;
      if ((across === OPEN || typeof across !== 'string') && !isBeyond) return undefined;
      this.patience -= 1;
    }
    return { wrong: OPEN };
  }
}

function feedsIn(text: string, from: number, to: number): number {
  let feeds = 0;
  for (let feed = text.indexOf('\n', from); feed >= 0 && feed < to; feed = text.indexOf('\n', feed + 1)) feeds += 1;
  return feeds;
}

/** Whatever ends a line in the file, a line feed ends it here. */
async function* decoded(pieces: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding); // takes a byte order mark away
  let held = '';
  for await (const piece of pieces) {
    const text = held + decoder.decode(piece, { stream: true });
    held = text.endsWith('\r') ? '\r' : ''; // its line feed may be in the next piece
    yield withFeeds(held ? text.slice(0, -1) : text);
  }
  yield withFeeds(held + decoder.decode());
}

const withFeeds = (text: string): string => (text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text);
