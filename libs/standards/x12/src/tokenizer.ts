/**
 * Cuts a stream of bytes into X12 segments. What it takes in real files: a byte order mark and blanks before the ISA, an ISA
 * that is not padded, delimiters that differ from one interchange to the next, terminators of several bytes, line breaks and
 * tabs between segments, lines wrapped at 80 columns, and binary segments that hold anything.
 *
 * It holds no more than one segment and the chunk that was pushed. What it cannot read is told as a fault with its place,
 * and it goes on at the next ISA: a broken interchange never loses the ones beside it.
 */
import { type Delimiters, LOOKAHEAD, looksLikeIsa, readIsa } from './delimiters.js';
import type { X12FaultCode } from './fault.js';
import { Segment } from './segment.js';

export interface TokenizerLimits {
  /** Bytes of a segment; a longer one breaks its interchange. */
  readonly segmentBytes: number;
  /** Bytes of what a BIN or BDS segment holds. */
  readonly binaryBytes: number;
}

export const DEFAULT_TOKENIZER_LIMITS: TokenizerLimits = { segmentBytes: 64 * 1024, binaryBytes: 8 * 1024 * 1024 };

export interface TokenizerEvents {
  segment(segment: Segment): void;
  /** `lost`: nothing more of this interchange follows. */
  fault(code: X12FaultCode, detail: string, offset: number, segment: number, lost: boolean): void;
}

const MARK = '\xEF\xBB\xBF';
const BINARY = /^(?:BIN|BDS)$/;
const HIGH = /[\x80-\xFF]/;
const OUTSIDE_LINES = /[^\s]/g;

export class Tokenizer {
  /** What is not yet cut, one character a byte. */
  private text = '';
  /** Bytes before `text`. */
  private before = 0;
  private number = 0;
  private delimiters: Delimiters | undefined;
  /** Where in `text` the next ISA may begin; beyond the text where there is none. */
  private nextIsa = -1;
  /** The same of the next line break. */
  private nextBreak = -1;
  private hasCarriage = false;
  /** Whether the text holds anything beyond ASCII. */
  private high = false;
  /** Garbage is told once, however many chunks it fills. */
  private inGarbage = false;

