import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HostConfig, startHost, type Host } from '@concord/api';
import { frame, MllpFramer, readBatch, serveMllp, acknowledge, type MllpServer } from '@concord/hl7v2';
import { Caller, freePort, ok, waitUntil } from '@concord/testing';
import { adt, dft, ft1, hl7, pid } from './connectors/hl7v2/messages.fixture.js';
import type { InboundMessage } from './hl7v2.messages.dto.js';

const BASE = '/system/ehr/v1';
const dataDir = mkdtempSync(join(tmpdir(), 'concord-hl7v2-front-'));
let host: Host;
let ehr: Caller;
let operations: Caller;
let port: number;
let peer: MllpServer;
const heardByPeer: string[] = [];

beforeAll(async () => {
  port = await freePort();
  const quiet = { info: () => undefined, warn: () => undefined };
  const onMessage = ({ text }: { text: string }) => {
    heardByPeer.push(text);
    return Promise.resolve(acknowledge(text, 'AA'));
  };
  peer = await serveMllp({ port: 0, host: '127.0.0.1', onMessage, log: quiet });
  Object.assign(process.env, {
    CONNECTOR_EHR: 'hl7v2',
    MLLP_PORT: String(port),
    HL7V2_SEND_HOST: '127.0.0.1',
    HL7V2_SEND_PORT: String(peer.port),
  });
  const { default: ehrApi } = await import('./api.js');
  const config = Object.assign(new HostConfig(), { port: await freePort(), dataDir, logLevel: 'fatal' });
  host = await startHost({ definitions: [ehrApi], config });
  ehr = new Caller(host.url, 'ehr');
  operations = new Caller(host.url, 'operations');
});

afterAll(async () => {
  await Promise.all([ehr.close(), operations.close()]);
  await host.stop();
  await peer.close();
  rmSync(dataDir, { recursive: true });
});

const post = (text: string) =>
  ehr.post<string>(`${BASE}/inbound/hl7v2`, text, { headers: { 'content-type': 'application/hl7-v2' } });
const statusOf = async (visit: string) =>
  ok(await operations.get<{ status: string }>(`${BASE}/encounters/${visit}`)).status;
const messages = async (outcome: string) =>
  ok(await operations.get<{ items: InboundMessage[] }>(`${BASE}/messages/inbound?outcome=${outcome}`)).items;

const dial = async (): Promise<Socket> => {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.on('error', () => undefined);
  await new Promise((connected) => socket.once('connect', connected));
  return socket;
};
/** `MSA-1 MSA-2` of as many acknowledgements as asked for, or of all until the connection ends. */
const answers = async (socket: Socket, count = Infinity): Promise<string[]> => {
  const framer = new MllpFramer();
  const heard: string[] = [];
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    for (const event of framer.push(chunk as Buffer)) {
      if (event.kind !== 'frame') continue;
      for (const [, code, id] of event.bytes.toString().matchAll(/\rMSA\|(\w\w)\|([^|\r]*)/g))
        heard.push(`${code} ${id}`);
    }
    if (heard.length >= count) break;
  }
  return heard;
};
const framed = (text: string) => frame(Buffer.from(text));
const discharge = (visit: string, controlId = visit) =>
  adt('A03', { visit, controlId, discharged: '20260302093000+0000' });

