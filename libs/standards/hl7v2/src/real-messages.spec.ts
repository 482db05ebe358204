import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { decodeHl7, readBatch, readChargeFacts, readHl7 } from './index.js';

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
