// Encounters through the whole chain: accepted per second, completed per second, the time from acknowledgement to
// posting at low load, memory, and a backlog that waited for the ERP.
import { median } from './hops.mjs';
import { printMachine } from './machine.mjs';
import { Sender } from './sender.mjs';

const { Caller, encounterBundle, ok, runCounts, waitUntil } = await import('../../dist/libs/testing/src/index.js');
const INBOUND = '/system/ehr/v1/inbound/fhir';
// Messages on their way at a time, each on a connection of its own.
const PARALLEL = 128;
// A server runs for months: what it costs until all its code is compiled is not what is asked.
const WARM_UP = 2000;
// How often it is asked whether all has ended: each time costs the machine that is measured.
const LOOK_MS = 200;
const LOW_RATE = 5;
const LOW_SECONDS = 20;

export async function benchFlow(gateway, { events, backlog }) {
  const ehr = new Caller(gateway.url, 'ehr');
  const operations = new Caller(gateway.url, 'operations');
  const sender = new Sender(ehr, INBOUND, { connections: PARALLEL, contentType: 'application/fhir+json' });
  await sender.send(messagesOf('warm', WARM_UP));
  await drained(operations);
  await printMachine(); // what it is here, and what it has become after, is what the figures in between stand for
  await throughput(gateway, sender, operations, events);
  await printMachine();
  await latency(ehr, operations);
  const memory = gateway.memory();
  const sum = Object.values(memory).reduce((all, mb) => all + mb, 0);
  console.log(
    `memory      ${sum} MB resident (gateway ${memory.gateway}, Postgres ${memory.postgres}, Restate ${memory.restate}; to stay under 1200)`,
  );
  if (backlog) await drainBacklog(gateway, sender, operations, backlog);
  await Promise.all([sender.close(), ehr.close(), operations.close()]);
}

async function throughput(gateway, sender, operations, events) {
  const messages = messagesOf('flood', events);
  const cpu = gateway.cpuSeconds();
  const began = performance.now();
  await sender.send(messages);
  const accepted = performance.now();
  await drained(operations);
  const completed = performance.now();
  const rate = (ms) => Math.round(events / (ms / 1000));
  console.log(`accepted    ${rate(accepted - began)} encounters/s while workflows run (to reach: ≥ 800)`);
  console.log(
    `completed   ${rate(completed - began)} workflows/s from the first accepted to the last posted (to reach: ≥ 250)`,
  );
  console.log(`cpu         ${shares(cpu, gateway.cpuSeconds(), events)} ms for each encounter`);
}

/** What each part spent between two readings: `gateway 6.10, Postgres …`, in milliseconds a piece. */
function shares(before, after, pieces) {
  return Object.keys(after)
    .map((part) => `${part} ${(((after[part] - before[part]) * 1000) / pieces).toFixed(2)}`)
    .join(', ');
}

async function latency(ehr, operations) {
  const sent = [];
  for (let i = 0; i < LOW_RATE * LOW_SECONDS; i += 1) {
    const { bundle, encounterId } = encounterBundle(`slow-${i}`);
    ok(await ehr.post(INBOUND, bundle));
    sent.push({ encounterId, at: Date.now() });
    await new Promise((resolve) => setTimeout(resolve, 1000 / LOW_RATE));
  }
  await drained(operations);
  const waits = [];
  for (const { encounterId, at } of sent) {
    const path = `/system/erp/v1/journal-entries?reference=${encounterId}`;
    const [entry] = ok(await operations.get(path)).items;
    waits.push(Math.max(0, Date.parse(entry.postedAt) - at));
  }
  waits.sort((a, b) => a - b);
  const p99 = waits[Math.ceil(waits.length * 0.99) - 1];
  console.log(
    `latency     p50 ${median(waits)} ms, p99 ${p99} ms from acknowledgement to posting at ${LOW_RATE}/s (to reach: p50 ≤ 100)`,
  );
}

async function drainBacklog(gateway, sender, operations, backlog) {
  const faults = '/system/erp/v1/sandbox/faults';
  ok(await operations.post(faults, { operation: '*', kind: 'unavailable', times: 1_000_000 }));
  const messages = messagesOf('backlog', backlog);
  const began = performance.now();
  const cpu = gateway.cpuSeconds();
  await sender.send(messages);
  const accepted = Math.round(backlog / ((performance.now() - began) / 1000));
  console.log(
    `cpu         ${shares(cpu, gateway.cpuSeconds(), backlog)} ms for each that is accepted while the ERP is down`,
  );
  await waitUntil(
    'all to wait for the ERP',
    async () => {
      const runs = await runCounts(operations);
      return (runs.waiting ?? 0) >= backlog && !runs.running && !runs.queued;
    },
    { withinMs: 300_000, everyMs: 1000 },
  );
  const back = performance.now();
  const drainedFrom = gateway.cpuSeconds();
  ok(await operations.delete(faults));
  await drained(operations);
  const seconds = (performance.now() - back) / 1000;
  console.log(`cpu         ${shares(drainedFrom, gateway.cpuSeconds(), backlog)} ms for each that is drained`);
  console.log(
    `backlog     ${backlog} accepted at ${accepted}/s while the ERP was down, drained at ${Math.round(backlog / seconds)}/s (to reach: ≥ 250)`,
  );
}

/** Made beforehand: to make them is not what is measured. */
const messagesOf = (name, count) =>
  Array.from({ length: count }, (_, i) => Buffer.from(JSON.stringify(encounterBundle(`${name}-${i}`).bundle)));

/** Asks whether any is left and not how many: to count is work for Postgres, and the more of it the longer the ledger. */
const drained = (operations) =>
  waitUntil('all runs to end', async () => !(await isAnyLeft(operations)), { withinMs: 600_000, everyMs: LOOK_MS });

/** In the order in which a run goes on, so that none slips from one to the next unseen. */
async function isAnyLeft(operations) {
  for (const status of ['waiting', 'queued', 'running']) {
    const { items } = ok(await operations.get(`/experience/operations/v1/runs?status=${status}&page_size=1`));
    if (items.length) return true;
  }
  return false;
}
