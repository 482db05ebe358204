import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDatabase, startPostgres, type Database, type PostgresServer } from '@concord/database';
import { EventLog, eventMigrations, Vault } from '@concord/events';
import { FaultInjection } from '@concord/resilience';
import { money } from '@concord/canonical';
import { connectorConformance } from '../connector.conformance.js';
import { SandboxConnector } from './sandbox.connector.js';

const NOON = new Date('2026-03-02T12:00:00Z');

let folder: string;
let postgres: PostgresServer;
let database: Database;
let faults: FaultInjection;
let connector: SandboxConnector;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'concord-revenue-cycle-'));
  postgres = await startPostgres({ dataDir: folder, log: () => undefined });
  database = openDatabase(postgres.url);
  faults = new FaultInjection();
  await migrate(database, 'events', eventMigrations);
  connector = new SandboxConnector(surroundings());
  await connector.onModuleInit();
});

function surroundings(faulty = faults) {
  const vault = Vault.fromSecret(Buffer.alloc(32, 1).toString('base64'));
  const clock = () => NOON;
  return {
    database,
    vault,
    clock,
    faults: faulty,
    events: new EventLog(database, vault, { clock, rawRetentionDays: 1 }),
  };
}

afterAll(async () => {
  await database.destroy();
  await postgres.stop();
  await rm(folder, { recursive: true });
});

connectorConformance('sandbox', () => ({
  connector,
  facility: 'CLINIC-NORTH',
  payer: 'MEDICAID',
  chargeCode: 'CH-VISIT-CHECKUP',
}));

describe('The sandbox of the revenue cycle', () => {
  const line = {
    chargeCode: 'CH-IMM-FLU',
    service: { system: 'http://hl7.org/fhir/sid/cvx', code: '140' },
    quantity: '1',
    charge: money('45.00'),
  };
  const claim = { facility: 'CLINIC-WEST', payer: 'PRIVATE', serviceDate: '2026-03-02', lines: [line] };

  it('charges own codes and HCPCS level II only, each at a price', async () => {
    const { items } = await connector.listChargeItems({ page_size: 500 });
    expect(items.every(({ code }) => /^CH-[A-Z0-9-]+$/.test(code))).toBe(true);
    expect(items.every(({ price }) => Number(price.amount) > 0)).toBe(true);
    expect(items.every(({ hcpcs }) => hcpcs === undefined || /^[A-CE-V][0-9]{4}$/.test(hcpcs))).toBe(true);
  });

  it('starts again with the prices and claims it had', async () => {
    const raised = await connector.createClaim('run-6/claim', { ...claim, encounterId: 'encounter-6' });
    const again = new SandboxConnector(surroundings(new FaultInjection()));
    await again.onModuleInit();
    await expect(again.readClaim(raised.id)).resolves.toEqual(raised);
    await expect(again.listPayers({})).resolves.toEqual(await connector.listPayers({}));
  });

  it('gives the first claim to a caller who never heard the first reply', async () => {
    faults.fail('createClaim', { kind: 'reply-lost', times: 1 });
    const asked = { ...claim, encounterId: 'encounter-7' };
    await expect(connector.createClaim('run-7/claim', asked)).rejects.toMatchObject({ slug: 'upstream-timeout' });
    const found = await connector.createClaim('run-7/claim', asked);
    await expect(connector.listClaims({ encounter_id: 'encounter-7' })).resolves.toEqual({ items: [found] });
  });

  it('answers nothing while it is told to be down', async () => {
    faults.fail('*', { kind: 'unavailable', times: 1_000_000 });
    await expect(connector.readPayer('PRIVATE')).rejects.toMatchObject({ slug: 'upstream-unavailable' });
    await expect(connector.listClaims({})).rejects.toMatchObject({ slug: 'upstream-unavailable' });
    faults.clear();
    await expect(connector.readPayer('PRIVATE')).resolves.toMatchObject({ expectedShare: '0.72' });
  });

  it('refuses the page token of another list', async () => {
    const { nextPageToken: page_token } = await connector.listPayers({ page_size: 1 });
    await expect(connector.listClaims({ page_token })).rejects.toMatchObject({ slug: 'validation-failed' });
  });

  it('tells of a payment and of a denial once, in ids and amounts only', async () => {
    const { id, number, charge } = await connector.createClaim('run-8/claim', { ...claim, encounterId: 'encounter-8' });
    const zero = money(0);
    const remittance = {
      payer: 'PAYER-8',
      traceNumber: 'EFT-8',
      paidOn: '2026-03-20',
      amount: zero,
      providerAdjustments: [],
      claims: [
        {
          claimNumber: number,
          statusCode: '4',
          charge,
          paid: zero,
          patientResponsibility: zero,
          adjustments: [{ group: 'CO' as const, reason: '197', amount: charge }],
          lines: [],
        },
      ],
    };
    await connector.createRemittance('key-8', remittance);
    await connector.createRemittance('key-9', remittance);
    const said = (await surroundings().events.after(0, 500)).filter(({ subject }) => subject === 'encounter-8');
    expect(said.map(({ type }) => type)).toEqual(['org.concord.claim.settled.v1', 'org.concord.claim.denied.v1']);
    expect(said[1]!.data).toEqual({
      denialId: expect.stringMatching(/^DEN-/),
      claimId: id,
      encounterId: 'encounter-8',
      payer: 'PRIVATE',
      reason: '197',
      amount: charge,
      occurredAt: NOON.toISOString(),
    });
  });

  it('begins with encounters that payers have paid and denied, and adds none at the next start', async () => {
    await new SandboxConnector(surroundings()).onModuleInit();
    const { items: coverages } = await connector.listCoverages({ page_size: 500 });
    const seeded = coverages.filter(({ encounterId }) => encounterId.startsWith('seed-'));
    expect(seeded).toHaveLength(6);
    const { items: remittances } = await connector.listRemittances({ page_size: 500 });
    const ours = remittances.filter(({ traceNumber }) => traceNumber.startsWith('SEED-'));
    expect(ours.map(({ status }) => status)).toEqual(Array(6).fill('posted'));
    const { items: denials } = await connector.listDenials({ page_size: 500 });
    const reasons = denials.filter(({ encounterId }) => encounterId.startsWith('seed-')).map(({ reason }) => reason);
    expect(reasons.sort()).toEqual(['119', '29', '50']);
    const balance = await connector.readPatientBalance('seed-encounter-1');
    expect(balance).toMatchObject({ charged: money('225.00'), patientOwes: money('16.20'), open: money('16.20') });
  });
});
