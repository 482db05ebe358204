import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { money, type NewClaim } from '@concord/canonical';
import { migrate, openDatabase, startPostgres, type Database, type PostgresServer } from '@concord/database';
import { EventLog, eventMigrations, Vault } from '@concord/events';
import { FaultInjection } from '@concord/resilience';
import { waitUntil } from '@concord/testing';
import {
  INSTITUTIONAL_CLAIM,
  PROFESSIONAL_CLAIM,
  readSet,
  readX12,
  setsOf,
  type ProfessionalClaims,
} from '@concord/x12';
import { sql } from 'kysely';
import { SimulatorClock } from '../../../../simulators/src/clock.js';
import { Faults, type FaultKind } from '../../../../simulators/src/faults.js';
import {
  CLEARINGHOUSE_ACCOUNT,
  startClearinghouseSimulator,
  type ClearinghouseSimulator,
} from '../../../../simulators/src/clearinghouse/clearinghouse.simulator.js';
import { connectorConformance, coverageOf } from '../connector.conformance.js';
import { isNpi } from './partner.js';
import { X12Connector } from './x12.connector.js';

const DAY = 86_400_000;
const NOON = new Date('2026-03-02T12:00:00Z');
const BEGAN = performance.now();
/** Goes as fast as the real time, because waits before another attempt are measured by it. */
const now = () => new Date(NOON.getTime() + performance.now() - BEGAN);

let folder: string;
let postgres: PostgresServer;
let database: Database;
let clearinghouse: ClearinghouseSimulator;
/** Everything that the clearinghouse got. */
const got: Buffer[] = [];
let clock: SimulatorClock;
let faults: Faults;
let connector: X12Connector;
const opened: X12Connector[] = [];

function open(wishes: Record<string, string> = {}): X12Connector {
  const vault = Vault.fromSecret(Buffer.alloc(32, 1).toString('base64'));
  const events = new EventLog(database, vault, { clock: now, rawRetentionDays: 1 });
  const environment = {
    CLEARINGHOUSE_SFTP_PORT: String(clearinghouse.port),
    CLEARINGHOUSE_SFTP_USER: CLEARINGHOUSE_ACCOUNT.username,
    CLEARINGHOUSE_SFTP_PASSWORD: CLEARINGHOUSE_ACCOUNT.password,
    CLEARINGHOUSE_SFTP_HOST_KEYS: clearinghouse.fingerprint,
    CLEARINGHOUSE_SFTP_POLL_SECONDS: '0.05',
    CLEARINGHOUSE_BATCH_SECONDS: '3600', // a test says when
    ...wishes,
  };
  const around = { database, vault, events, clock: now, faults: new FaultInjection() };
  const made = new X12Connector(around, environment);
  opened.push(made);
  return made;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'concord-revenue-x12-'));
  postgres = await startPostgres({ dataDir: join(folder, 'pg'), log: () => undefined });
  database = openDatabase(postgres.url);
  await migrate(database, 'events', eventMigrations);
  clock = new SimulatorClock(NOON);
  faults = new Faults(() => clock.now());
  clearinghouse = await startClearinghouseSimulator({
    port: 0,
    clock,
    faults,
    dataDir: join(folder, 'sim'),
    keep: got,
  });
  connector = open();
  await connector.onModuleInit();
});

afterAll(async () => {
  for (const each of opened) await each.onApplicationShutdown();
  await clearinghouse.close();
  await database.destroy();
  await postgres.stop();
  await rm(folder, { recursive: true });
});

const cover = (encounterId: string, wishes: object = {}) =>
  connector.createCoverage(randomUUID(), { ...coverageOf(encounterId), ...wishes });

connectorConformance('x12', () => ({
  connector,
  facility: 'CLINIC-NORTH',
  payer: 'MEDICAID',
  chargeCode: 'CH-VISIT-CHECKUP',
  ready: (encounterId) => cover(encounterId, { payer: 'MEDICAID' }),
}));

const line = (chargeCode: string, amount: string) => ({
  chargeCode,
  service: { system: 'http://snomed.info/sct', code: '185349003' },
  quantity: '1',
  charge: money(amount),
});

