import fc from 'fast-check';

import { frame, type MllpEvent, MllpFramer } from '../index.js';

const read = (chunks: readonly Buffer[], limit?: number): MllpEvent[] => {
  const framer = new MllpFramer(limit);
  return [...chunks.flatMap((chunk) => framer.push(chunk)), ...framer.end()];
};

const texts = (events: readonly MllpEvent[]): string[] =>
  events.flatMap((event) => (event.kind === 'frame' ? event.bytes.toString() : []));

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('the MLLP framer', () => {
  it('finds two frames in one write', () => {
    expect(texts(read([bytes('\vA\x1c\r\vB\x1c\r')]))).toEqual(['A', 'B']);
  });

  it('finds frames whose marks are split over writes', () => {
    expect(texts(read([bytes('\v'), bytes('A'), bytes('B\x1c'), bytes('\r\v'), bytes('C\x1c'), bytes('\r')]))).toEqual([
      'AB',
      'C',
    ]);
  });

  it('keeps half a frame until the rest comes', () => {
    const framer = new MllpFramer();
    expect(texts(framer.push(bytes('\vA\x1c\r\vB')))).toEqual(['A']);
    expect(framer.isInsideFrame).toBe(true);
    expect(texts(framer.push(bytes('C\x1c\r')))).toEqual(['BC']);
    expect(framer.isInsideFrame).toBe(false);
  });

  it('counts what is not in a frame and tells where it was', () => {
    expect(read([bytes('xx\vA\x1c\ry'), bytes('z\vB\x1c\r'), bytes('!')])).toEqual([
      { kind: 'garbage', position: 0, length: 2 },
      { kind: 'frame', position: 2, bytes: bytes('A') },
      { kind: 'garbage', position: 6, length: 2 },
      { kind: 'frame', position: 8, bytes: bytes('B') },
      { kind: 'garbage', position: 12, length: 1 },
    ]);
  });

  it('takes a lone end mark, and a start mark inside, for part of the message', () => {
    expect(texts(read([bytes('\vA\x1cB\x1c\x1c\v\x1c\r')]))).toEqual(['A\x1cB\x1c\x1c\v']);
  });

  it('reports a frame above the limit with its head, keeps no more, and reads on', () => {
    const events = read([bytes('\v0123456789'), bytes('abc\x1c'), bytes('\r\vB\x1c\r')], 8);
    expect(events).toEqual([
      { kind: 'oversize', position: 0, length: 13, head: bytes('01234567') },
      { kind: 'frame', position: 16, bytes: bytes('B') },
    ]);
  });

  it('accepts a frame of exactly the limit', () => {
    expect(texts(read([frame(bytes('12345678'))], 8))).toEqual(['12345678']);
  });

  it('says that the stream ended inside a frame', () => {
    expect(read([bytes('\vA\x1c\r\vBC\x1c')])).toMatchObject([
      { kind: 'frame' },
      { kind: 'unfinished', position: 4, length: 3 },
    ]);
  });

  it('holds no more than the limit of a frame that never ends', () => {
    const framer = new MllpFramer(4096);
    framer.push(bytes('\v'));
    const chunk = Buffer.alloc(65_536, 'x');
    global.gc?.();
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 1000; i++) framer.push(chunk);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
  });

  it('yields the same frames however the stream is cut', () => {
    const sign = fc.constantFrom(0x0b, 0x1c, 0x0d, 0x41, 0x42);
    const stream = fc.array(sign, { maxLength: 200 }).map((signs) => Buffer.from(signs));
    const cuts = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 });
    fc.assert(
      fc.property(stream, cuts, fc.integer({ min: 1, max: 30 }), (whole, sizes, limit) => {
        const chunks: Buffer[] = [];
        for (let at = 0, i = 0; at < whole.length; i++) {
          const size = sizes[i % sizes.length] ?? 1;
          chunks.push(whole.subarray(at, at + size));
          at += size;
        }
        expect(read(chunks, limit)).toEqual(read([whole], limit));
      }),
      { numRuns: 1000 },
    );
  });

  it('gives back every message that was framed, in order', () => {
    const message = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
    const sound = message.filter((array) => !array.includes('\x1c\r', 0, 'latin1'));
    fc.assert(
      fc.property(fc.array(sound, { maxLength: 10 }), (messages) => {
        const events = read([Buffer.concat(messages.map(frame))]);
        expect(events.map((event) => event.kind === 'frame' && event.bytes)).toEqual(messages);
      }),
    );
  });
});
