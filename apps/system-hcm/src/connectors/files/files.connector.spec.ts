import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { WorkforceExtract } from '@concord/canonical';
import { migrate, openDatabase, startPostgres, type Database, type PostgresServer } from '@concord/database';
import { EventLog, eventMigrations, Vault } from '@concord/events';
import { startSftpServer, waitUntil, type SftpServer } from '@concord/testing';
import { sql } from 'kysely';
import { connectorConformance } from '../connector.conformance.js';
import { readConformance } from '../conformance/read.conformance.js';
import { filesSettings } from './files.config.js';
import { FilesConnector } from './files.connector.js';
import { checkedProfile } from './profile.js';

const EXAMPLE = join(import.meta.dirname, 'example');
const HEAD = 'EMP_NO,NAME,JOB_FAM,SITE,DEPT,COST_CTR,HIRED,STATUS';

let folder: string;
let postgres: PostgresServer;
let database: Database;
let events: EventLog;
let server: SftpServer;
let connector: FilesConnector;
let now = new Date('2026-03-03T02:00:00Z');

const vault = () => Vault.fromFile(join(folder, 'vault.key'));

function settings() {
  return filesSettings({
    HCM_SFTP_PORT: String(server.port),
    HCM_SFTP_PASSWORD: 'test-secret',
    HCM_SFTP_HOST_KEYS: server.fingerprint,
    HCM_SFTP_POLL_SECONDS: '0.02',
  });
}

const started = async (given = settings()): Promise<FilesConnector> => {
  const one = new FilesConnector({ database, vault: vault(), events, clock: () => now }, given);
  await one.onModuleInit();
  return one;
};

const all = async () => (await connector.extracts.list({ page_size: 500 })).items;
const worked = (name: string, withinMs?: number) =>
  waitUntil(
    `${name} to be worked in`,
    async () => (await all()).find((one) => one.name === name && one.status !== 'received'),
    { withinMs },
  );

/** Leaves a file in the mailbox and waits for what becomes of it. */
async function left(name: string, content: string | Buffer): Promise<WorkforceExtract> {
  server.write(`/outbox/${name}`, content);
  return worked(name);
}

const example = (name: string) => readFile(join(EXAMPLE, `${name}-20260302.csv`), 'utf8');
const examples = async (name: string) => (await example(name)).split('\r\n').slice(0, -2); // without the trailer
const file = (lines: readonly string[]) => [...lines, `TRAILER,${lines.length - 1}`, ''].join('\r\n');
const told = ({ faults }: WorkforceExtract) => faults.map(({ place, detail }) => `${place}: ${detail}`);
const typesOf = async (workerId: string) =>
  (await events.after(0, 100_000)).filter(({ subject }) => subject === workerId).map(({ type }) => type.split('.')[3]);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'concord-hcm-files-'));
  postgres = await startPostgres({ dataDir: folder, log: () => undefined });
  database = openDatabase(postgres.url);
  await migrate(database, 'events', eventMigrations);
  events = new EventLog(database, vault(), { clock: () => now, rawRetentionDays: 30 });
  server = await startSftpServer({ accounts: { concord: { password: 'test-secret' } }, folders: ['/outbox'] });
  connector = await started();
  for (const name of await readdir(EXAMPLE)) server.write(`/outbox/${name}`, await readFile(join(EXAMPLE, name)));
  for (const name of await readdir(EXAMPLE))
    expect(await worked(name)).toMatchObject({ status: 'applied', faults: [] });
});

afterAll(async () => {
  await connector.onApplicationShutdown();
  await server.close();
  await database.destroy();
  await postgres.stop();
  await rm(folder, { recursive: true });
});

connectorConformance('files', () => ({ connector, facility: 'CLINIC-NORTH', orgUnit: 'D10', costCenter: 'CC-10' }));

