// Reading X12: MB of an 835 per second of one thread's processor time (so that what else runs does not count), cut and
// checked by its envelopes, and in full detail by its guide.
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const root = path.resolve(import.meta.dirname, '../..');
const CLAIMS = 200;
const MEGABYTES = 24;
const ROUNDS = 5;

const claim = (number) => ({
  claim: {
    number: `CLM-${number}`,
    status: '1',
    charge: '150',
    paid: '100',
    patientResponsibility: '20',
    filing: 'CI',
    payerNumber: `PAYER${number}`,
    facility: '11',
    frequency: '1',
  },
  adjustments: [],
  names: [{ entity: 'QC', type: '1', name: 'TESTPATIENT', first: 'ALPHA', idQualifier: 'MI', id: 'TEST0001' }],
  dates: [{ qualifier: '232', date: '20260228' }],
  lines: [
    {
      service: { procedure: { qualifier: 'HC', code: '99213' }, charge: '120', paid: '80', units: '1' },
      dates: [{ qualifier: '472', date: '20260228' }],
      adjustments: [
        { group: 'CO', adjustments: [{ reason: '45', amount: '20' }] },
        { group: 'PR', adjustments: [{ reason: '3', amount: '20' }] },
      ],
      references: [{ qualifier: '6R', value: '1' }],
    },
    {
      service: { procedure: { qualifier: 'HC', code: '87880' }, charge: '30', paid: '20', units: '1' },
      dates: [{ qualifier: '472', date: '20260228' }],
      adjustments: [{ group: 'CO', adjustments: [{ reason: '45', amount: '10' }] }],
    },
  ],
});

const remittance = () => ({
  payment: {
    handling: 'I',
    amount: String(CLAIMS * 100),
    creditOrDebit: 'C',
    method: 'ACH',
    format: 'CCP',
    date: '20260305',
  },
  trace: { type: '1', number: 'EFT-1', payer: '1990000002' },
  payer: {
    name: { name: 'TEST HEALTH PLAN' },
    street: { line1: '9 PLAN STREET' },
    city: { city: 'SPRINGFIELD', state: 'IL', postalCode: '62701' },
  },
  payee: { name: { name: 'CLINIC NORTH', idQualifier: 'XX', id: '1999999984' } },
  headers: [{ line: { number: '1' }, claims: Array.from({ length: CLAIMS }, (_, index) => claim(index + 1)) }],
});

const header = {
  authorizationQualifier: '00',
  authorization: '',
  securityQualifier: '00',
  security: '',
  senderQualifier: 'ZZ',
  sender: 'PAYER',
  receiverQualifier: 'ZZ',
  receiver: 'CONCORD',
  date: '260305',
  time: '0900',
  version: '00501',
  controlNumber: '000000001',
  acknowledgmentRequested: '0',
  usage: 'T',
};
const group = {
  functionalId: 'HP',
  sender: 'PAYER',
  receiver: 'CONCORD',
  date: '20260305',
  time: '0900',
  controlNumber: '1',
  agency: 'X',
  version: '005010X221A1',
};

export async function benchX12() {
  const { REMITTANCE, readSet, readX12, writeSet, writeX12 } = await import(
    pathToFileURL(path.join(root, 'dist/libs/standards/x12/src/index.js')).href
  );
  const one = writeX12([{ header, groups: [{ header: group, sets: [writeSet(REMITTANCE, '0001', remittance())] }] }]);
  const file = Buffer.concat(Array.from({ length: Math.ceil((MEGABYTES * 1e6) / one.length) }, () => one));
  const setsOf = (bytes) =>
    readX12(bytes).interchanges.flatMap(({ groups, faults }) => {
      if (faults.length > 0) throw new Error('The bench wrote an 835 that cannot be read');
      return groups.flatMap(({ sets }) => sets);
    });
  const best = (work) => {
    let fastest = Infinity;
    for (let round = 0; round < ROUNDS; round += 1) {
      const started = process.threadCpuUsage();
      work();
      const { user, system } = process.threadCpuUsage(started);
      fastest = Math.min(fastest, (user + system) / 1000);
    }
    return file.length / 1000 / fastest;
  };
  const parsed = best(() => setsOf(file));
  const typed = best(() => setsOf(file).forEach((set) => readSet(REMITTANCE, set, { level: 0 })));
  const checked = best(() => setsOf(file).forEach((set) => readSet(REMITTANCE, set)));
  console.log(`x12 835 parse ${parsed.toFixed(1)} MB/s (to reach: ≥ 20)`);
  console.log(`x12 835 into its shape ${typed.toFixed(1)} MB/s, with SNIP 1 to 3 ${checked.toFixed(1)} MB/s`);
}
