import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../sandbox/fixture.js';
import { Hl7Reception } from '../../hl7v2.reception.js';

// Sample messages of the FHIR-Converter project (MIT), which are not part of this repository.
const ROOT = process.env['CONCORD_TEST_DATA'] ?? join(import.meta.dirname, '../../../../../..', 'shared', 'data');
const FOLDER = join(ROOT, 'hl7v2', 'microsoft__FHIR-Converter');
const present = existsSync(FOLDER);
const suite = present ? describe : describe.skip;

suite(`The 61 sample files of HL7 v2${present ? '' : ' (skipped: point CONCORD_TEST_DATA at the test data)'}`, () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox.stop());

  it('are all acknowledged AA, and lead to the encounters they tell of', async () => {
    const reception = new Hl7Reception(sandbox.ehr, 'America/Chicago');
    const codes: Record<string, string> = {};
    for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.hl7'))) {
      codes[file] = (await reception.receiveAll(readFileSync(join(FOLDER, file)))).code;
    }
    expect(Object.entries(codes).filter(([, code]) => code !== 'AA')).toEqual([]);
    const { items } = await sandbox.ehr.listEncounters({});
    expect(items.map(({ id, status }) => `${id} ${status}`).sort()).toEqual([
      '40007716 in-progress',
      '5001 in-progress',
    ]);
  });
});
