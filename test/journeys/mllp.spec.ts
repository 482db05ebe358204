import path from 'node:path';
import { openDatabase, startPostgres, type Database, type PostgresServer } from '@concord/database';
import { sendMllp } from '@concord/hl7v2';
import { bookFaults, Caller, ok, readBooks, runCounts, waitUntil, type Books } from '@concord/testing';
import { spawnedGateway, type SpawnedGateway } from '../fixtures/spawned-gateway.js';

const VISITS = 40;
const KILLED_AT = 20;

const message = (...segments: string[]): string => segments.join('\r');
const patient = (visit: string) => `PID|1||MRN-${visit}^^^NORTH^MR||Synthetica^Testa||19700101|F`;
const pv1 = (visit: string) =>
  `PV1|1|O|^^^CLINIC-NORTH||||1234^Practica^Test|||||||||||O|${visit}${'|'.repeat(25)}20261121080000|`;

/** A visit as an EHR tells it: registered, charged, discharged. */
const messagesOf = (visit: string) => [
  message(
    `MSH|^~\\&|ADT|CLINIC-NORTH|CONCORD|HUB|20261121080000||ADT^A04^ADT_A01|${visit}-1|P|2.5.1`,
    'EVN|A04|20261121080000',
    patient(visit),
    pv1(visit),
    'IN1|1|PRIVATE|PRIVATE|private',
  ),
  message(
    `MSH|^~\\&|BILLING|CLINIC-NORTH|CONCORD|HUB|20261121082000||DFT^P03^DFT_P03|${visit}-2|P|2.5.1`,
    'EVN|P03|20261121082000',
    patient(visit),
    pv1(visit),
    `FT1|1|TX-${visit}||20261121||CG|CH-VISIT-OFFICE^Office visit||||1`,
  ),
  message(
    `MSH|^~\\&|ADT|CLINIC-NORTH|CONCORD|HUB|20261121083000||ADT^A03^ADT_A03|${visit}-3|P|2.5.1`,
    'EVN|A03|20261121083000',
    patient(visit),
    `${pv1(visit)}20261121083000`,
  ),
];

/** The main job with an EHR that speaks nothing but HL7 v2: no FHIR, no other connector. */
describe('with the health record told over MLLP', () => {
  let gateway: SpawnedGateway;
  let postgres: PostgresServer | undefined;
  let database: Database | undefined;
  let before: Books;
  const environment = { CONNECTOR_EHR: 'hl7v2' };
  const visits = Array.from({ length: VISITS }, (_, i) => `MLLP-${i}`);

  beforeAll(async () => {
    gateway = await spawnedGateway();
    await gateway.start(environment);
    postgres = await startPostgres({ dataDir: path.join(gateway.dataDir, 'postgres'), log: () => undefined });
    database = openDatabase(postgres.url, { max: 4 });
    before = await readBooks(database);
  });

  afterAll(async () => {
    await database?.destroy();
    await gateway?.stop();
    await postgres?.stop();
    await gateway?.remove();
  });

  /** Sends until it is acknowledged AA, as an EHR with a queue does. */
  const send = (text: string) =>
    waitUntil('an acknowledgement', async () => {
      const answer = await sendMllp('127.0.0.1', gateway.mllpPort, text, { timeout: 5000 }).catch(() => undefined);
      return answer?.includes('\rMSA|AA|') === true;
    });

  it('each visit is charged, claimed and posted once, and kill -9 in the middle loses nothing acknowledged', async () => {
    let killed: Promise<void> | undefined;
    for (const [i, visit] of visits.entries()) {
      for (const text of messagesOf(visit)) await send(text);
      if (i === KILLED_AT) killed = gateway.kill().then(() => gateway.start(environment));
    }
    await killed;
    const operations = new Caller(gateway.url, 'operations');
    const isDone = async () => ((await runCounts(operations).catch(() => undefined))?.['completed'] ?? 0) >= VISITS;
    await waitUntil('all runs to be complete', isDone, { withinMs: 90_000, everyMs: 250 });
    expect(await runCounts(operations)).toEqual({ completed: VISITS });
    expect(bookFaults(await readBooks(database!), visits, before)).toEqual([]);
    const finance = new Caller(gateway.url, 'finance-portal');
    const path = `/experience/finance/v1/encounters/${visits[0]}/financials`;
    expect(ok(await finance.get(path))).toMatchObject({ balanced: true, charges: [{ chargeCode: 'CH-VISIT-OFFICE' }] });
    await Promise.all([operations.close(), finance.close()]);
  }, 240_000);
});
