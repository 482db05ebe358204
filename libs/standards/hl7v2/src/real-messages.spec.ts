import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { decodeHl7, readBatch, readChargeFacts, readEncounterFacts, readHl7 } from './index.js';

// Sample messages of the FHIR-Converter project (MIT), which are not part of this repository.
const ROOT = process.env['CONCORD_TEST_DATA'] ?? join(import.meta.dirname, '../../../../..', 'shared', 'data');
const FOLDER = join(ROOT, 'hl7v2', 'microsoft__FHIR-Converter');
const present = existsSync(FOLDER);
const suite = present ? describe : describe.skip;

suite(`the 62 sample messages${present ? '' : ' (skipped: point CONCORD_TEST_DATA at the test data)'}`, () => {
  const read = (file: string) => readBatch(decodeHl7(readFileSync(join(FOLDER, file))).text).messages;
  const files = present ? readdirSync(FOLDER).filter((file) => file.endsWith('.hl7')) : [];
  const texts = files.flatMap(read);

  it('all read, and are written as they came', () => {
    expect(texts).toHaveLength(62);
    for (const text of texts) expect(readHl7(text).toString()).toBe(text);
  });

  it('say of each visit what the finance side needs, or exactly what is missing', () => {
    const outcomes: Record<string, number> = {};
    for (const text of texts) {
      const message = readHl7(text);
      if (message.header.type !== 'ADT' && message.header.type !== 'DFT') continue;
      let outcome = 'read';
      try {
        readEncounterFacts(message);
      } catch (error) {
        outcome = (error as { errors: { pointer: string }[] }).errors.map((fault) => fault.pointer).join();
      }
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    expect(outcomes).toEqual({ read: 30 });
  });

  it('tell a discharge from an admission', () => {
    const [discharge = ''] = read('ADT-A03-01.hl7');
    expect(readEncounterFacts(readHl7(discharge))).toMatchObject({
      event: 'A03',
      visitNumber: '40007716',
      patientClass: 'P',
      facility: 'HOMERTON UNIVER',
      admitted: '2015-02-08T10:24:19.000Z',
      discharged: '2015-02-09T10:24:19.000Z',
      attending: '1122334',
      diagnoses: [{ code: '422504002', system: 'SCT', type: 'A' }],
      procedures: [{ code: '76164006', system: 'SCT' }],
    });
  });

  it.each(['DFT-P03-01.hl7', 'DFT-P11-01.hl7'])('%s holds two charges', (file) => {
    const [text = ''] = read(file);
    expect(readChargeFacts(readHl7(text))).toMatchObject([
      {
        transactionId: '12345',
        date: '2019-11-22',
        type: 'CG',
        code: { code: '71045', system: 'C4' },
        quantity: '2',
        amount: { amount: '100', currency: 'USD' },
        unitPrice: { amount: '50', currency: 'USD' },
        department: { code: 'RAD-1' },
        diagnoses: [{ code: '29857009' }, { code: '68235000' }],
        performedBy: '9941339108',
        procedure: { code: '71045' },
        modifiers: ['26'],
      },
      { type: 'CG', quantity: '1', unitPrice: undefined, performedBy: undefined },
    ]);
  });
});