const claimOf = (wishes: Partial<NewClaim> = {}): NewClaim => ({
  encounterId: randomUUID(),
  facility: 'CLINIC-NORTH',
  payer: 'MEDICARE',
  serviceDate: '2026-03-01',
  lines: [line('CH-VISIT-CHECKUP', '180.00'), line('CH-IMM-FLU', '45.05')],
  diagnoses: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'Z00.00' }],
  ...wishes,
});

async function raise(wishes: Partial<NewClaim> = {}, coverage: object = {}) {
  const claim = claimOf(wishes);
  await cover(claim.encounterId, { payer: claim.payer, ...coverage });
  return connector.createClaim(randomUUID(), claim);
}

const becomes = (id: string, status: string) =>
  waitUntil(`${id} to be ${status}`, async () => {
    const answer = await connector.readClaimStatus(id);
    return answer.status === status && answer;
  });

const rowsOf = async (table: string) =>
  (await sql<Record<string, unknown>>`select * from ${sql.table(`revenue_cycle_x12.${table}`)}`.execute(database)).rows;

const tell = (operation: string, kind: FaultKind) => faults.tell({ operation, kind });

describe('A claim over the clearinghouse', () => {
  it('goes out, is understood, is taken in, and is paid days later to the cent', async () => {
    const claim = await raise();
    expect(claim.kind).toBe('institutional');
    await connector.sendNow();
    const accepted = await becomes(claim.id, 'accepted');
    expect(accepted.history.map(({ source }) => source)).toEqual(['concord', 'concord', 'acknowledgment', 'payer']);
    expect(accepted.payerClaimNumber).toMatch(/^P\d+$/);
    await clock.turn(15 * DAY);
    await becomes(claim.id, 'paid');
    const { items } = await connector.listRemittances({ status: 'posted', page_size: 500 });
    const remittance = items.find(({ claims }) => claims.some(({ claimNumber }) => claimNumber === claim.number))!;
    const [paid] = remittance.claims.filter(({ claimNumber }) => claimNumber === claim.number);
    expect(paid!.lines).toHaveLength(2);
    await expect(connector.readPatientBalance(claim.encounterId)).resolves.toMatchObject({
      charged: money('225.05'),
      paidByPayers: money('135.02'), // 108.00 + 27.02 (45.05 less 13.52 and 4.51)
      adjusted: money('67.52'),
      patientOwes: money('22.51'),
      open: money('22.51'),
    });
  });

  it('that is denied is shown with its reason, line by line', async () => {
    const claim = await raise({}, { memberId: 'D00000001' });
    await connector.sendNow();
    await becomes(claim.id, 'accepted');
    await clock.turn(15 * DAY);
    await becomes(claim.id, 'denied');
    const { items } = await connector.listDenials({ claim: claim.id });
    expect(items).toMatchObject([
      { line: 1, group: 'CO', reason: '197', amount: money('180.00') },
      { line: 2, group: 'CO', reason: '197', amount: money('45.05') },
    ]);
  });

  it('that the payer does not know is rejected with its codes', async () => {
    const claim = await raise({}, { memberId: 'X00000001' });
    await connector.sendNow();
    const { history } = await becomes(claim.id, 'rejected');
    expect(history.at(-1)).toMatchObject({ source: 'payer', codes: ['A7:33'] });
  });

  it('of a professional kind goes with HCPCS codes', async () => {
    const claim = await raise({ kind: 'professional', lines: [line('CH-IMM-FLU', '45.00')] });
    await connector.sendNow();
    await becomes(claim.id, 'accepted');
  });

  it('that is voided after it was taken in is taken back with the number of the payer', async () => {
    const claim = await raise();
    await connector.sendNow();
    await becomes(claim.id, 'accepted');
    await connector.voidClaim(randomUUID(), claim.id, { reason: 'Encounter corrected' });
    await connector.sendNow();
    const sent = await rowsOf('sent_claim');
    const own = sent.filter(({ claim: number }) => `CLM-${String(number as number).padStart(6, '0')}` === claim.id);
    expect(own.map(({ purpose }) => purpose).sort()).toEqual(['original', 'void']);
  });
});

