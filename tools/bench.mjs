// `npm run bench`: starts a gateway of its own in a temporary folder and prints what it costs, as ratios within this run
// and as figures. Everything shares one machine, the load generator included: trust ratios, not absolutes.
//
//   --hops         only the price of a request: raw Fastify, one hop, three hops
//   --flow         only accepted and completed encounters per second, latency, memory, backlog
//   --mllp         only HL7 v2 through MLLP, messages per second; --messages N (20000)
//   --x12          only reading X12, MB/s of an 835 on one thread
//   --fhir         only FHIR bundles mapped, encounters per second; --fhir-dir DIR takes the bundles of a folder
//   --events N     encounters of the throughput run (5000), --backlog N of the backlog (20000)
import { parseArgs } from 'node:util';
import { build } from './build.mjs';

const { values } = parseArgs({
  options: {
    hops: { type: 'boolean' },
    flow: { type: 'boolean' },
    mllp: { type: 'boolean' },
    x12: { type: 'boolean' },
    fhir: { type: 'boolean' },
    'fhir-dir': { type: 'string' },
    messages: { type: 'string', default: '20000' },
    events: { type: 'string', default: '5000' },
    backlog: { type: 'string', default: '20000' },
  },
});
const all = !values.hops && !values.flow && !values.mllp && !values.x12 && !values.fhir;

await build(); // the parts below use what it compiles
const { ownGateway } = await import('./bench/own-gateway.mjs');
const { benchFlow } = await import('./bench/flow.mjs');
const { benchHops } = await import('./bench/hops.mjs');
const { printMachine } = await import('./bench/machine.mjs');
const { benchMllp, mllpGateway } = await import('./bench/mllp.mjs');
await printMachine();
if (all || values.hops || values.flow) {
  const gateway = await ownGateway();
  try {
    if (all || values.hops) await benchHops(gateway);
    if (all || values.flow)
      await benchFlow(gateway, { events: Number(values.events), backlog: Number(values.backlog) });
  } finally {
    await gateway.remove();
  }
}
if (all || values.mllp) {
  const gateway = await mllpGateway();
  try {
    await benchMllp(gateway, { messages: Number(values.messages) });
  } finally {
    await gateway.remove();
  }
}
if (all || values.x12) await (await import('./bench/x12.mjs')).benchX12();
if (all || values.fhir) {
  const { benchFhirMapping } = await import('./bench/fhir-mapping.mjs');
  await benchFhirMapping({ folder: values['fhir-dir'] });
}
await printMachine(); // it may have become another one meanwhile
process.exit();