describe('A nightly extract', () => {
  it('becomes canonical column by column, and what is nobody else’s business is sealed', async () => {
    await expect(connector.workers.read('E5001')).resolves.toEqual({
      id: 'E5001',
      name: 'Testworker, Acacia',
      role: 'physician',
      jobTitle: 'Synthetic',
      email: 'acacia.testworker@hr.example',
      legalEntity: 'LSH',
      facility: 'CLINIC-NORTH',
      orgUnit: 'D10',
      costCenter: 'CC-10',
      positionId: 'P100',
      startsOn: '2022-01-01',
      status: 'active',
      personal: { birthDate: '1980-01-15', phone: '+1 555 0100' },
      revision: '1',
      changedAt: now.toISOString(),
    });
    await expect(connector.payResults.read('2026-02.E5002')).resolves.toMatchObject({
      gross: { amount: '5000.00', currency: 'USD' },
      paidOn: '2026-02-28',
      lines: [
        { code: 'SALARY', kind: 'earning', amount: { amount: '5000.00', currency: 'USD' } },
        { code: 'RETIRE', kind: 'deduction', amount: { amount: '200.00', currency: 'USD' } },
        { code: 'FEDTAX', kind: 'tax', amount: { amount: '1000.00', currency: 'USD' } },
      ],
    });
    await expect(connector.onboardings.read('H8001')).resolves.toMatchObject({
      workerId: 'E5011',
      startsOn: '2026-03-02',
      state: 'provisioned',
      checklist: [
        { code: 'CONTRACT', title: 'Contract signed', done: true },
        { code: 'LICENCE', title: 'License verified', done: false },
      ],
    });
    await expect(connector.terminations.read('L8102')).resolves.toMatchObject({
      reason: 'end-of-contract',
      accessEnds: 'after-last-day',
      checklist: [{ code: 'DEVICES', title: 'Devices returned', done: false }],
    });
    await expect(connector.credentials.read('E5001.MD')).resolves.toMatchObject({
      number: 'SYN-0',
      privileges: ['SEDATION', 'IMAGING'],
    });
    const { rows } = await sql<{ kept: string }>`
      select string_agg(body::text, '') as kept from files_hcm.record`.execute(database);
    expect(rows[0]!.kept).not.toMatch(/1980|555|5000\.00|SYN-0/);
    const { rows: pieces } = await sql<{ sealed: Buffer }>`select sealed from files_hcm.piece`.execute(database);
    expect(pieces).toHaveLength(11); // as they came, and read by nobody without the key
    expect(pieces.some(({ sealed }) => sealed.includes('Testworker'))).toBe(false);
    expect(await typesOf('E5001')).toEqual(['hired']);
  });

  it('changes what differs and nothing else', async () => {
    now = new Date('2026-03-04T02:00:00Z');
    const lines = await examples('workers');
    const moved = lines.map((line) => (line.startsWith('E5002') ? line.replace('CC-11', 'CC-10') : line));
    expect(await left('workers-20260303.csv', file(moved))).toMatchObject({ status: 'applied', changed: 1, ended: 0 });
    await expect(connector.workers.read('E5002')).resolves.toMatchObject({
      costCenter: 'CC-10',
      revision: '2',
      changedAt: now.toISOString(),
    });
    await expect(connector.workers.read('E5003')).resolves.toMatchObject({ revision: '1' });
    const { items } = await connector.workers.list({ changed_since: now.toISOString() });
    expect(items.map(({ id }) => id)).toEqual(['E5002']);
    expect(await typesOf('E5002')).toEqual(['hired', 'changed']);
    expect(await left('workers-20260303-again.csv', file(moved))).toMatchObject({ status: 'applied', changed: 0 });
  });

  it('ends who is not in it any more, and lets him come back', async () => {
    const lines = await examples('workers');
    const without = lines.filter((line) => !line.startsWith('E5012'));
    expect(await left('workers-20260304.csv', file(without))).toMatchObject({ changed: 1, ended: 1 });
    await expect(connector.workers.read('E5012')).resolves.toMatchObject({
      status: 'terminated',
      lastDay: '2026-03-04',
    });
    expect(await typesOf('E5012')).toEqual(['hired', 'terminated']);
    expect(await left('workers-20260305.csv', file(lines))).toMatchObject({ changed: 1, ended: 0 });
    await expect(connector.workers.read('E5012')).resolves.toMatchObject({ status: 'active' });
    expect(await typesOf('E5012')).toEqual(['hired', 'terminated', 'hired']);
  });

  it('that shrinks the workforce beyond belief is set aside as a whole, until a person accepts it', async () => {
    const few = (await examples('workers')).slice(0, 8).map((line) => line.replace(',Synthetic,', ',Reorganised,'));
    const aside = await left('workers-20260306.csv', file(few));
    expect(aside).toMatchObject({ status: 'set-aside', reason: 'shrinks', changed: 0, ended: 0 });
    expect(told(aside)).toEqual(['file: 5 of 12 would end, and 10 in a hundred are believed']);
    await expect(connector.workers.read('E5001')).resolves.toMatchObject({ jobTitle: 'Synthetic' });
    await expect(connector.workers.read('E5012')).resolves.toMatchObject({ status: 'active' });

    const leaving = (await examples('workers')).map((line, i) => (i > 7 ? line.replace(',A,', ',T,') : line));
    expect(await left('workers-20260307.csv', file(leaving))).toMatchObject({ reason: 'shrinks' });

    now = new Date(now.getTime() + 60_000);
    await connector.extracts.accept(aside.id);
    const { items: since } = await connector.extracts.list({ changed_since: now.toISOString() });
    expect(since.map(({ id, changedAt }) => [id, changedAt])).toEqual([[aside.id, now.toISOString()]]);
    await waitUntil('the accepted one', async () => (await connector.extracts.read(aside.id)).status === 'applied');
    await expect(connector.workers.read('E5001')).resolves.toMatchObject({ jobTitle: 'Reorganised' });
    await expect(connector.workers.read('E5012')).resolves.toMatchObject({ status: 'terminated' });
    await expect(connector.extracts.accept(aside.id)).resolves.toMatchObject({ status: 'applied' });
    expect(await left('workers-20260308.csv', await example('workers'))).toMatchObject({ status: 'applied' });
  });

  it('that is older than what is known is set aside', async () => {
    const aside = await left('workers-20260101.csv', await example('workers'));
    expect(aside).toMatchObject({ status: 'set-aside', reason: 'outdated' });
    await expect(connector.extracts.accept(aside.id)).rejects.toMatchObject({ slug: 'conflict' });
  });

  it('that is lost with the process is worked in by the next, once', async () => {
    const lines = (await examples('workers')).map((line) =>
      line.startsWith('E5004') ? line.replace('TECH', 'OTH') : line,
    );
    await sql`create function files_hcm.break() returns trigger language plpgsql as
      $$ begin raise exception 'the store is full'; end $$`.execute(database);
    await sql`create trigger break before update on files_hcm.record for each row execute function files_hcm.break()`.execute(
      database,
    );
    server.write('/outbox/workers-20260309.csv', file(lines));
    await waitUntil('an attempt', async () => {
      const { rows } = await sql`select 1 from files_hcm.extract where attempts > 0 and status = 'received'`.execute(
        database,
      );
      return rows.length > 0;
    });
    await connector.onApplicationShutdown();
    await sql`drop trigger break on files_hcm.record`.execute(database);
    await expect(connector.workers.read('E5004')).resolves.toMatchObject({ role: 'technician' });
    connector = await started();
    expect(await worked('workers-20260309.csv')).toMatchObject({ status: 'applied', changed: 1 });
    await expect(connector.workers.read('E5004')).resolves.toMatchObject({ role: 'other' });
  });
});