describe('What no payer would take', () => {
  const refusal = (claim: NewClaim) =>
    connector.createClaim(randomUUID(), claim).then(
      () => undefined,
      (error: { slug: string; errors: { code: string; detail: string }[] }) => error,
    );

  it('is refused without a coverage', async () => {
    expect(await refusal(claimOf())).toMatchObject({ slug: 'coding-incomplete', errors: [{ code: 'no-coverage' }] });
  });

  it('is refused with every fault, in words for a biller and without a name', async () => {
    const claim = claimOf({ kind: 'professional', diagnoses: [], serviceDate: '2024-03-01' });
    await cover(claim.encounterId, { familyName: 'SYNTH*TICA' });
    const { errors } = (await refusal(claim))!;
    expect(errors.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['no-diagnosis', 'timely-filing', 'no-procedure']),
    );
    expect(errors.map(({ detail }) => detail)).toContain(
      'Line 1 (CH-VISIT-CHECKUP) has no HCPCS code, which a professional claim needs',
    );
    expect(JSON.stringify(errors)).not.toContain('TICA');
  });

  it('is refused where a value holds a delimiter', async () => {
    const claim = claimOf();
    await cover(claim.encounterId, { familyName: 'SYNTH*TICA' });
    expect(await refusal(claim)).toMatchObject({ slug: 'coding-incomplete' });
  });

  it('is not sent for somebody who pays himself', async () => {
    const claim = await connector.createClaim(randomUUID(), claimOf({ payer: 'SELF-PAY' }));
    await connector.sendNow();
    await expect(connector.readClaim(claim.id)).resolves.toMatchObject({ status: 'ready' });
  });
});