  constructor(
    private readonly events: TokenizerEvents,
    private readonly limits: TokenizerLimits = DEFAULT_TOKENIZER_LIMITS,
  ) {}

  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.text += bytes.toString('latin1');
    this.cut(false);
  }

  /** No more bytes come. */
  end(): void {
    this.cut(true);
    this.text = '';
    this.delimiters = undefined;
  }

  private cut(last: boolean): void {
    this.nextIsa = -1;
    this.nextBreak = -1;
    this.high = HIGH.test(this.text);
    this.hasCarriage = this.text.includes('\r');
    let from = 0;
    for (;;) {
      const next = this.delimiters ? this.segmentFrom(from, last, this.delimiters) : this.interchangeFrom(from, last);
      if (next === undefined) break;
      from = next;
    }
    if (from === 0) return;
    this.text = this.text.slice(from);
    this.before += from;
  }

  /** Where to go on behind an ISA; undefined where more bytes are needed. */
  private interchangeFrom(from: number, last: boolean): number | undefined {
    const { text } = this;
    let at = from;
    if (text.startsWith(MARK, at)) at += MARK.length;
    OUTSIDE_LINES.lastIndex = at;
    const first = OUTSIDE_LINES.exec(text)?.index;
    if (first === undefined) return at < text.length || at > from ? text.length : undefined;
    if (text.startsWith(MARK, first)) return first;
    at = first;
    const enough = last || text.length - at >= LOOKAHEAD;
    if (!enough) return at > from ? at : undefined;
    const isa = readIsa(text.slice(at, at + LOOKAHEAD * 2));
    if (!isa) return this.skipGarbage(at, last);
    this.inGarbage = false;
    this.delimiters = isa.delimiters;
    this.number = 1;
    const texts = ['ISA', ...isa.elements.map((value) => (HIGH.test(value) ? decoded(value) : value))];
    this.events.segment(new Segment('ISA', texts, isa.delimiters, this.before + at, 1));
    return at + isa.length;
  }

  private skipGarbage(at: number, last: boolean): number {
    if (!this.inGarbage) {
      const detail = this.text.startsWith('ISA', at)
        ? 'an ISA segment that cannot be read'
        : 'no interchange begins here';
      this.events.fault(this.text.startsWith('ISA', at) ? 'header' : 'garbage', detail, this.before + at, 1, true);
    }
    this.inGarbage = true;
    for (let next = this.text.indexOf('ISA', at + 1); next >= 0; next = this.text.indexOf('ISA', next + 1)) {
      if (!last && this.text.length - next < LOOKAHEAD) return next;
      if (looksLikeIsa(this.text.slice(next, next + LOOKAHEAD))) return next;
    }
    return last ? this.text.length : Math.max(at + 1, this.text.length - 2); // `IS` may be the beginning of the next
  }

  private segmentFrom(from: number, last: boolean, delimiters: Delimiters): number | undefined {
    const { text } = this;
    let start = from;
    while (start < text.length && text.charCodeAt(start) <= 32) start += 1;
    if (text.startsWith(MARK, start)) start += MARK.length;
    if (start >= text.length) return start > from ? start : undefined;
    if (isBinaryAt(text, start, delimiters)) return this.binaryFrom(start, last, delimiters);
    const { terminator } = delimiters;
    const found = text.indexOf(terminator, start);
    const end = found < 0 ? text.length : found;
    const isa = this.isaBefore(start, end, last);
    if (isa === 'more') return start > from ? start : undefined;
    if (isa !== undefined && isa > start) return this.lose(isa, start, 'An interchange begins inside this one');
    if (found < 0) {
      if (end - start > this.limits.segmentBytes) return this.oversize(start, last);
      if (!last) return start > from ? start : undefined;
      // The last terminator is often left out; whatever else is cut off shows in the trailers that are missing.
      if (text.slice(start, end).trim() === '') return undefined;
    }
    if (isa === start) {
      this.delimiters = undefined; // the reader of envelopes misses the IEA by itself
      return start;
    }
    if (end - start > this.limits.segmentBytes) return this.oversize(start, last);
    this.emit(start, end, delimiters);
    return Math.min(text.length, end + terminator.length);
  }

  private emit(start: number, end: number, delimiters: Delimiters): void {
    let raw = this.text.slice(start, end);
    if (this.breakBefore(start, end)) raw = raw.replace(/[\r\n]+/g, '');
    if (this.high && HIGH.test(raw)) raw = decoded(raw);
    const texts = raw.split(delimiters.element);
    let name = texts[0] as string;
    if (name.endsWith(' ')) name = texts[0] = name.trimEnd();
    this.number += 1;
    this.events.segment(new Segment(name, texts, delimiters, this.before + start, this.number));
    if (name === 'IEA') this.delimiters = undefined;
  }

  /** Whether a line breaks between two places; each place of the text is looked at once. */
  private breakBefore(start: number, end: number): boolean {
    if (this.nextBreak < start) {
      const [feed, carriage] = [this.text.indexOf('\n', start), this.hasCarriage ? this.text.indexOf('\r', start) : -1];
      const [first, second] = [feed < 0 ? Infinity : feed, carriage < 0 ? Infinity : carriage];
      this.nextBreak = Math.min(first, second);
    }
    return this.nextBreak < end;
  }

  /** Where between two places an ISA begins; `more` where more bytes are needed to know. */
  private isaBefore(start: number, end: number, last: boolean): number | 'more' | undefined {
    if (this.nextIsa < start) {
      const next = this.text.indexOf('ISA', start);
      this.nextIsa = next < 0 ? Infinity : next;
    }
    while (this.nextIsa < end) {
      const at = this.nextIsa;
      if (!last && this.text.length - at < LOOKAHEAD) return 'more';
      if (looksLikeIsa(this.text.slice(at, at + LOOKAHEAD))) return at;
      const next = this.text.indexOf('ISA', at + 1);
      this.nextIsa = next < 0 ? Infinity : next;
    }
    return undefined;
  }

  /** `BIN*25*…~` and `BDS*ASC*25*…~`: the length says where it ends, and the data may hold any sign. */
  private binaryFrom(start: number, last: boolean, delimiters: Delimiters): number | undefined {
    const { text, limits } = this;
    const { element, terminator } = delimiters;
    const name = text.slice(start, start + 3);
    const first = text.indexOf(element, start) + 1;
    const lengthAt = name === 'BIN' ? first : text.indexOf(element, first) + 1;
    const dataAt = lengthAt > 0 ? text.indexOf(element, lengthAt) + 1 : 0;
    if (lengthAt === 0 || dataAt === 0 || dataAt - start > 64) {
      if (!last && text.length - start < 64) return undefined;
      return this.brokenBinary(start, `${name} does not say how long its data is`, delimiters);
    }
    const words = text.slice(lengthAt, dataAt - element.length);
    if (!/^\d{1,15}$/.test(words)) return this.brokenBinary(start, `The length in ${name} is not a number`, delimiters);
    const length = Number(words);
    if (length > limits.binaryBytes)
      return this.brokenBinary(start, `${name} holds more than we take`, delimiters, 'size');
    const end = dataAt + length;
    if (text.length < end + terminator.length) {
      if (!last) return undefined;
      if (text.length < end) return this.brokenBinary(start, `The data of ${name} is cut off`, delimiters);
    }
    const tail = terminator === '\n' ? text.slice(end).replace(/^\r/, '') : text.slice(end, end + terminator.length);
    if (tail !== '' && !tail.startsWith(terminator))
      return this.brokenBinary(start, `${name} does not end where its length says`, delimiters);
    this.number += 1;
    const head = text.slice(start, dataAt - element.length).split(element);
    const texts = [...head, text.slice(dataAt, end)];
    this.events.segment(new Segment(name, texts, delimiters, this.before + start, this.number));
    return Math.min(text.length, end + (tail === '' ? 0 : text.indexOf(terminator, end) - end + terminator.length));
  }

  /** Tells the fault and goes on behind the next terminator. */
  private brokenBinary(start: number, detail: string, delimiters: Delimiters, code: X12FaultCode = 'binary'): number {
    this.number += 1;
    this.events.fault(code, detail, this.before + start, this.number, false);
    const end = this.text.indexOf(delimiters.terminator, start);
    return end < 0 ? this.text.length : end + delimiters.terminator.length;
  }

  private oversize(start: number, last: boolean): number {
    return this.lose(undefined, start, `A segment is longer than ${this.limits.segmentBytes} bytes`, last, 'size');
  }

  /** Gives the interchange up; goes on at `next`, or looks for the next ISA. */
  private lose(
    next: number | undefined,
    at: number,
    detail: string,
    last = false,
    code: X12FaultCode = 'truncated',
  ): number {
    this.events.fault(code, detail, this.before + at, this.number + 1, true);
    this.delimiters = undefined;
    this.inGarbage = true;
    return next ?? this.skipGarbage(at, last);
  }
}

const isBinaryAt = (text: string, start: number, { element }: Delimiters): boolean =>
  text.charCodeAt(start) === 66 && BINARY.test(text.slice(start, start + 3)) && text.startsWith(element, start + 3);

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** UTF-8 where it is, else ISO 8859-1, one character a byte. */
function decoded(raw: string): string {
  try {
    return utf8.decode(Buffer.from(raw, 'latin1'));
  } catch {
    return raw;
  }
}
