import fs from 'node:fs';
import path from 'node:path';
import { sql } from 'kysely';
import { openDatabase, startPostgres } from '@concord/database';
import { Caller, encounterBundle, ok, runCounts, waitUntil } from '@concord/testing';
import { sendMllp } from '@concord/hl7v2';
import { spawnedGateway, type SpawnedGateway } from '../fixtures/spawned-gateway.js';

/** Twelve people who cannot be mistaken for anything else. */
const CANARIES = Array.from({ length: 12 }, (_, i) => {
  const n = String(i + 1).padStart(2, '0');
  return { name: `Zyxcanary${n}qua`, birthDate: `18${n}-07-1${i % 9}`, recordNumber: `MRNZYX${n}77${n}` };
});
const MARKS = CANARIES.flatMap(({ name, birthDate, recordNumber }) => [
  name,
  birthDate,
  birthDate.replaceAll('-', ''),
  recordNumber,
]);

const markIn = (text: string): string | undefined => MARKS.find((mark) => text.includes(mark));

/** Twelve unmistakable patients go in by every door, into success, refusal and failure; then they are hunted. */
describe('twelve canary patients', () => {
  let gateway: SpawnedGateway;
  const answers: string[] = [];
  const encounters: string[] = [];

  beforeAll(async () => {
    gateway = await spawnedGateway();
    await gateway.start({ LOG_LEVEL: 'debug' });
    const ehr = new Caller(gateway.url, 'ehr');
    const operations = new Caller(gateway.url, 'operations');
    const finance = new Caller(gateway.url, 'finance-portal');
    for (const [i, patient] of CANARIES.entries()) {
      const procedures = i % 4 === 3 ? ['404404404'] : ['288086009']; // every fourth has a code that nobody knows
      const { bundle, encounterId } = encounterBundle(`canary-${i}`, { patient, procedures });
      encounters.push(encounterId);
      answers.push(JSON.stringify(ok(await ehr.post('/system/ehr/v1/inbound/fhir', bundle))));
      const broken = structuredClone(bundle) as { entry: { resource: Record<string, unknown> }[] };
      for (const { resource } of broken.entry) resource['status'] = { name: patient.name, mrn: patient.recordNumber };
      for (const body of [broken, { name: patient.name }, `{"name":"${patient.name}"`]) {
        answers.push(JSON.stringify((await ehr.post('/system/ehr/v1/inbound/fhir', body)).body));
      }
      answers.push(
        await sendMllp('127.0.0.1', gateway.mllpPort, discharge(i, patient), { timeout: 10_000 }).then(String),
      );
      const unreadable = `MSH|^~\\&|ADT\rPID|1||${patient.recordNumber}||${patient.name}||${patient.birthDate}`;
      answers.push(String(await sendMllp('127.0.0.1', gateway.mllpPort, unreadable, { timeout: 10_000 })));
      const wrong = { legalEntity: patient.name, lines: patient.recordNumber };
      answers.push(JSON.stringify((await operations.post('/system/erp/v1/journal-entries', wrong)).body));
    }
    await waitUntil('all canaries to be processed', async () => {
      const runs = await runCounts(operations);
      return (runs['completed'] ?? 0) + (runs['parked'] ?? 0) >= CANARIES.length;
    });
    for (const encounter of encounters) {
      for (const path of [
        `/experience/operations/v1/runs/encounter-to-finance:${encounter}`,
        `/experience/operations/v1/exceptions?run=encounter-to-finance:${encounter}`,
        `/system/ehr/v1/encounters/${encounter}`,
      ]) {
        answers.push(JSON.stringify((await operations.get(path)).body));
      }
      const path = `/experience/finance/v1/encounters/${encounter}/financials`;
      answers.push(JSON.stringify((await finance.get(path)).body));
    }
    answers.push(await (await fetch(`${gateway.url}/metrics`)).text());
    await Promise.all([ehr.close(), operations.close(), finance.close()]);
  });

  afterAll(() => gateway?.remove(), 60_000);

  it('are in no answer, of success or refusal, and in no metric', () => {
    expect(answers.length).toBeGreaterThan(100);
    expect(markIn(answers.join('\n'))).toBeUndefined();
  });

  it('are in no log line', () => {
    expect(gateway.output()).toContain('request.answered');
    expect(markIn(gateway.output())).toBeUndefined();
  });

  it('are in no row of Postgres, sealed bodies aside', async () => {
    const postgres = await startPostgres({ dataDir: path.join(gateway.dataDir, 'postgres'), log: () => undefined });
    const database = openDatabase(postgres.url, { max: 2 });
    try {
      const { rows } = await sql<{ name: string }>`
        select format('%I.%I', table_schema, table_name) as name from information_schema.tables
        where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`.execute(database);
      expect(rows.length).toBeGreaterThan(20);
      for (const { name } of rows) {
        const { rows: all } = await sql<{ row: string }>`select t::text as row from ${sql.raw(name)} t`.execute(
          database,
        );
        expect([name, markIn(all.map(({ row }) => row).join('\n'))]).toEqual([name, undefined]);
      }
    } finally {
      await database.destroy();
      await postgres.stop();
    }
  });

  it('are in no file on disk, once everything has stopped: not in Restate, not in Postgres, not in a log', async () => {
    await gateway.stop();
    const files = fs.globSync('**/*', { cwd: gateway.dataDir, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(100);
    for (const file of files) {
      const full = path.join(file.parentPath, file.name);
      const text = fs.readFileSync(full, 'latin1');
      expect([full, markIn(text)]).toEqual([full, undefined]);
    }
  });
});

/** An HL7 v2 discharge of the patient. */
function discharge(i: number, { name, birthDate, recordNumber }: (typeof CANARIES)[number]): string {
  const born = birthDate.replaceAll('-', '');
  return [
    `MSH|^~\\&|ADT|NORTH|CONCORD|HUB|20261121083000||ADT^A03^ADT_A03|CANARY${i}|P|2.5.1`,
    'EVN|A03|20261121083000',
    `PID|1||${recordNumber}^^^NORTH^MR||${name}^Testa||${born}|F`,
    `PV1|1|O|^^^NORTH||||1234^Doctor^Test|||||||||||O|VISITZYX${i}|||||||||||||||||||||||||20261121080000|20261121083000`,
    'PR1|1||288086009^Suture^SCT||20261121081000',
    'IN1|1|PRIVATE|PRIVATE|private',
  ].join('\r');
}
