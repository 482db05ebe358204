import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

import { Problem } from '@concord/canonical';

import {
  acknowledge,
  frame,
  type MllpLimits,
  MllpFramer,
  type MllpServer,
  type OnMllpMessage,
  readHl7,
  sendMllp,
  serveMllp,
} from '../index.js';

const message = (id: string, charset = '', name = 'Testperson'): string =>
  `MSH|^~\\&|HIS|Lakeview|Concord|Hub|20240305||ADT^A08^ADT_A01|${id}|P|2.5.1||||||${charset}\rPID|||T-1||${name}^Ada\r`;

const bytesOf = (id: string): Buffer => frame(Buffer.from(message(id)));

const accept: OnMllpMessage = async ({ text }) => acknowledge(readHl7(text), 'AA');

const logged: { level: string; fields: object; text: string }[] = [];
const note = (level: string) => (fields: object, text: string) => void logged.push({ level, fields, text });

let server: MllpServer;
const sockets: Socket[] = [];

async function listen(onMessage: OnMllpMessage, limits: Partial<MllpLimits> = {}): Promise<void> {
  logged.length = 0;
  server = await serveMllp({
    port: 0,
    host: '127.0.0.1',
    onMessage,
    limits,
    log: { info: note('info'), warn: note('warn') },
  });
}

async function dial(): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: server.port, noDelay: true });
  sockets.push(socket);
  socket.on('error', () => undefined); // a reset is one way for the other side to end
  await once(socket, 'connect');
  return socket;
}

/** `MSA-1 MSA-2` of as many acknowledgements as asked for, or of all until the connection ends. */
async function answers(socket: Socket, count = Infinity): Promise<string[]> {
  const framer = new MllpFramer();
  const heard: string[] = [];
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    for (const event of framer.push(chunk as Buffer)) {
      if (event.kind !== 'frame') continue;
      const msa = readHl7(event.bytes.toString()).segment('MSA');
      heard.push(`${msa?.text(1)} ${msa?.text(2) ?? ''}`.trim());
    }
    if (heard.length >= count) break;
  }
  return heard;
}

const send = (text: string | Buffer): Promise<string> => sendMllp('127.0.0.1', server.port, text, { timeout: 5000 });

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.close();
});