describe('What is lost, comes twice or is broken', () => {
  it('a lost reply sends no second file, and control numbers have no gap', async () => {
    clearinghouse.server.fail({ on: 'rename', kind: 'reply-lost' });
    const claim = await raise();
    await expect(connector.sendNow()).rejects.toMatchObject({ retryable: true });
    await waitUntil('the mailbox to be back', async () => {
      await connector.sendNow().catch(() => undefined);
      return (await connector.readClaimStatus(claim.id)).status !== 'ready';
    });
    await becomes(claim.id, 'accepted');
    const numbers = (await rowsOf('sent_file')).map(({ interchange }) => Number(interchange)).sort((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  });

  it('a claim that was written before a crash is not written again under another number', async () => {
    const claim = await raise();
    clearinghouse.server.fail({ on: 'write', kind: 'drop' });
    await expect(connector.sendNow()).rejects.toMatchObject({ retryable: true });
    const written = await rowsOf('sent_claim');
    const again = open();
    await again.onModuleInit();
    await waitUntil('the file to be sent', async () => {
      await again.sendNow().catch(() => undefined);
      return (await again.readClaimStatus(claim.id)).status !== 'ready';
    });
    expect(await rowsOf('sent_claim')).toEqual(written);
    await becomes(claim.id, 'accepted');
  });

  it('an answer that comes twice is worked in once', async () => {
    tell('277', 'duplicate');
    const claim = await raise();
    await connector.sendNow();
    await becomes(claim.id, 'accepted');
    await waitUntil('both to be taken', async () => clearinghouse.server.list('/outbox').length === 0);
    const { history } = await connector.readClaimStatus(claim.id);
    expect(history.filter(({ source }) => source === 'payer')).toHaveLength(1);
  });

  it('an answer that is cut off or is no X12 is kept and loses nothing beside it', async () => {
    tell('999', 'malformed');
    tell('277', 'wrong-schema');
    const claim = await raise();
    await connector.sendNow();
    await becomes(claim.id, 'submitted');
    const isFaulty = ({ outcome }: Record<string, unknown>) => outcome === 'faulty';
    await waitUntil('the 999 to be taken', async () => (await rowsOf('received')).some(isFaulty));
    await clock.turn(15 * DAY);
    await becomes(claim.id, 'paid');
  });

  it('answers that come in another order leave the claim where it belongs', async () => {
    tell('999', 'out-of-order');
    const claim = await raise();
    await connector.sendNow();
    const { history } = await becomes(claim.id, 'accepted');
    expect(history.length).toBeGreaterThan(2);
  });

  it('names nobody in the ledger of the exchange, and opens every file with the vault only', async () => {
    const files = await rowsOf('sent_file');
    expect(files.length).toBeGreaterThan(0);
    for (const { content, name } of files) {
      expect((content as Buffer).toString('latin1')).not.toContain('SYNTHETICA');
      const vault = Vault.fromSecret(Buffer.alloc(32, 1).toString('base64'));
      expect(setsOf(readX12(vault.open(content as Buffer, name as string))).length).toBeGreaterThan(0);
    }
  });
});

describe('What could not be used', () => {
  const openFiles = async () => (await connector.listReceivedFiles({ status: 'open', page_size: 500 })).items;
  const arrives = (known: readonly { id: string }[]) =>
    waitUntil('the file to be listed', async () =>
      (await openFiles()).find((file) => known.every(({ id }) => id !== file.id)),
    );

  it('is listed with its place, tried again, and given up by a person', async () => {
    const known = await openFiles();
    tell('277', 'malformed');
    const claim = await raise();
    await connector.sendNow();
    const file = await arrives(known);
    expect(file).toMatchObject({ partner: 'clearinghouse', attempts: 1 });
    expect(file.faults[0]!.position).toMatch(/^ISA\[\d{9}\].* at byte \d+$/);
    expect(JSON.stringify(file)).not.toContain('SYNTHETICA');
    const again = await connector.retryReceivedFile(file.id);
    expect(again).toMatchObject({ status: 'open', attempts: 2, faults: file.faults });
    const gone = await connector.discardReceivedFile(file.id, 'The clearinghouse sends it again');
    expect(gone).toMatchObject({ status: 'discarded', discardedBecause: 'The clearinghouse sends it again' });
    await expect(connector.retryReceivedFile(file.id)).rejects.toMatchObject({ slug: 'conflict' });
    expect((await connector.readClaimStatus(claim.id)).status).not.toBe('rejected');
  });

  it('because its control number came before is worked in when a person says so, once', async () => {
    const claim = await raise();
    tell('277', 'lost');
    await connector.sendNow();
    await becomes(claim.id, 'submitted');
    const sample = (await raise({}, { memberId: 'X00000002' })).number;
    const [file] = await takenIn(sample);
    const known = await openFiles();
    const other = file!.replaceAll(sample, claim.number);
    clearinghouse.server.write('/outbox/again.x12', Buffer.from(other, 'latin1'));
    const listed = await arrives(known);
    expect(listed.faults).toEqual([
      { position: expect.stringMatching(/^ISA/), reason: 'Its control number came before with another content' },
    ]);
    expect(await connector.retryReceivedFile(listed.id)).toMatchObject({ status: 'worked', faults: [] });
    await becomes(claim.id, 'rejected');
  });

  /** The 277CA of a claim as it came, out of the raw messages. */
  async function takenIn(number: string): Promise<string[]> {
    await connector.sendNow();
    await becomes(number, 'rejected');
    const { rows } = await sql<{ id: string; sealed: Buffer }>`
      select id, body as sealed from events.raw_message where source = 'x12'`.execute(database);
    const vault = Vault.fromSecret(Buffer.alloc(32, 1).toString('base64'));
    const texts = rows.map(({ id, sealed }) => vault.open(sealed, id).toString('latin1'));
    return texts.filter((text) => text.includes('*HN*') && text.includes(number));
  }
});

describe('A partner', () => {
  it('gets a 999 for each 277CA and each 835, one that was cut off among them', async () => {
    const claim = await raise();
    await connector.sendNow();
    await becomes(claim.id, 'accepted');
    await clock.turn(15 * DAY);
    await becomes(claim.id, 'paid');
    await connector.sendNow();
    const answered = () => got.flatMap((file) => setsOf(readX12(file))).filter(({ id }) => id === '999');
    await waitUntil('the 999 to arrive', async () => answered().some(({ segments }) => segments[1]!.at(1) === 'HP'));
    expect(new Set(answered().map(({ segments }) => segments[1]!.at(1)))).toEqual(new Set(['HN', 'HP'])); // AK101
    const codes = answered().flatMap(({ segments }) =>
      segments.filter(({ name }) => name === 'AK9').map((ak9) => ak9.at(1)),
    );
    expect(new Set(codes)).toEqual(new Set(['A', 'R']));
  });

  it('of its own payers has its own mailbox, envelopes and control numbers', async () => {
    const toState: Buffer[] = [];
    const state = await startClearinghouseSimulator({
      port: 0,
      clock,
      faults,
      dataDir: join(folder, 'state'),
      keep: toState,
    });
    const two = open({
      CLAIMS_PARTNERS: 'clearinghouse=*,medicaid-direct=MEDICAID',
      MEDICAID_DIRECT_RECEIVER: 'STATE',
      MEDICAID_DIRECT_QUALIFIERS: 'ZZ,30',
      MEDICAID_DIRECT_DELIMITERS: '|>^~',
      MEDICAID_DIRECT_BATCH_SECONDS: '3600',
      MEDICAID_DIRECT_SFTP_PORT: String(state.port),
      MEDICAID_DIRECT_SFTP_PASSWORD: CLEARINGHOUSE_ACCOUNT.password,
      MEDICAID_DIRECT_SFTP_HOST_KEYS: state.fingerprint,
      MEDICAID_DIRECT_SFTP_POLL_SECONDS: '0.05',
    });
    await two.onModuleInit();
    await connector.sendNow(); // what waits from before goes by the old way
    const claim = await raise({ payer: 'MEDICAID' });
    await two.sendNow();
    await becomes(claim.id, 'accepted');
    const { header } = readX12(toState[0]!).interchanges[0]!;
    expect(header).toMatchObject({ receiver: 'STATE', receiverQualifier: '30', controlNumber: '000000001' });
    expect(toState[0]!.toString('latin1')).toMatch(/^ISA\|/);
    expect(two.health().map(({ partner }) => partner)).toEqual(['clearinghouse', 'medicaid-direct']);
    await two.onApplicationShutdown();
    await state.close();
  });
});

describe('An 837', () => {
  /** The segments of the set of a claim, as the clearinghouse got it. */
  const sentFor = async (claim: { id: string; number: string }) => {
    await connector.sendNow();
    await becomes(claim.id, 'accepted');
    const sets = got.flatMap((file) => setsOf(readX12(file)));
    const own = sets.find(({ segments }) =>
      segments.some((each) => each.name === 'CLM' && each.at(1) === claim.number),
    );
    return own!.segments.map((each) => [each.name, each.at(1), each.at(2), each.at(3), each.at(9)].join('*'));
  };
  const provider = { npi: '1234567893', familyName: 'Testarzt', givenName: 'Beta' };

  it.each([
    ['an institutional', '71', {}],
    ['a professional', '82', { kind: 'professional' as const, lines: [line('CH-IMM-FLU', '45.00')] }],
  ])('of %s claim names who treated, the authorization and the other payer', async (_, entity, wishes) => {
    const claim = claimOf({ ...wishes, provider });
    await cover(claim.encounterId, { payer: 'MEDICARE', authorizationNumber: 'AUTH-778' });
    await cover(claim.encounterId, { payer: 'PRIVATE', order: 'secondary', memberId: 'W000000077' });
    const segments = await sentFor(await connector.createClaim(randomUUID(), claim));
    expect(segments).toEqual(
      expect.arrayContaining([
        'SBR*P*18**MA',
        `NM1*${entity}*1*TESTARZT*1234567893`,
        'REF*G1*AUTH-778**',
        'SBR*S*18**CI',
        'NM1*IL*1*SYNTHETICA*W000000077',
        'NM1*PR*2*PRIVATE INSURANCE*60054',
      ]),
    );
  });

  it.each([
    ['an institutional', {}],
    ['a professional', { kind: 'professional' as const, lines: [line('CH-IMM-FLU', '45.00')] }],
  ])('of %s claim tells the next payer what the one before decided, as it is read back', async (_, wishes) => {
    const claim = claimOf(wishes);
    const charge = claim.lines.reduce((sum, each) => sum + Math.round(Number(each.charge.amount) * 100), 0);
    const usd = (cents: number) => ({ amount: (cents / 100).toFixed(2), currency: 'USD' });
    const decision = {
      payer: 'PRIVATE',
      decidedOn: '2026-02-20',
      paid: usd(charge - 1500),
      adjustments: [
        { group: 'PR' as const, reason: '1', amount: usd(1000) },
        { group: 'CO' as const, reason: '45', amount: usd(300) },
        { group: 'PR' as const, reason: '3', amount: usd(200) },
      ],
      patientOwes: usd(1200),
    };
    await cover(claim.encounterId, { payer: 'MEDICARE', order: 'secondary' });
    const without = connector.createClaim(randomUUID(), { ...claim, otherDecisions: [decision] });
    await expect(without).rejects.toMatchObject({
      errors: [{ pointer: '/otherDecisions/0/payer', code: 'no-coverage' }],
    });
    await cover(claim.encounterId, { payer: 'PRIVATE', order: 'primary', memberId: 'W000000078' });
    const off = { ...decision, paid: usd(charge - 1501) };
    const unbalanced = connector.createClaim(randomUUID(), { ...claim, otherDecisions: [off] });
    await expect(unbalanced).rejects.toMatchObject({ errors: [{ pointer: '/otherDecisions/0', code: 'cob-balance' }] });
    const raised = await connector.createClaim(randomUUID(), { ...claim, otherDecisions: [decision] });
    expect(raised.otherDecisions).toEqual([decision]);
    await connector.sendNow();
    await becomes(raised.id, 'accepted');
    const sets = got.flatMap((file) => setsOf(readX12(file)));
    const own = sets.find(({ segments }) =>
      segments.some((each) => each.name === 'CLM' && each.at(1) === raised.number),
    )!;
    const guide = raised.kind === 'professional' ? PROFESSIONAL_CLAIM : INSTITUTIONAL_CLAIM;
    const { value } = readSet<ProfessionalClaims>(guide as typeof PROFESSIONAL_CLAIM, own);
    const [other] = value.providers[0]!.subscribers[0]!.claims![0]!.otherSubscribers!;
    expect(other).toMatchObject({
      adjustments: [
        { group: 'CO', adjustments: [{ reason: '45', amount: '3.00' }] },
        {
          group: 'PR',
          adjustments: [
            { reason: '1', amount: '10.00' },
            { reason: '3', amount: '2.00' },
          ],
        },
      ],
      amounts: [
        { qualifier: 'D', amount: decision.paid.amount },
        { qualifier: 'EAF', amount: '12.00' },
      ],
    });
    expect(other!.parties!.find(({ name }) => name.entity === 'PR')!.dates).toMatchObject([
      { qualifier: '573', value: '20260220' },
    ]);
  });

  it('is not raised without the authorization that the payer wants, nor with a wrong identifier of who treated', async () => {
    const claim = claimOf({
      payer: 'PRIVATE',
      lines: [line('CH-PROC-CABG', '45000.00')],
      provider: { ...provider, npi: '1234567890' },
    });
    await cover(claim.encounterId, { payer: 'PRIVATE' });
    const refused = connector.createClaim(randomUUID(), claim);
    await expect(refused).rejects.toMatchObject({
      slug: 'coding-incomplete',
      errors: expect.arrayContaining([
        expect.objectContaining({ code: 'npi' }),
        expect.objectContaining({ code: 'no-authorization' }),
      ]),
    });
  });
});

describe('The settings', () => {
  it.each([
    ['a partner without payers', 'clearinghouse', 'has an entry that is not like'],
    ['a partner twice', 'a=MEDICARE,a=PRIVATE', 'names a twice'],
    ['a payer twice', 'a=MEDICARE,b=MEDICARE', 'names the payer MEDICARE twice'],
  ])('with %s are refused', (_, partners, words) => {
    const passwords = { A_SFTP_PASSWORD: 'x', B_SFTP_PASSWORD: 'x' };
    expect(() => open({ CLAIMS_PARTNERS: partners, ...passwords })).toThrow(words);
  });

  it('that leave a payer without a partner are refused by his name', async () => {
    const made = open({ CLAIMS_PARTNERS: 'clearinghouse=MEDICARE' });
    opened.pop(); // it never starts
    await expect(made.onModuleInit()).rejects.toThrow('no partner for MEDICAID, PRIVATE');
  });

  it('are refused at start, each by its name', () => {
    expect(() => open({ BILLING_PROVIDER_NPI: '1234567890', BILLING_PROVIDER_TAX_ID: '1' })).toThrow(
      'check digit; BILLING_PROVIDER_TAX_ID must have nine digits',
    );
    expect(() => open({ CLEARINGHOUSE_DELIMITERS: '**^~', CLEARINGHOUSE_SENDER: 'X' })).toThrow(
      'CLEARINGHOUSE_SENDER must have 2 to 15 signs; CLEARINGHOUSE_DELIMITERS must be four different signs',
    );
    expect(isNpi('1234567893')).toBe(true);
  });
});
