// `npm run demo -- --fhir DIR`: sends every FHIR bundle of DIR through the gateway, as its EHR would, waits until every
// encounter has become a posting or an exception, and proves from the systems' own documents that the books balance.
// Without --fhir: synthetic encounters (--count, 200). Uses the gateway that runs on PORT, or starts one for the time.
// The last line says it all; the exit code is 1 when an encounter is unaccounted for or the books do not balance.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import progress from 'cli-progress';
import { build } from './build.mjs';
import { withGateway } from './demo/running-gateway.mjs';
import { account, printAccount } from './demo/account.mjs';

await build();
const { Caller, encounterBundle, ok, runCounts } = await import('../dist/libs/testing/src/index.js');

const HELP = `npm run demo -- [--fhir DIR] [--count N]

  --fhir DIR   send the FHIR R4 bundles (*.json) of this folder
  --count N    without --fhir: send N synthetic encounters (200)
`;

const options = { fhir: { type: 'string' }, count: { type: 'string', default: '200' }, help: { type: 'boolean' } };
const { values } = parseArgs({ options });
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

/** The bundles to send, each as its text. */
function bundlesOf({ fhir, count }) {
  if (!fhir) {
    return Array.from({ length: Number(count) }, (_, i) => JSON.stringify(encounterBundle(`demo-${i}`).bundle));
  }
  const folder = path.resolve(process.env.INIT_CWD ?? '.', fhir);
  const files = fs.readdirSync(folder).filter((name) => name.endsWith('.json'));
  if (!files.length) throw new Error(`${folder} holds no *.json file`);
  return files.sort().map((name) => fs.readFileSync(path.join(folder, name), 'utf8'));
}

/** The encounters in a bundle that are finished, as the sender knows them. */
const finishedIn = (text) =>
  JSON.parse(text).entry.flatMap(({ resource }) =>
    resource.resourceType === 'Encounter' && resource.status === 'finished' ? [resource.id] : [],
  );

async function send(ehr, bundles) {
  const bar = new progress.SingleBar({
    format: 'sending    {bar} {value}/{total} bundles',
    noTTYOutput: true,
    notTTYSchedule: 5000,
  });
  bar.start(bundles.length, 0);
  for (const bundle of bundles) {
    ok(await ehr.post('/system/ehr/v1/inbound/fhir', JSON.parse(bundle)));
    bar.increment();
  }
  bar.stop();
}

/** Waits until no run is on its way; those that stand still wait for people, not for us. */
async function untilAllEnded(operations, count) {
  const bar = new progress.SingleBar({
    format: 'processing {bar} {value}/{total} encounters',
    noTTYOutput: true,
    notTTYSchedule: 5000,
  });
  bar.start(count, 0);
  let idle = 0;
  while (idle < 3) {
    const runs = await runCounts(operations);
    const moving = (runs.queued ?? 0) + (runs.running ?? 0) + (runs.waiting ?? 0);
    bar.update(Math.max(0, count - moving));
    idle = moving === 0 ? idle + 1 : 0; // an event may still be on its way to its run
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  bar.stop();
}

const bundles = bundlesOf(values);
const encounters = [...new Set(bundles.flatMap(finishedIn))];
const unaccounted = await withGateway(async (url) => {
  const ehr = new Caller(url, 'ehr');
  const operations = new Caller(url, 'operations');
  const finance = new Caller(url, 'finance-portal');
  await send(ehr, bundles);
  await untilAllEnded(operations, encounters.length);
  const result = await account({ operations, finance }, encounters);
  printAccount(result);
  return result.unaccounted + result.unbalanced;
});
process.exit(unaccounted === 0 ? 0 : 1);
