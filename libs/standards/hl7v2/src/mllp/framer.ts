/**
 * Takes a byte stream apart into MLLP frames: VT (0B), the message, FS CR (1C 0D). Pure: bytes in, frames out; the same stream
 * yields the same frames however it is cut into chunks (HL7 MLLP Release 1). What is held is never more than the limit; of a
 * frame above it the head is reported, so that the answer can name its control id.
 */
export type MllpEvent =
  | { readonly kind: 'frame'; readonly bytes: Buffer; readonly position: number }
  /** Bytes outside any frame. A long run is reported in pieces of the limit. */
  | { readonly kind: 'garbage'; readonly position: number; readonly length: number }
  /** A frame above the limit has ended; `length` counts its message. */
  | { readonly kind: 'oversize'; readonly position: number; readonly length: number; readonly head: Buffer }
  /** The stream ended inside a frame. */
  | { readonly kind: 'unfinished'; readonly position: number; readonly length: number };

const VT = 0x0b;
const FS = 0x1c;
const CR = 0x0d;

/** Of an oversize frame, enough for its MSH. */
const HEAD = 8192;

/** A buffer up to this size is used for the next frame again; a larger one is given back. */
const REUSED = 65_536;

export const DEFAULT_FRAME_BYTES = 1_048_576;

export class MllpFramer {
  /** How many bytes of the stream came before the current chunk. */
  private consumed = 0;
  /** Where the frame or the garbage in hand began. */
  private began = 0;
  private inside = false;
  private kept = Buffer.alloc(0);
  private length = 0;
  /** The last byte of the frame was FS, and only the next one tells whether it ended it. */
  private fsPending = false;

  constructor(private readonly limit = DEFAULT_FRAME_BYTES) {}

  /** Whether a frame has begun that has not ended. */
  get isInsideFrame(): boolean {
    return this.inside;
  }

  push(chunk: Buffer): MllpEvent[] {
    const events: MllpEvent[] = [];
    let at = 0;
    while (at < chunk.length) at = this.inside ? this.readFrame(chunk, at, events) : this.skip(chunk, at, events);
    this.consumed += chunk.length;
    return events;
  }

  /** To be called when the stream has ended. */
  end(): MllpEvent[] {
    const { began: position, inside } = this;
    const length = this.length + (this.fsPending ? 1 : 0);
    if (inside) return [{ kind: 'unfinished', position, length }];
    return length > 0 ? [{ kind: 'garbage', position, length }] : [];
  }

  private skip(chunk: Buffer, at: number, events: MllpEvent[]): number {
    const starts = chunk.indexOf(VT, at);
    const until = starts < 0 ? chunk.length : starts;
    this.reject(until - at, events);
    if (starts < 0) return chunk.length;
    if (this.length > 0) events.push({ kind: 'garbage', position: this.began, length: this.length });
    this.begin(this.consumed + starts, true);
    return starts + 1;
  }

  private reject(count: number, events: MllpEvent[]): void {
    this.length += count;
    while (this.length >= this.limit) {
      events.push({ kind: 'garbage', position: this.began, length: this.limit });
      this.began += this.limit;
      this.length -= this.limit;
    }
  }

  private readFrame(chunk: Buffer, at: number, events: MllpEvent[]): number {
    if (this.fsPending) {
      this.fsPending = false;
      if (chunk[at] === CR) return this.finish(at + 1, events);
      this.keep(LONE_FS); // it was part of the message
    }
    const mark = chunk.indexOf(FS, at);
    this.keep(chunk.subarray(at, mark < 0 ? chunk.length : mark));
    this.fsPending = mark >= 0;
    return mark < 0 ? chunk.length : mark + 1;
  }

  /** Copies into one buffer that grows, so that neither large chunks nor a flood of tiny ones are held. */
  private keep(bytes: Buffer): void {
    const room = Math.max(this.limit - this.length, 0);
    const taken = Math.min(bytes.length, room);
    if (this.length + taken > this.kept.length && taken > 0) {
      const grown = Buffer.alloc(Math.min(Math.max(this.length + taken, this.kept.length * 2, 4096), this.limit));
      this.kept.copy(grown, 0, 0, this.length);
      this.kept = grown;
    }
    bytes.copy(this.kept, this.length, 0, taken);
    this.length += bytes.length;
  }

  private finish(next: number, events: MllpEvent[]): number {
    const { began: position, length, limit } = this;
    if (length <= limit) events.push({ kind: 'frame', bytes: Buffer.from(this.kept.subarray(0, length)), position });
    else
      events.push({
        kind: 'oversize',
        position,
        length,
        head: Buffer.from(this.kept.subarray(0, Math.min(HEAD, limit))),
      });
    this.begin(this.consumed + next, false);
    return next;
  }

  private begin(position: number, inside: boolean): void {
    this.began = position;
    this.inside = inside;
    this.length = 0;
    if (this.kept.length > REUSED) this.kept = Buffer.alloc(0);
  }
}

const LONE_FS = Buffer.of(FS);

/** A message as one MLLP frame. */
export const frame = (message: Buffer): Buffer => Buffer.concat([Buffer.of(VT), message, Buffer.of(FS, CR)]);