describe('A hostile extract', () => {
  let night = 0;
  const next = () => `workers-202604${String(++night).padStart(2, '0')}.csv`;
  const row = (id: string, more = 'CC-10') => `${id},New Testworker,RN,CLINIC-NORTH,D10,${more},03/01/2026,A`;
  /** The columns of the example that all of these have. */
  const staff = async () =>
    (await connector.workers.list({ page_size: 500, status: 'active' })).items.map(({ id }) => row(id));

  it('has its bad lines told with line, column and reason, and no value, while the good ones go on', async () => {
    const lines = [
      HEAD,
      ...(await staff()),
      row('E6001'),
      'E6002,New Testworker,CANARY,CLINIC-NORTH,D10,CC-10,03/01/2026,A',
      'E6003,New Testworker,RN,CLINIC-NORTH,D10,CC-10,02/30/2026,A',
      'E6004,,RN,CLINIC-NORTH,D10,CC-10,03/01/2026,A',
      'E6005,New Testworker,RN,CLINIC-NORTH,D10,CC-10,03/01/2026,A,CANARY',
      'CANARY 7,New Testworker,RN,CLINIC-NORTH,D10,CC-10,03/01/2026,A',
      'E6007,New "CANARY" Testworker,RN,CLINIC-NORTH,D10,CC-10,03/01/2026,A',
      'E6008,"New\r\nTestworker",RN,CLINIC-NORTH,D10,CC-10,03/01/2026,A',
      row('E6009'),
    ];
    const extract = await left(next(), file(lines));
    const first = lines.indexOf(row('E6001')) + 1;
    expect(extract).toMatchObject({ status: 'applied', faultCount: 7 });
    expect(told(extract)).toEqual([
      `line ${first + 1}, column 3 (JOB_FAM): is none of the words that the profile knows`,
      `line ${first + 2}, column 7 (HIRED): is no day as MM/dd/yyyy`,
      `line ${first + 3}, column 2 (NAME): is empty`,
      `line ${first + 4}: has 9 fields, and there are 8 columns`,
      `line ${first + 5}: is named by what is no code`,
      `line ${first + 6}: has a quote inside a field that is not quoted`,
      `line ${first + 7}, column 2 (NAME): holds a line break or another control character`,
    ]);
    expect(JSON.stringify(extract)).not.toContain('CANARY');
    await expect(connector.workers.read('E6001')).resolves.toMatchObject({ status: 'active' });
    await expect(connector.workers.read('E6009')).resolves.toMatchObject({ status: 'active' });
  });

  it('ends nobody where it is cut off, or a line of it cannot say whom it names', async () => {
    const lines = (await staff()).slice(0, -1);
    const cut = await left(next(), [HEAD, ...lines, 'E60'].join('\r\n'));
    expect(cut).toMatchObject({ status: 'applied', ended: 0 });
    expect(told(cut)).toContain('trailer: The trailer is missing: the file may be cut off');
    const short = await left(next(), [HEAD, ...lines, `TRAILER,${lines.length + 1}`].join('\n'));
    expect(short).toMatchObject({ status: 'applied', ended: 0 });
    expect(told(short)).toEqual([`trailer: ${lines.length + 1} lines are claimed, and ${lines.length} were found`]);
    const nameless = await left(next(), file([HEAD, ...lines, ',Somebody,RN,CLINIC-NORTH,D10,CC-10,03/01/2026,A']));
    expect(nameless).toMatchObject({ status: 'applied', ended: 0, faultCount: 1 });
  });

  it('leaves as he is who is named twice with different words, or by a line that cannot be used', async () => {
    const lines = await staff();
    const before = await connector.workers.read('E6001');
    const extract = await left(
      next(),
      file([
        HEAD,
        ...lines.filter((line) => !line.startsWith('E6009')),
        row('E6001', 'CC-11'),
        lines[0]!,
        'E6009,,RN,,,,03/01/2026,A',
      ]),
    );
    const [first, twice] = [lines.indexOf(row('E6001')) + 2, lines.length + 1];
    expect(extract).toMatchObject({ status: 'applied', changed: 0, ended: 0 });
    expect(told(extract)).toEqual([
      `line ${twice + 2}, column 2 (NAME): is empty`,
      `line ${twice}: has the id of line ${first}, and says something else`,
      `line ${first}: has the id of line ${twice}, and says something else`,
      `line ${twice + 1}: is line 2 once more`,
    ]);
    await expect(connector.workers.read('E6001')).resolves.toEqual(before);
    await expect(connector.workers.read('E6009')).resolves.toMatchObject({ status: 'active' });
  });

  it.each([
    ['with a foreign delimiter', (text: string) => text.replaceAll(',', ';'), 'line 1: Nothing is separated by ","'],
    [
      'without a column that is needed',
      (text: string) => text.replace('HIRED', 'HIERD'),
      'line 1: The column HIRED is missing',
    ],
    ['with a column twice', (text: string) => text.replace('DEPT', 'SITE'), 'line 1: The column SITE is there twice'],
    ['that is empty', () => '', 'line 1: The file names no columns'],
  ])('%s is set aside, and changes nothing', async (_, spoil, why) => {
    const aside = await left(next(), spoil(file([HEAD, ...(await staff())])));
    expect(aside).toMatchObject({ status: 'set-aside', reason: 'columns-missing', changed: 0, ended: 0 });
    expect(told(aside)).toContain(why);
  });

  it('with a byte order mark and other line ends is read as any other', async () => {
    const text = [HEAD, ...(await staff()), row('E6010')].join('\n');
    const extract = await left(next(), Buffer.from(`\ufeff${text}\nTRAILER,${text.split('\n').length - 1}\n`));
    expect(extract).toMatchObject({ status: 'applied', changed: 1, faults: [] });
  });

  it('of a name that the profile does not know is kept and set aside', async () => {
    expect(await left('menu-20260401.csv', 'soup,salad\n')).toMatchObject({
      status: 'set-aside',
      reason: 'unknown-file',
    });
  });

  it('of a hundred megabytes is worked in with less than forty in use', async () => {
    const people = await staff();
    const notes = 'x'.repeat(500_000);
    const before = bytesInUse();
    let most = 0;
    async function* pieces(): AsyncGenerator<Buffer> {
      yield Buffer.from(`${HEAD},NOTES\n${people.map((line) => `${line},\n`).join('')}`);
      for (let i = 0; i < 200; i++) {
        await Promise.resolve();
        if (i % 40 === 0) most = Math.max(most, bytesInUse() - before);
        yield Buffer.from(`${row(`F${10_001 + i}`)},${notes}\n`);
      }
      yield Buffer.from(`TRAILER,${people.length + 200}\n`);
    }
    const name = next();
    const large = { name, size: 100_000_000, modifiedAt: now };
    const enter = await connector.takeIn(large, pieces());
    await database.transaction().execute((tx) => enter({ ...large, sha256: '' }, tx));
    const measuring = new AbortController();
    const measured = measureUntil(measuring.signal, () => (most = Math.max(most, bytesInUse() - before)));
    const extract = await worked(name, 100_000).finally(() => measuring.abort());
    await measured;
    expect(extract).toMatchObject({ status: 'applied', faultCount: 0 });
    expect(most).toBeLessThan(40_000_000);
  });
});