describe('What is wrong on the wire', () => {
  it('does not keep the messages beside it from being heard', async () => {
    const socket = await dial();
    const half = framed(discharge('W4'));
    socket.write(
      Buffer.concat([
        Buffer.from('GET / HTTP/1.1\r\n'), // garbage before the first VT
        framed(discharge('W1')),
        framed('PID|1||SECRETA'), // no MSH
        framed(discharge('W2').slice(0, 40)), // cut off inside its MSH
        framed(discharge('W3').replace('MSH|^~\\&', 'MSH|^^^^')), // delimiters that are none
        half.subarray(0, 50),
      ]),
    );
    expect(await answers(socket, 4)).toEqual(['AA W1', 'AR ', 'AR ', 'AR ']);
    socket.write(half.subarray(50));
    expect(await answers(socket, 1)).toEqual(['AA W4']);
    socket.destroy();
    for (const visit of ['W1', 'W4']) await expect(statusOf(visit)).resolves.toBe('finished');
  });

  it('is answered AR where a frame swallowed a second message, and where it is too long', async () => {
    const socket = await dial();
    const [two, long] = [discharge('D1') + discharge('D2'), `${discharge('L1')}NTE|1||${'x'.repeat(1_100_000)}`];
    socket.write(Buffer.concat([framed(two), framed(long), framed(discharge('L2'))]));
    expect(await answers(socket, 3)).toEqual(['AR D1', 'AR L1', 'AA L2']);
    socket.destroy();
    await expect(operations.get(`${BASE}/encounters/D1`)).resolves.toMatchObject({ status: 404 });
  });

  it('uses bounded memory when it never ends', async () => {
    const socket = await dial();
    const piece = Buffer.alloc(1_000_000, 'x');
    const before = process.memoryUsage.rss();
    socket.write(Buffer.from('\vMSH|^~\\&|A|B|C|D|20260302||ADT^A01|HUGE|P|2.5.1\r'));
    for (let i = 0; i < 250; i += 1) {
      if (!socket.write(piece)) await new Promise((drained) => socket.once('drain', drained));
    }
    socket.write(Buffer.from('\x1c\r'));
    expect(await answers(socket, 1)).toEqual(['AR HUGE']);
    expect(process.memoryUsage.rss() - before).toBeLessThan(200_000_000);
    socket.destroy();
  });

  it('names its place and the reason, with what was refused kept for whoever has to find out why', async () => {
    const answer = await post(adt('A03', { visit: 'SECRET VISIT', controlId: 'R1' }));
    expect([answer.status, answer.body]).toEqual([
      400,
      expect.stringMatching(/\rMSA\|AE\|R1\|.*\rERR\|\|PV1\^1\^19\|102/),
    ]);
    const [refused] = await messages('refused');
    expect(refused).toMatchObject({
      sender: 'ADT/CLINIC-NORTH',
      type: 'ADT^A03',
      faults: [{ pointer: 'PV1-19', code: 'format', detail: expect.stringContaining('letters, digits') }],
    });
    expect(JSON.stringify(refused)).not.toContain('SECRET');
  });
});

describe('A batch', () => {
  const batch = (count: number, ...texts: string[]) =>
    `FHS|^~\\&|HIS|NORTH|CONCORD|HUB|20260302||||F-1\rBHS|^~\\&|HIS|NORTH|CONCORD|HUB|20260302||||B-1\r${texts.join('')}BTS|${count}\rFTS|1\r`;

  it('is answered message by message, in an envelope that says where its count is wrong', async () => {
    const texts = [
      discharge('B1'),
      adt('A03', { visit: '', controlId: 'B2' }),
      dft([ft1('A1')], { visit: 'B3', controlId: 'B3' }),
    ];
    const answer = await post(batch(7, ...texts));
    expect(answer.body.match(/MSA\|A.\|B\d/g)).toEqual(['MSA|AA|B1', 'MSA|AE|B2', 'MSA|AA|B3']);
    expect(answer.body).toContain('BTS|3|BTS-1 counts 7 messages, and 3 were found');
    expect(answer.body).toMatch(/^BHS\|\^~\\&\|CONCORD\|HUB\|HIS\|NORTH\|.*\|F-1\r/);
    expect(readBatch(answer.body).messages).toHaveLength(3);
  });

  it('comes over MLLP as well', async () => {
    const socket = await dial();
    socket.write(framed(batch(2, discharge('B4'), discharge('B5'))));
    expect(await answers(socket, 2)).toEqual(['AA B4', 'AA B5']);
    socket.destroy();
  });

  it('that is nested or cut off loses no message', async () => {
    const nested = `BHS|^~\\&|A\r${batch(1, discharge('B6'))}${discharge('B7')}BTS|1\r`;
    expect((await post(nested)).body.match(/MSA\|A.\|B\d/g)).toEqual(['MSA|AA|B6', 'MSA|AA|B7']);
    const cut = await post(batch(2, discharge('B8')).replace(/BTS[^]*/, ''));
    expect(cut.body).toMatch(/MSA\|AA\|B8[^]*BTS\|1\|.*not closed/);
  });
});

