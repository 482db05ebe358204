import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { money } from '@concord/canonical';
import { migrate, openDatabase, startPostgres, type Database, type PostgresServer } from '@concord/database';
import { EventLog, eventMigrations, Vault } from '@concord/events';
import { FaultInjection } from '@concord/resilience';
import { startSftpServer, waitUntil, type SftpServer } from '@concord/testing';
import { connectorConformance } from '../connector.conformance.js';
import { FilesConnector } from './files.connector.js';

let folder: string;
let postgres: PostgresServer;
let database: Database;
let server: SftpServer;
let connector: FilesConnector;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'concord-revenue-files-'));
  postgres = await startPostgres({ dataDir: folder, log: () => undefined });
  database = openDatabase(postgres.url);
  await migrate(database, 'events', eventMigrations);
  server = await startSftpServer({ accounts: { concord: { password: 'test' } }, folders: ['/outbox', '/inbox'] });
  const vault = Vault.fromSecret(Buffer.alloc(32, 1).toString('base64'));
  const clock = () => new Date();
  const events = new EventLog(database, vault, { clock, rawRetentionDays: 1 });
  connector = new FilesConnector(
    { database, vault, events, clock, faults: new FaultInjection() },
    {
      ADJUSTMENTS_SFTP_PORT: String(server.port),
      ADJUSTMENTS_SFTP_PASSWORD: 'test',
      ADJUSTMENTS_SFTP_HOST_KEYS: server.fingerprint,
      ADJUSTMENTS_SFTP_POLL_SECONDS: '0.03',
    },
  );
  await connector.onModuleInit();
});

afterAll(async () => {
  await connector.onApplicationShutdown();
  await server.close();
  await database.destroy();
  await postgres.stop();
  await rm(folder, { recursive: true });
});

connectorConformance('files', () => ({
  connector,
  facility: 'CLINIC-NORTH',
  payer: 'MEDICAID',
  chargeCode: 'CH-VISIT-CHECKUP',
}));

describe('A file of adjustments', () => {
  const claimed = () =>
    connector.createClaim(randomUUID(), {
      encounterId: randomUUID(),
      facility: 'CLINIC-NORTH',
      payer: 'MEDICARE',
      serviceDate: '2026-03-02',
      lines: [
        {
          chargeCode: 'CH-VISIT-CHECKUP',
          service: { system: 'http://snomed.info/sct', code: '185349003' },
          quantity: '1',
          charge: money('180.00'),
        },
      ],
    });

  /** Leaves a file and waits for its report. */
  async function reportOn(name: string, ...lines: string[]): Promise<string[]> {
    server.write(`/outbox/${name}.csv`, lines.join('\r\n'));
    const file = await waitUntil(`the report on ${name}`, async () =>
      server.list('/inbox').find((each) => each.startsWith(`${name}-`) && each.endsWith('.report.csv')),
    );
    return server.read(`/inbox/${file}`).toString().trim().split('\n');
  }

  it('is entered line by line, and every line and the totals are reported', async () => {
    const { number, encounterId } = await claimed();
    const report = await reportOn(
      'good',
      'HEADER,WO-1',
      `${number},WO,12.50,USD,2026-11-20,"Small balance, closed"`,
      'CLM-999999999,WO,5.00,USD,2026-11-20,Small balance',
      `${number},XX,1.00,USD,2026-11-20,Unknown kind`,
      `${number},PP,7.25,USD,2026-11-20,Paid at the desk`,
      'TRAILER,4,25.75',
    );
    expect(report).toEqual([
      'HEADER,WO-1,taken,',
      expect.stringMatching(/^1,entered,ADJ-\d+,$/),
      '2,refused,,There is no claim of this number',
      '3,refused,,"The kind is none of WO, CA, CT, CR, PP"',
      expect.stringMatching(/^4,entered,ADJ-\d+,$/),
      'TRAILER,4,19.75,6.00,25.75',
    ]);
    await expect(connector.readPatientBalance(encounterId)).resolves.toMatchObject({
      adjusted: money('12.50'),
      paidByPatient: money('7.25'),
      open: money('160.25'),
    });
  });

  it('whose total is not that of its lines changes nothing', async () => {
    const { number, encounterId } = await claimed();
    const line = `${number},WO,12.50,USD,2026-11-20,Small balance`;
    const report = await reportOn('lossy', 'HEADER,WO-2', line, 'TRAILER,1,13.50');
    expect(report[0]).toBe('HEADER,WO-2,refused,"The lines come to 12.50, but the total says 13.50"');
    await expect(connector.readPatientBalance(encounterId)).resolves.toMatchObject({ open: money('180.00') });
  });

  it.each([
    ['is cut off', ['HEADER,WO-3', 'CLM-000001,WO,1.00,USD,2026-11-20,Lost'], 'Line 2: the file has no trailer'],
    [
      'counts wrong',
      ['HEADER,WO-4', 'CLM-000001,WO,1.00,USD,2026-11-20,One', 'TRAILER,2,1.00'],
      'counts 2 lines, but 1',
    ],
    [
      'has no amount',
      ['HEADER,WO-5', 'CLM-000001,WO,one,USD,2026-11-20,One', 'TRAILER,1,1.00'],
      'Line 2: the file has an',
    ],
    ['is no CSV', ['HEADER,"WO-6', 'CLM-000001'], 'no CSV'],
  ])('that %s is refused with the place', async (name, lines, why) => {
    const [head] = await reportOn(name.replaceAll(' ', '-'), ...lines);
    expect(head).toContain('refused');
    expect(head).toContain(why);
  });

  it('that comes again under another name has its effect once', async () => {
    const { number, encounterId } = await claimed();
    const lines = ['HEADER,WO-7', `${number},WO,10.00,USD,2026-11-20,Small balance`, 'TRAILER,1,10.00'];
    const first = await reportOn('once', ...lines);
    expect(await reportOn('twice', ...lines)).toEqual(first);
    await expect(connector.readPatientBalance(encounterId)).resolves.toMatchObject({ open: money('170.00') });
  });
});
