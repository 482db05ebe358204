import { connect } from 'node:net';
import { AuditTrail, auditMigrations } from '@concord/audit';
import { migrate } from '@concord/database';
import { frame, sendMllp } from '@concord/hl7v2';
import { freePort } from '@concord/testing';
import { adt, dft, ft1 } from './connectors/hl7v2/messages.fixture.js';
import { startRecord, type RecordUnderTest } from './connectors/record.fixture.js';
import { SandboxConnector } from './connectors/sandbox/sandbox.connector.js';
import { Hl7Reception } from './hl7v2.reception.js';
import { MllpListener } from './mllp.listener.js';

let sandbox: RecordUnderTest<SandboxConnector>;
let listener: MllpListener;
let port: number;

beforeAll(async () => {
  sandbox = await startRecord((parts) => new SandboxConnector(parts));
  await migrate(sandbox.database, 'audit', auditMigrations);
  port = await freePort();
  const audit = new AuditTrail(sandbox.database, () => new Date());
  listener = new MllpListener(new Hl7Reception(sandbox.ehr, 'UTC'), audit, { host: '127.0.0.1', port });
  await listener.onApplicationBootstrap();
});

afterAll(async () => {
  await listener.onApplicationShutdown();
  await sandbox.stop();
});

const send = (message: string) => sendMllp('127.0.0.1', port, message);

/** MSA-1 and what follows of the acknowledgement, and its first ERR. */
const answerTo = async (message: string): Promise<string[]> => {
  const segments = (await send(message)).split('\r');
  return segments.filter((segment) => /^(MSA|ERR)/.test(segment));
};

describe('A sender on MLLP', () => {
  it('hears AA once its discharge is durable and announced', async () => {
    const message = adt('A03', { visit: 'M1', controlId: 'K1', discharged: '20260302093000+0000' });
    await expect(answerTo(message)).resolves.toEqual(['MSA|AA|K1']);
    await expect(sandbox.said('M1')).resolves.toEqual(['completed']);
    await expect(sandbox.ehr.readEncounter('M1')).resolves.toMatchObject({ status: 'finished', version: 1 });
  });

  it('may repeat it: AA again, and nothing new', async () => {
    const message = adt('A03', { visit: 'M2', controlId: 'K2', discharged: '20260302093000+0000' });
    for (const text of [message, message, message.replace(/\|20260302\d+\+0000\|\|ADT/, '|20260302110000+0000||ADT')]) {
      await expect(answerTo(text)).resolves.toEqual(['MSA|AA|K2']);
    }
    await expect(sandbox.said('M2')).resolves.toEqual(['completed']);
  });

  it('loses nothing when it gives one control id to two messages', async () => {
    await answerTo(adt('A01', { visit: 'M3', controlId: 'K3' }));
    await answerTo(adt('A03', { visit: 'M3', controlId: 'K3', minute: 1 }));
    await expect(sandbox.said('M3')).resolves.toEqual(['started', 'completed']);
  });

  it('has its charges counted into the encounter', async () => {
    await answerTo(adt('A03', { visit: 'M4', discharged: '20260302093000+0000' }));
    await answerTo(dft([ft1('99213', 'C4'), ft1('A1')], { visit: 'M4', minute: 1 }));
    const { services } = await sandbox.ehr.readEncounter('M4');
    expect(services.map(({ code }) => code.code)).toEqual(['99213', 'A1']);
    await expect(sandbox.said('M4')).resolves.toEqual(['completed', 'completed']);
  });

  it('has a discharge taken back, and given again', async () => {
    const discharged = '20260302093000+0000';
    await answerTo(adt('A03', { visit: 'M5', discharged }));
    await answerTo(adt('A13', { visit: 'M5', minute: 1 }));
    await expect(sandbox.ehr.readEncounter('M5')).resolves.toMatchObject({ status: 'in-progress' });
    await answerTo(adt('A03', { visit: 'M5', minute: 2, discharged }));
    await expect(sandbox.said('M5')).resolves.toEqual(['completed', 'cancelled', 'completed']);
  });

  it('hears AA for a type that nobody reads, and its message is kept', async () => {
    const before = await rawMessages();
    await expect(answerTo(adt('A31', { controlId: 'K6' }))).resolves.toEqual(['MSA|AA|K6|kept, no handler']);
    await expect(rawMessages()).resolves.toBe(before + 1);
  });

  it('hears AE with the place where something is missing, and nothing is kept', async () => {
    const before = await rawMessages();
    const [msa, err] = await answerTo(adt('A03', { visit: '', controlId: 'K7' }));
    expect(msa).toMatch(/^MSA\|AE\|K7\|/);
    expect(err).toMatch(/^ERR\|\|PV1\^1\^19\|101/);
    await expect(rawMessages()).resolves.toBe(before);
  });

  it('hears AR for what is no message', async () => {
    const [msa, err] = await answerTo('TESTA SYNTHETICA was here');
    expect(msa).toMatch(/^MSA\|AR\|/);
    expect(`${msa} ${err}`).not.toContain('SYNTHETICA');
  });

  it('hears AE while the record is down, and AA when it tries again', async () => {
    sandbox.faults.fail('receiveHl7v2', { kind: 'unavailable', times: 1 });
    const message = adt('A03', { visit: 'M8', controlId: 'K8' });
    await expect(answerTo(message)).resolves.toEqual([expect.stringMatching(/^MSA\|AE\|K8/), expect.any(String)]);
    await expect(sandbox.said('M8')).resolves.toEqual([]);
    await expect(answerTo(message)).resolves.toEqual(['MSA|AA|K8']);
    await expect(sandbox.said('M8')).resolves.toEqual(['completed']);
  });

  it('may send many messages on one connection, whole or in pieces', async () => {
    const visits = Array.from({ length: 30 }, (_, i) => `MANY-${i}`);
    const stream = Buffer.concat(
      visits.map((visit, i) => frame(Buffer.from(adt('A03', { visit, controlId: `P${i}` })))),
    );
    const socket = connect({ port, host: '127.0.0.1' });
    for (let at = 0; at < stream.length; at += 777) socket.write(stream.subarray(at, at + 777));
    let heard = '';
    for await (const chunk of socket) {
      heard += String(chunk);
      if (heard.includes('MSA|AA|P29')) break;
    }
    expect(heard.match(/MSA\|AA\|P\d+/g)).toEqual(visits.map((_, i) => `MSA|AA|P${i}`));
    for (const visit of visits) await expect(sandbox.said(visit)).resolves.toEqual(['completed']);
  });
});

const rawMessages = async (): Promise<number> => {
  const { numOf } = await sandbox.database
    .$extendTables<{ 'events.raw_message': { id: string } }>()
    .selectFrom('events.raw_message')
    .select(({ fn }) => fn.countAll<number>().as('numOf'))
    .executeTakeFirstOrThrow();
  return numOf;
};