describe('Acknowledgements', () => {
  const asking = (wishes: string, text: string) => text.replace('|P|2.5.1', `|P|2.5.1|||${wishes}`);

  it('are those that MSH-15 and MSH-16 ask for', async () => {
    const socket = await dial();
    const bad = adt('A03', { visit: '', controlId: 'E4' });
    socket.write(
      Buffer.concat([
        framed(asking('AL|NE', discharge('E1'))),
        framed(asking('AL|AL', discharge('E2'))),
        framed(asking('NE|NE', discharge('E3'))),
        framed(asking('ER|ER', bad)),
        framed(hl7('ACK', 'A03', ['MSA|AA|WHATEVER'])), // never acknowledge an acknowledgement
        framed(discharge('E5')),
      ]),
    );
    expect(await answers(socket, 6)).toEqual(['CA E1', 'CA E2', 'AA E2', 'CE E4', 'AE E4', 'AA E5']);
    socket.destroy();
    await expect(statusOf('E3')).resolves.toBe('finished');
  });

  it('come in the character set that the message declares, or is found to have', async () => {
    const name = (charset: string) =>
      hl7('ADT', 'A28', [pid('TEST-MRN-U^^^T^MR', 'MÜLLER^TESTA')], { controlId: `U-${charset.length}` }).replace(
        '|P|2.5.1',
        `|P|2.5.1||||||${charset}`,
      );
    const sent: [string, BufferEncoding, string][] = [
      ['UNICODE UTF-8', 'utf8', 'AA'],
      ['8859/1', 'latin1', 'AA'],
      ['', 'latin1', 'AA'],
      ['8859/1', 'utf8', 'AA'], // declared wrongly, and plainly UTF-8
      ['UNICODE UTF-8', 'latin1', 'AR'], // declared wrongly, and nobody can tell what it is
      ['KLINGON', 'utf8', 'AR'],
    ];
    const socket = await dial();
    for (const [charset, encoding, code] of sent) {
      socket.write(frame(Buffer.from(name(charset), encoding)));
      expect([charset, (await answers(socket, 1))[0]?.slice(0, 2)]).toEqual([charset, code]);
    }
    socket.destroy();
  });
});

describe('Operations', () => {
  it('see what became of each message and what its mapping lost, and no value of it', async () => {
    await post(adt('A01', { visit: 'OPS', controlId: 'OPS-1', patient: `${pid()}|||SECRET STREET 1` }));
    await post(hl7('ZZZ', 'Z01', ['ZZZ|SECRET']));
    const [kept] = await messages('kept');
    expect(kept).toMatchObject({ type: 'ZZZ^Z01', losses: [], faults: [] });
    const [mapped] = await messages('mapped');
    expect(mapped).toMatchObject({
      type: 'ADT^A01',
      losses: expect.arrayContaining([{ place: 'PID-11', reason: expect.any(String) }]),
    });
    expect(JSON.stringify([kept, mapped])).not.toContain('SECRET');
    await expect(ehr.get(`${BASE}/messages/inbound`)).resolves.toMatchObject({ status: 403 });
  });

  it('can follow a message to the EHR until it is acknowledged', async () => {
    const text = hl7('SIU', 'S12', ['SCH||AP1', pid()], { controlId: 'OUT-1' });
    const given = await ehr.post(`${BASE}/messages/outbound`, text, {
      headers: { 'content-type': 'application/hl7-v2' },
    });
    expect(given).toMatchObject({ status: 202, body: { id: 'OUT-1' } });
    await waitUntil('it to be acknowledged', async () => {
      const message = ok(await operations.get<{ state: string }>(`${BASE}/messages/outbound/OUT-1`));
      return message.state === 'sent';
    });
    expect(heardByPeer).toEqual([text]);
    await expect(operations.get(`${BASE}/messages/outbound/OUT-2`)).resolves.toMatchObject({ status: 404 });
  });

  it('are told that this record hears no FHIR', async () => {
    const answer = await ehr.post(`${BASE}/inbound/fhir`, { resourceType: 'Patient', id: 'x' });
    expect(answer).toMatchObject({ status: 501, body: { code: 'not-supported' } });
  });
});
