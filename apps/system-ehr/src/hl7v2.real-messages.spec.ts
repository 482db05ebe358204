import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AuditTrail, auditMigrations } from '@concord/audit';
import { migrate } from '@concord/database';
import { frame, MllpFramer, readBatch, readHl7 } from '@concord/hl7v2';
import { freePort } from '@concord/testing';
import { sql } from 'kysely';
import { connect } from 'node:net';
import { startRecord, type RecordUnderTest } from './connectors/record.fixture.js';
import { Hl7v2Connector } from './connectors/hl7v2/hl7v2.connector.js';
import { Hl7Reception } from './hl7v2.reception.js';
import { MllpListener } from './mllp.listener.js';

// Sample messages of the FHIR-Converter project (MIT), which are not part of this repository.
const ROOT = process.env['CONCORD_TEST_DATA'] ?? join(import.meta.dirname, '../../../..', 'shared', 'data');
const FOLDER = join(ROOT, 'hl7v2', 'microsoft__FHIR-Converter');
const present = existsSync(FOLDER);
const suite = present ? describe : describe.skip;
const skipped = present ? '' : ' (skipped: point CONCORD_TEST_DATA at the test data)';

const files = present ? readdirSync(FOLDER).filter((name) => name.endsWith('.hl7')) : [];
const bytesOf = (file: string) => readFileSync(join(FOLDER, file));

suite(`The 61 sample files of HL7 v2${skipped}`, () => {
  let record: RecordUnderTest<Hl7v2Connector>;
  let reception: Hl7Reception;
  beforeAll(async () => {
    record = await startRecord((parts) => new Hl7v2Connector(parts));
    await migrate(record.database, 'audit', auditMigrations);
    reception = new Hl7Reception(record.ehr, 'America/Chicago');
  });
  afterAll(() => record.stop());

  it('hold 62 messages, and are all acknowledged AA as text', async () => {
    const refused: string[] = [];
    for (const file of files) {
      const { code } = await reception.receiveAll(bytesOf(file));
      if (code !== 'AA') refused.push(`${file} ${code}`);
    }
    expect(refused).toEqual([]);
    expect(files).toHaveLength(61);
    const messages = files.flatMap((file) => readBatch(bytesOf(file).toString()).messages);
    expect(messages).toHaveLength(62);
  });

  it('are read, and mapped or kept, as this table counts', async () => {
    const { rows } = await sql<{ type: string; read: number; mapped: number; kept: number; losses: number }>`
      select type, count(*)::int as read, (count(*) filter (where outcome = 'mapped'))::int as mapped,
        (count(*) filter (where outcome = 'kept'))::int as kept, coalesce(sum(jsonb_array_length(l.losses)), 0)::int as losses
      from hl7v2_ehr.message m left join hl7v2_ehr.loss l on l.id = m.loss_id group by type order by type`.execute(
      record.database,
    );
    const line = (words: readonly (string | number)[]) =>
      words.map((word, i) => (i ? String(word).padStart(7) : String(word).padEnd(9))).join('');
    const sum = (of: 'read' | 'mapped' | 'kept' | 'losses') => rows.reduce((all, row) => all + row[of], 0);
    const table = [
      line(['type', 'read', 'mapped', 'kept', 'losses']),
      ...rows.map(({ type, read, mapped, kept, losses }) => line([type, read, mapped, kept, losses])),
      line(['all', sum('read'), sum('mapped'), sum('kept'), sum('losses')]),
    ];
    process.stdout.write(`${table.join('\n')}\n`);
    expect([sum('read'), sum('mapped') + sum('kept')]).toEqual([62, 62]);
    expect(rows.filter(({ mapped, read }) => mapped === read).map(({ type }) => type)).toEqual(
      expect.arrayContaining([
        'ADT^A01',
        'ADT^A03',
        'ADT^A08',
        'ADT^A40',
        'DFT^P03',
        'DFT^P11',
        'ORU^R01',
        'SIU^S12',
        'SIU^S26',
      ]),
    );
    const { items } = await record.ehr.listEncounters({});
    expect(items.map(({ id, status }) => `${id} ${status}`).sort()).toEqual([
      '40007716 in-progress',
      '5001 in-progress',
    ]);
  });

  it('are answered over MLLP as each asks for, on one connection', async () => {
    const port = await freePort();
    const audit = new AuditTrail(record.database, () => new Date());
    const listener = new MllpListener(reception, audit, { host: '127.0.0.1', port });
    await listener.onApplicationBootstrap();
    const socket = connect({ port, host: '127.0.0.1' });
    for (const file of files) socket.write(frame(bytesOf(file)));
    const end = Buffer.from('MSH|^~\\&|END|X|||20260101||ZZZ^Z99|THE-END|P|2.5.1\r');
    socket.write(frame(end));
    const framer = new MllpFramer();
    const codes: Record<string, number> = {};
    reading: for await (const chunk of socket) {
      for (const event of framer.push(chunk as Buffer)) {
        if (event.kind !== 'frame') continue;
        for (const text of readBatch(event.bytes.toString()).messages) {
          const msa = readHl7(text).segment('MSA');
          if (msa?.text(2) === 'THE-END') break reading;
          codes[msa?.text(1) ?? ''] = (codes[msa?.text(1) ?? ''] ?? 0) + 1;
        }
      }
    }
    socket.destroy();
    await listener.onApplicationShutdown();
    process.stdout.write(`acknowledged over MLLP: ${JSON.stringify(codes)}\n`);
    expect(Object.keys(codes).every((code) => code === 'AA' || code === 'CA')).toBe(true);
  });
});
