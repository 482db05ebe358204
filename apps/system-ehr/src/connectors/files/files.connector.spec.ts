import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { randomUUID } from 'node:crypto';
import { configure } from '@concord/api';
import { mailboxSettings } from '@concord/sftp';
import { startSftpServer, waitUntil } from '@concord/testing';
import { connectorConformance, type VisitWishes } from '../connector.conformance.js';
import { startRecord, type RecordUnderTest } from '../record.fixture.js';
import { FilesMailbox } from './files.config.js';
import { FilesConnector } from './files.connector.js';
import { checkedProfile, readProfile } from './profile.js';

const profile = readProfile(join(import.meta.dirname, 'profiles', 'practice.json'));
let record: RecordUnderTest<FilesConnector>;

const file = (name: string, ...pieces: (string | Buffer)[]) => ({
  name,
  writtenAt: new Date('2026-03-02T20:00:00Z'),
  pieces: () => piecesOf(pieces),
});
async function* piecesOf(pieces: readonly (string | Buffer)[], asked = () => {}): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    await Promise.resolve();
    asked();
    yield Buffer.from(piece);
  }
}

/** Bytes that are in use, garbage aside. */
function bytesInUse(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
const take = (name: string, ...pieces: (string | Buffer)[]) => record.ehr.takeFile(file(name, ...pieces));
const messages = async () => (await record.ehr.listInboundMessages({ page_size: 500 })).items;
const faultsOf = async () =>
  (await messages()).flatMap(({ faults }) => faults.map(({ pointer, detail }) => `${pointer}: ${detail}`));

const VISITS = 'visit_no,chart_no,state,type,site,started,ended,provider_id,diagnoses,payer,changed_at';
const CHARGES = 'charge_no,visit_no,code,units,service_date,state,changed_at';
const row = (id: string, more: Partial<Record<string, string>> = {}) =>
  VISITS.split(',')
    .map(
      (name) =>
        more[name] ??
        {
          visit_no: id,
          chart_no: `C-${id}`,
          state: 'CLOSED',
          type: 'OFFICE',
          site: 'CLINIC-NORTH',
          started: '03/02/2026 09:00',
          ended: '03/02/2026 09:30',
          provider_id: 'DOC1',
          diagnoses: 'I10;E11.9',
          payer: 'medicare',
          changed_at: '2026-03-02 10:00:00',
        }[name] ??
        '',
    )
    .join(',');

beforeAll(async () => {
  record = await startRecord((parts) => new FilesConnector(parts, { profile }));
  await take(
    'patients.csv',
    'chart_no,name,birth_date,sex,mrn,changed_at\nC-1,Testa Synthetica,01/31/1970,F,TEST-MRN-1,2026-03-02 08:00:00\nTRAILER,1\n',
  );
  await take('providers.csv', 'provider_id,name,npi\nDOC1,Dr. Testa Practica,9999999999\nTRAILER,1\n');
  await take(
    'appointments.csv',
    'appointment_no,chart_no,state,starts,ends,providers,visit_no\nA1,C-1,BOOKED,04/01/2026 09:00,04/01/2026 09:30,DOC1;DOC2,\nTRAILER,1\n',
  );
});

afterAll(() => record.stop());

const visit = async ({ facility, status, start, minutes }: VisitWishes): Promise<string> => {
  const id = `V-${randomUUID()}`;
  const time = (instant: string) => instant.replace(/^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d).*/, '$2/$3/$1 $4');
  const end = time(new Date(Date.parse(start) + minutes * 60_000).toISOString());
  const state = status === 'finished' ? 'CLOSED' : 'OPEN';
  const more = { site: facility, state, started: time(start), ended: state === 'CLOSED' ? end : '' };
  await take('visits.csv', `${VISITS}\n${row(id, more)}\nTRAILER,1\n`);
  return id;
};

connectorConformance('files', () => ({ ehr: record.ehr, visit }));

