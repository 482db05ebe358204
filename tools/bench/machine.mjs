// How fast this machine is just now. The figures to reach were set on two cores that verify an RS256 signature in 26 µs
// each; where that takes twice as long, because the cores are slower or shared, every rate of this bench is about half as
// high. One core alone does not tell: two that are threads of one, as those that are rented often are, do hardly more
// together than either by itself.
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import os from 'node:os';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

const REFERENCE_US = 26;
const MEASURED_MS = 1500;
const EACH = 200;

export async function printMachine() {
  const cores = os.availableParallelism();
  const alone = await verifiedInUs(1);
  const together = cores > 1 ? await verifiedInUs(cores) : alone;
  const work = ((cores * alone) / together).toFixed(1);
  console.log(
    `machine     ${cores} cores, RS256 verified in ${alone.toFixed(0)} µs by one alone, in ${together.toFixed(0)} µs where all are at work, so that they do the work of ${work}: a request costs ${(together / REFERENCE_US).toFixed(1)} x what it did where the figures to reach were set`,
  );
}

/** Microseconds a signature, by so many threads at the same time. */
async function verifiedInUs(threads) {
  const times = await Promise.all(Array.from({ length: threads }, timeOfOne));
  return times.reduce((sum, us) => sum + us, 0) / threads;
}

const timeOfOne = () =>
  new Promise((resolve, reject) => new Worker(import.meta.filename).once('message', resolve).once('error', reject));

/** The median of as many samples as there is time for: what else runs for a moment does not count. */
function medianUs() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const text = Buffer.alloc(300);
  const signature = sign('sha256', text, privateKey);
  const samples = [];
  for (const end = performance.now() + MEASURED_MS; performance.now() < end;) {
    const began = performance.now();
    for (let i = 0; i < EACH; i += 1) verify('sha256', text, publicKey, signature);
    samples.push(((performance.now() - began) * 1000) / EACH);
  }
  return samples.sort((a, b) => a - b)[Math.floor(samples.length / 2)];
}

if (!isMainThread) parentPort.postMessage(medianUs());