/** Measures again and again, for a tenth of the time at most: collecting takes long where the machine has more to do. */
async function measureUntil(signal: AbortSignal, measure: () => void): Promise<void> {
  while (!signal.aborted) {
    const began = performance.now();
    measure();
    const took = performance.now() - began;
    await pause(Math.max(500, 9 * took), undefined, { signal }).catch(() => undefined);
  }
}

/** Bytes that are in use, garbage aside. */
function bytesInUse(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect(); // what buffers held is free when the next collection begins
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

describe('A platform that tells of little', () => {
  const profile = checkedProfile({ ...declared().profile, extracts: declared().profile.extracts.slice(0, 4) });
  let little: FilesConnector;
  beforeAll(async () => {
    little = new FilesConnector({ database, vault: vault(), events, clock: () => now }, { ...settings(), profile });
  });
  readConformance('files (workers only)', () => ({
    connector: little,
    facility: 'CLINIC-NORTH',
    orgUnit: 'D10',
    costCenter: 'CC-10',
  }));
});

describe('A profile', () => {
  const { profile } = declared();
  const [workers] = profile.extracts;
  const [pay, hires] = ['pay-result', 'onboarding'].map((kind) => profile.extracts.find((one) => one.kind === kind));
  it.each([
    ['has an extract of a kind that nobody knows', { kind: 'invoice' }, '/extracts/0/kind'],
    ['tells of what there is not', { columns: { ...workers!.columns, X: { field: 'shoeSize' } } }, 'tells of shoeSize'],
    ['lacks what is needed', { columns: { EMP_NO: { field: 'id' } } }, 'does not tell of name'],
    ['is named by no column', { id: ['BADGE'] }, 'BADGE, which is not among its columns'],
    [
      'has a word that is none of ours',
      { columns: { ...workers!.columns, STATUS: { field: 'status', values: { A: 'here' } } } },
      'none of ours: here',
    ],
    ['has a constant that cannot be', { constants: { status: 'here' } }, 'a constant status that'],
    [
      'has a task without a title',
      { kind: 'onboarding', columns: { ...hires!.columns, X: { field: 'checklist', item: 'X' } } },
      'a column for checklist whose title is not said',
    ],
    [
      'has a pay line of a kind that is none of ours',
      { kind: 'pay-result', columns: { ...pay!.columns, X: { field: 'lines', item: 'X', sort: 'gift' } } },
      'a column for lines whose sort is not said',
    ],
    ['has no regular expression', { files: '(' }, '/extracts/0/files'],
  ])('that %s stops the start', (_, spoilt, why) => {
    const wrong = { ...profile, extracts: [{ ...workers, ...spoilt }] };
    expect(() => checkedProfile(wrong)).toThrow(why);
  });

  it('that has two extracts of a kind, or ends what only comes, stops the start', () => {
    expect(() => checkedProfile({ ...profile, extracts: [workers, hires] })).toThrow('it tells onboarding only');
    expect(() => checkedProfile({ ...profile, extracts: [workers, workers] })).toThrow('two extracts of worker');
    expect(() => checkedProfile({ ...profile, extracts: [{ ...pay, absent: 'ended' }] })).toThrow('cannot end');
    expect(() => checkedProfile({ ...profile, encoding: 'klingon' })).toThrow('klingon');
  });
});

/** With no server, for what is known before there is one. */
function declared() {
  return filesSettings({ HCM_SFTP_PASSWORD: 'test-secret' });
}