describe('An extract of a practice', () => {
  it('becomes canonical column by column', async () => {
    await take('visits-1.csv', `${VISITS}\n${row('X1')}\nTRAILER,1\n`);
    await take(
      'charges-1.csv',
      `${CHARGES}\nT1,X1,CH-VISIT-OFFICE,2,03/02/2026,POSTED,2026-03-02 10:00:00\nTRAILER,1\n`,
    );
    await expect(record.ehr.readEncounter('X1')).resolves.toMatchObject({
      status: 'finished',
      class: 'ambulatory',
      serviceProvider: { system: 'urn:concord:facility', value: 'CLINIC-NORTH' },
      startedAt: '2026-03-02T09:00:00.000Z',
      endedAt: '2026-03-02T09:30:00.000Z',
      services: [
        { kind: 'charge', code: { system: 'urn:concord:charge-code', code: 'CH-VISIT-OFFICE' }, quantity: '2' },
      ],
      clinicians: [{ practitionerId: 'DOC1', role: 'physician', minutes: 30 }],
      diagnoses: [{ code: 'I10' }, { code: 'E11.9' }],
      payer: 'medicare',
    });
    await expect(record.ehr.list('charge', { encounter: 'X1' })).resolves.toMatchObject({
      items: [{ id: 'T1', status: 'billable' }],
    });
    await expect(record.ehr.read('appointment', 'A1')).resolves.toMatchObject({
      practitionerIds: ['DOC1', 'DOC2'],
      status: 'booked',
    });
    const [patient] = (await record.ehr.list('patient', {})).items;
    expect(patient).toMatchObject({
      id: expect.stringMatching(/^p-/),
      name: 'Testa Synthetica',
      birthDate: '1970-01-31',
      gender: 'female',
    });
    await expect(record.said('X1')).resolves.toEqual(['completed', 'completed']);
  });

  it('loses a charge that is void, and keeps what an older extract says away', async () => {
    const charge = (units: string, state: string, changed: string) =>
      `${CHARGES}\nT2,X2,CH-A,${units},03/02/2026,${state},${changed}\nTRAILER,1\n`;
    await take('visits-2.csv', `${VISITS}\n${row('X2')}\nTRAILER,1\n`);
    await take('charges-2.csv', charge('3', 'POSTED', '2026-03-02 11:00:00'));
    await take('charges-2-old.csv', charge('1', 'POSTED', '2026-03-02 10:00:00'));
    await expect(record.ehr.readEncounter('X2')).resolves.toMatchObject({ services: [{ quantity: '3' }] });
    await take('charges-2-new.csv', charge('3', 'VOID', '2026-03-02 12:00:00'));
    await expect(record.ehr.readEncounter('X2')).resolves.toMatchObject({ services: [] });
  });

  it('that comes twice, under whatever name, says nothing new', async () => {
    const text = `${VISITS}\n${row('X3')}\nTRAILER,1\n`;
    await take('visits-3.csv', text);
    const before = (await messages()).length;
    await take('visits-3-again.csv', text);
    expect((await messages()).length).toBe(before);
    await expect(record.said('X3')).resolves.toEqual(['completed']);
  });

  it('has its bad lines told with line, column and reason, and no value of them, while the good ones go on', async () => {
    const lines = [
      VISITS,
      row('X4'),
      row('SECRET VISIT'),
      row('X5', { started: '31.12.2026' }),
      row('X6', { state: 'SECRET' }),
      `${row('X7')},too,many`,
      row('', { visit_no: '' }),
      row('X8', { payer: 'un"closed' }),
      row('X9'),
      'TRAILER,9',
      '',
    ];
    await take('visits-4.csv', lines.join('\n'));
    for (const id of ['X4', 'X9'])
      await expect(record.ehr.readEncounter(id)).resolves.toMatchObject({ status: 'finished' });
    const faults = await faultsOf();
    expect(faults).toEqual(
      expect.arrayContaining([
        'line 3, column 1 (visit_no): is no id: letters, digits and ._:- only',
        'line 4, column 6 (started): is no time as MM/dd/yyyy HH:mm',
        'line 5, column 3 (state): is none of the words that the profile knows',
        'line 6: has 13 fields, and there are 11 columns',
        'line 7, column 1 (visit_no): is empty',
        'line 8: has a quote inside a field that is not quoted',
        'trailer: 9 lines are claimed, and 8 were found',
      ]),
    );
    expect(faults.join()).not.toContain('SECRET');
  });

  it('says which of its columns nobody reads, and is refused where one is missing that is needed', async () => {
    await take('visits-5.csv', `${VISITS},insurance_note\n${row('X10')},SECRET\nTRAILER,1\n`);
    const losses = (await messages()).flatMap((message) => message.losses);
    expect(losses).toContainEqual({ place: 'column insurance_note', reason: 'is not in the profile' });
    await take('visits-6.csv', 'visit_no,chart_no\nX11,C-11\nTRAILER,1\n');
    expect(await faultsOf()).toEqual(expect.arrayContaining(['line 1: The column state is missing']));
    expect((await messages())[0]).toMatchObject({ outcome: 'refused' });
    await expect(record.ehr.readEncounter('X11')).rejects.toMatchObject({ slug: 'not-found' });
  });

  it('that is cut off, or of no kind that is known, says so', async () => {
    await take('visits-7.csv', `${VISITS}\n${row('X12')}\n`);
    expect(await faultsOf()).toContain('trailer: The trailer is missing: the file may be cut off');
    await take('holidays.csv', 'day\n2026-12-25\n');
    const [newest] = await messages();
    expect(newest).toMatchObject({ outcome: 'kept', type: 'file^unknown' });
    const since = async (changed_since: string) =>
      (await record.ehr.listInboundMessages({ page_size: 500, changed_since })).items;
    expect(await since(newest!.changedAt)).toContainEqual(newest);
    expect(await since(new Date(Date.parse(newest!.changedAt) + 1).toISOString())).toEqual([]);
  });

  it('is read in the encoding and with the delimiter of its profile', async () => {
    const other = checkedProfile({ ...profile, encoding: 'windows-1252', delimiter: ';', timeZone: 'America/Chicago' });
    const practice = new FilesConnector({ ...record, clock: () => new Date() }, { profile: other });
    const text = 'provider_id;name;npi\r\nDOC-Ü;x;\r\nDOC77;Dr. Müllerïn "Q" €;\r\nTRAILER;2\r\n';
    await practice.takeFile(file('providers-8.csv', encode1252(text)));
    await expect(practice.read('practitioner', 'DOC77')).rejects.toMatchObject({ slug: 'not-found' }); // a stray quote
    await practice.takeFile(file('providers-9.csv', encode1252(text.replaceAll('"', ''))));
    await expect(practice.read('practitioner', 'DOC77')).resolves.toMatchObject({ name: 'Dr. Müllerïn Q €' });
  });

  it('of a hundred megabytes is read in bounded memory', async () => {
    const long = `LONG,${'x'.repeat(5_000_000)},\n`;
    const good = (i: number) => `GOOD${i},Dr. Testa Practica ${i},\n`;
    const lines = Array.from({ length: 20 }, (_, i) => [good(i), long]).flat();
    const pieces = ['provider_id,name,npi\n', ...lines, 'TRAILER,40\n'];
    const before = bytesInUse();
    const held: number[] = [];
    const measured = () => piecesOf(pieces, () => held.push(held.length % 10 ? 0 : bytesInUse() - before));
    await record.ehr.takeFile({ ...file('providers-large.csv'), pieces: measured });
    expect(held.length).toBeGreaterThanOrEqual(pieces.length);
    expect(Math.max(...held)).toBeLessThan(40_000_000); // a few pieces of five million
    await take(
      'providers-quote.csv',
      'provider_id,name,npi\nQ1,"never closed,\n',
      long,
      'GOOD20,After it,\nTRAILER,3\n',
    );
    await expect(record.ehr.read('practitioner', 'GOOD20')).resolves.toMatchObject({ name: 'After it' });
    await expect(record.ehr.read('practitioner', 'GOOD19')).resolves.toMatchObject({ name: 'Dr. Testa Practica 19' });
    expect(await faultsOf()).toContain('line 41: is longer than a megabyte');
  });
});