describe('the MLLP listener', () => {
  it('answers each message, also when two come in one write and a third in pieces', async () => {
    await listen(accept);
    const socket = await dial();
    socket.write(Buffer.concat([bytesOf('1'), bytesOf('2'), bytesOf('3').subarray(0, 20)]));
    expect(await answers(socket, 2)).toEqual(['AA 1', 'AA 2']);
    for (const byte of bytesOf('3').subarray(20)) socket.write(Buffer.of(byte));
    expect(await answers(socket, 1)).toEqual(['AA 3']);
  });

  it('hands over and answers in the order of arrival, whatever takes longer', async () => {
    const taken: string[] = [];
    await listen(async ({ text }) => {
      taken.push(readHl7(text).header.controlId);
      await pause(text.includes('|m0|') ? 30 : 1);
      return acknowledge(text, 'AA');
    });
    const socket = await dial();
    const ids = Array.from({ length: 50 }, (_, i) => `m${i}`);
    socket.write(Buffer.concat(ids.map(bytesOf)));
    expect(await answers(socket, 50)).toEqual(ids.map((id) => `AA ${id}`));
    expect(taken).toEqual(ids);
  });

  it('makes a sender wait that sends faster than its messages are taken', async () => {
    let taken = 0;
    let release: () => void = () => undefined;
    const released = new Promise<void>((done) => (release = done));
    await listen(async ({ text }) => {
      taken++;
      await released;
      return acknowledge(text.slice(0, 200), 'AA');
    });
    const socket = await dial();
    const large = frame(Buffer.from(message('big') + 'x'.repeat(500_000)));
    for (let i = 0; i < 60; i++) socket.write(large);
    await pause(300);
    expect(taken).toBe(1);
    expect(socket.writableLength).toBeGreaterThan(10_000_000);
    release();
    expect(await answers(socket, 60)).toHaveLength(60);
  });

  it('answers AE with the title of a problem, and never with what the problem is about', async () => {
    await listen(async () => {
      throw new Problem('upstream-unavailable', 'database gone while storing it');
    });
    const answer = await send(message('7'));
    expect(answer).toContain('MSA|AE|7|The system behind does not answer');
    expect(answer).not.toMatch(/Testperson|database/);
  });

  it('answers AE for an error that is nobody’s problem, and keeps its message to itself', async () => {
    await listen(async () => {
      throw new TypeError('Testperson is not a function');
    });
    const answer = await send(message('7'));
    expect(answer).toContain('MSA|AE|7|Something went wrong on our side');
    expect(answer + JSON.stringify(logged)).not.toContain('Testperson');
  });

  it('hands over the bytes as they came and the text by MSH-18', async () => {
    const seen: unknown[] = [];
    await listen(async ({ text, bytes, charset }, { id, peer }) => {
      seen.push(readHl7(text).segment('PID')?.text(5), bytes.length, charset, id, peer.startsWith('127.0.0.1:'));
      return acknowledge(text, 'AA');
    });
    const latin = Buffer.from(message('8', '8859/1', 'Müller'), 'latin1');
    await send(latin);
    expect(seen).toEqual(['Müller', latin.length, 'latin1', 1, true]);
  });

  it('answers AR for a character set it does not know', async () => {
    await listen(accept);
    const answer = await send(message('9', 'KLINGON'));
    expect(answer).toContain('MSA|AR|9|The request cannot be read');
    expect(answer).toContain('ERR||MSH^1^18|103^Table value not found^HL70357|E||||MSH-18 names');
  });

  it('answers AR for a message that is too long, and goes on with the next', async () => {
    await listen(accept, { frameBytes: 1000 });
    const socket = await dial();
    socket.write(frame(Buffer.from(message('10') + 'x'.repeat(5000))));
    socket.write(bytesOf('11'));
    expect(await answers(socket, 2)).toEqual(['AR 10', 'AA 11']);
    expect(logged).toMatchObject([{ level: 'warn', fields: { kind: 'oversize', position: 0 } }]);
  });

  it('passes over garbage before a message, and tells how much there was and where', async () => {
    await listen(accept);
    const socket = await dial();
    socket.write(Buffer.concat([Buffer.from('\r\nhello'), bytesOf('12')]));
    expect(await answers(socket, 1)).toEqual(['AA 12']);
    expect(logged).toMatchObject([{ fields: { kind: 'garbage', position: 0, length: 7 } }]);
  });

  it('hangs up on a stream that is not MLLP', async () => {
    await listen(accept, { frameBytes: 1000 });
    const socket = await dial();
    socket.write('GET / HTTP/1.1\r\n'.repeat(100));
    expect(await answers(socket)).toEqual([]);
  });

  it('still answers a sender that has ended its side', async () => {
    await listen(async ({ text }) => {
      await pause(30);
      return acknowledge(text, 'AA');
    });
    const socket = await dial();
    socket.end(bytesOf('13'));
    expect(await answers(socket)).toEqual(['AA 13']);
  });

  it('ends a connection that is silent, but not one that waits for its answer', async () => {
    await listen(
      async ({ text }) => {
        await pause(500);
        return acknowledge(text, 'AA');
      },
      { idleMs: 250 },
    );
    const socket = await dial();
    socket.write(bytesOf('14'));
    expect(await answers(socket)).toEqual(['AA 14']);
    expect(logged).toMatchObject([{ fields: { cause: 'Nothing came for too long' } }]);
  });

  it('ends a connection that drips one message for too long', async () => {
    await listen(accept, { frameMs: 100 });
    const socket = await dial();
    const drip = setInterval(() => socket.write('x'), 10);
    socket.write('\vMSH|');
    expect(await answers(socket).catch(() => [])).toEqual([]);
    clearInterval(drip);
    expect(logged).toMatchObject([{ fields: { cause: 'A message that began did not end in time' } }]);
  });

  it('turns away more senders than it has room for', async () => {
    await listen(accept, { connections: 1 });
    const first = await dial();
    const second = await dial();
    expect(await answers(second).catch(() => [])).toEqual([]);
    first.write(bytesOf('15'));
    expect(await answers(first, 1)).toEqual(['AA 15']);
    expect(logged).toMatchObject([{ text: 'MLLP connection refused: too many' }]);
  });

  it('sends the acknowledgements in hand before it closes, and takes nothing more', async () => {
    let begun: () => void = () => undefined;
    const working = new Promise<void>((done) => (begun = done));
    const taken: string[] = [];
    await listen(async ({ text }) => {
      taken.push(readHl7(text).header.controlId);
      begun();
      await pause(80);
      return acknowledge(text, 'AA');
    });
    const [busy, idle] = [await dial(), await dial()];
    busy.write(Buffer.concat([bytesOf('16'), bytesOf('17')]));
    const heard = answers(busy);
    await working;
    busy.write(bytesOf('18'));
    const closed = server.close();
    expect(await answers(idle)).toEqual([]);
    expect(await heard).toEqual(['AA 16', 'AA 17']);
    busy.end();
    await closed;
    expect(taken).toEqual(['16', '17']);
    await listen(accept);
  });
});

describe('the MLLP sender', () => {
  it('tells a receiver that is away from one that does not answer', async () => {
    await listen(async ({ text }) => {
      await pause(200);
      return acknowledge(text, 'AA');
    });
    const { port } = server;
    await expect(sendMllp('127.0.0.1', port, message('1'), { timeout: 50 })).rejects.toMatchObject({
      slug: 'upstream-timeout',
    });
    await server.close();
    await expect(sendMllp('127.0.0.1', port, message('1'))).rejects.toMatchObject({ slug: 'upstream-unavailable' });
    await listen(accept);
  });
});
