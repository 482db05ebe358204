import { randomUUID } from 'node:crypto';
import { readHl7 } from '@concord/hl7v2';
import { connectorConformance, type VisitWishes } from '../connector.conformance.js';
import { startRecord, type RecordUnderTest } from '../record.fixture.js';
import { Hl7v2Connector } from './hl7v2.connector.js';
import { adt, dft, ft1, hl7, pid } from './messages.fixture.js';

let record: RecordUnderTest<Hl7v2Connector>;
const tell = (text: string) => record.ehr.receiveHl7v2(readHl7(text));
const time = (instant: string) => `${instant.replace(/\D/g, '').slice(0, 14).padEnd(14, '0')}+0000`;

beforeAll(async () => {
  record = await startRecord((parts) => new Hl7v2Connector(parts));
  // Something of every kind that HL7 v2 tells of.
  for (let i = 0; i < 10; i += 1) {
    const wishes = { visit: `ALL-${i}`, patient: pid(`TEST-ALL-${i}^^^T^MR`), location: `W^R^B${i}^N` };
    await tell(adt('A01', { ...wishes, attending: `DOC${i}^PRACTICA`, more: [`PR1|1||7616400${i}^Biopsy^SCT`] }));
    await tell(dft([ft1(`A${i}`)], { ...wishes, minute: 1 }));
    await tell(hl7('SIU', 'S12', [`SCH||AP${i}`, pid(), 'AIS|1|A|1^X^L|20260401090000+0000', `AIP|1|A|DOC${i}^P`]));
    await tell(hl7('ORM', 'O01', [pid(), `ORC|NW|O${i}`, `OBR|1|O${i}||2345-7^Glucose^LN`]));
    await tell(hl7('MFN', 'M02', ['MFI|PRA', `MFE|MAD|1||S${i}`, `STF|S${i}|S${i}|PRACTICA^TESTA`, `PRA|S${i}||MD`]));
    const rxa = `RXA|0|${i}|20260302090000+0000||140^Influenza^CVX|0.5|mL${'|'.repeat(8)}LOT${i}|20270101||||CP`;
    await tell(hl7('VXU', 'V04', [pid(), `PV1|1|O${'|'.repeat(17)}ALL-${i}`, rxa]));
  }
});

afterAll(() => record.stop());

const visit = async ({ facility, status, start, minutes }: VisitWishes): Promise<string> => {
  const id = `V-${randomUUID()}`;
  const end = time(new Date(Date.parse(start) + minutes * 60_000).toISOString());
  const isOver = status === 'finished';
  const text = adt(isOver ? 'A03' : 'A01', { visit: id, facility, discharged: isOver ? end : '' });
  await tell(text.replace('20260302080000+0000', time(start)));
  return id;
};

connectorConformance('hl7v2', () => ({ ehr: record.ehr, visit }));

describe('Lists of what HL7 v2 told', () => {
  it('hold only what is asked for', async () => {
    const { ehr } = record;
    const ids = (page: { items: { id: string }[] }) => page.items.map(({ id }) => id);
    await expect(ehr.list('appointment', { practitioner: 'DOC3' }).then(ids)).resolves.toEqual(['AP3']);
    await expect(ehr.list('appointment', { from: '2026-04-02T00:00:00Z' }).then(ids)).resolves.toEqual([]);
    await expect(
      ehr.list('appointment', { until: '2026-04-02T00:00:00Z', status: 'booked' }).then(ids),
    ).resolves.toHaveLength(10);
    await expect(ehr.list('charge', { encounter: 'ALL-4' })).resolves.toMatchObject({
      items: [{ encounterId: 'ALL-4', code: { code: 'A4' }, quantity: '1', status: 'billable' }],
    });
    await expect(ehr.list('procedure', { encounter: 'ALL-4' })).resolves.toMatchObject({
      items: [{ code: { code: '76164004' } }],
    });
    await expect(ehr.list('supply-use', { encounter: 'ALL-4' })).resolves.toMatchObject({
      items: [{ kind: 'immunization', lot: 'LOT4', quantity: '0.5', unit: 'mL', expiresOn: '2027-01-01' }],
    });
    await expect(ehr.readEncounter('ALL-4')).resolves.toMatchObject({
      supplies: [{ item: { code: '140' }, lot: 'LOT4' }],
    });
    await expect(ehr.list('order', { status: 'active' }).then(ids)).resolves.toHaveLength(10);
    await expect(ehr.read('bed', 'N:W:R:B4')).resolves.toMatchObject({ locationId: 'N:W:R', status: 'unknown' });
    await expect(ehr.read('practitioner-role', 'S4')).resolves.toMatchObject({
      practitionerId: 'S4',
      role: 'physician',
      active: true,
    });
  });
});