/** Node writes no windows-1252; what is used of it here differs from Latin-1 only in the euro sign. */
const encode1252 = (text: string): Buffer => {
  const bytes = Buffer.from(text.replaceAll('€', '\u0080'), 'latin1');
  return bytes;
};

describe('Extracts are taken', () => {
  it('from a folder, once they are written to their end', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'concord-files-'));
    const settings = { profile, folder: { path: folder, pollMs: 20 } };
    const practice = new FilesConnector({ ...record, clock: () => new Date() }, settings);
    await practice.onApplicationBootstrap();
    await writeFile(join(folder, 'visits-f.csv.part'), 'half');
    await writeFile(join(folder, 'visits-f.csv'), `${VISITS}\n${row('F1')}\nTRAILER,1\n`);
    await waitUntil(
      'the file to be taken',
      async () => (await readdir(join(folder, 'taken')).catch(() => [])).length === 1,
    );
    await practice.onApplicationShutdown();
    await expect(practice.readEncounter('F1')).resolves.toMatchObject({ status: 'finished' });
    expect((await readdir(folder)).sort()).toEqual(['taken', 'visits-f.csv.part']);
    await rm(folder, { recursive: true });
  });

  it('from the mailbox of the practice', async () => {
    const server = await startSftpServer({ accounts: { concord: { password: 'test-secret' } }, folders: ['/outbox'] });
    const environment = {
      FILES_SFTP_PORT: String(server.port),
      FILES_SFTP_PASSWORD: 'test-secret',
      FILES_SFTP_POLL_SECONDS: '0.02',
      FILES_SFTP_HOST_KEYS: server.fingerprint,
    };
    const mailbox = mailboxSettings('practice', configure(FilesMailbox, environment));
    const practice = new FilesConnector({ ...record, clock: () => new Date() }, { profile, mailbox });
    await practice.onApplicationBootstrap();
    server.write('/outbox/visits-m.csv', Buffer.from(`${VISITS}\n${row('M1')}\nTRAILER,1\n`));
    await waitUntil('the visit to be known', () =>
      practice.readEncounter('M1').then(
        () => true,
        () => false,
      ),
    );
    await practice.onApplicationShutdown();
    await server.close();
  });
});

describe('A profile', () => {
  it.each([
    [
      'has an extract of a kind that nobody knows',
      { extracts: [{ ...profile.extracts[0], kind: 'invoice' }] },
      '/extracts/0/kind',
    ],
    [
      'reads a cell as nothing that there is',
      { extracts: [{ ...profile.extracts[0], columns: { a: { fact: 'x', as: 'y' } } }] },
      '/extracts/0/columns/a/as',
    ],
    ['names an id that is no column', { extracts: [{ ...profile.extracts[0], id: 'nope' }] }, 'the id column nope'],
    ['has an encoding that nobody knows', { encoding: 'klingon' }, 'encoding'],
    ['lives in no time zone', { timeZone: 'Mars/North' }, 'timeZone'],
  ])('that %s is refused where it is wrong', (_, change, words) => {
    expect(() => checkedProfile({ ...profile, ...change })).toThrow(words);
  });
});
