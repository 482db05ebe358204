// Reading X12: MB of an 835 per second of one thread's processor time (so that what else runs does not count), cut and
// checked by its envelopes, and in full detail by its guide.
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const root = path.resolve(import.meta.dirname, '../..');
const CLAIMS = 200;
const MEGABYTES = 24;
const ROUNDS = 5;

const compiled = (file) => import(pathToFileURL(path.join(root, 'dist/libs/standards/x12/src', file)).href);

export async function benchX12() {
  const { REMITTANCE, readSet, readX12, writeSet } = await compiled('index.js');
  // The payment of the tests, with many claims.
  const { remittance } = await compiled('fixture/remittances.js');
  const { enveloped } = await compiled('fixture/envelopes.js');
  const one = enveloped('HP', REMITTANCE.version, [writeSet(REMITTANCE, '0001', remittance(CLAIMS))]);
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
