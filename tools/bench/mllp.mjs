// HL7 v2 through MLLP to acknowledged and durable: connections that each send a batch and wait for its last
// acknowledgement, as interface engines do. A ward's mix: admissions, corrections, transfers and charges of open visits, so
// that what is measured is the taking in, and not the workflows that a discharge begins.
import net from 'node:net';

const { frame, MllpFramer } = await import('../../dist/libs/standards/hl7v2/src/index.js');
const { freePort } = await import('../../dist/libs/testing/src/index.js');
const { ownGateway } = await import('./own-gateway.mjs');

const CONNECTIONS = 40;
const BATCH = 10;

/** A gateway whose health record is told in HL7 v2. */
export async function mllpGateway() {
  const port = await freePort();
  const gateway = await ownGateway({ CONNECTOR_EHR: 'hl7v2', MLLP_PORT: String(port) });
  return { ...gateway, mllpPort: port };
}

export async function benchMllp(gateway, { messages }) {
  await flood(gateway, 'W', Math.min(messages, 2000));
  const before = gateway.cpuSeconds();
  const own = process.cpuUsage();
  const began = performance.now();
  const sent = await flood(gateway, 'F', messages);
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(own);
  const after = gateway.cpuSeconds();
  const each = (part) => Math.round(((after[part] - before[part]) * 1e6) / sent);
  const rate = Math.round(sent / seconds);
  console.log(
    `mllp        ${rate} messages/s acknowledged and durable over ${CONNECTIONS} connections (to reach: ≥ 1000)`,
  );
  console.log(
    `mllp cpu    ${each('gateway')} µs of the gateway, ${each('postgres')} µs of Postgres, ` +
      `${Math.round((user + system) / sent)} µs of the sender for each message`,
  );
}

async function flood({ mllpPort }, name, messages) {
  const share = Math.ceil(messages / CONNECTIONS / BATCH) * BATCH;
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, i) => converse(mllpPort, `${name}${i}`, share)));
  return share * CONNECTIONS;
}

/** Sends in batches; the next one goes when every message of the last is acknowledged AA. */
async function converse(port, name, messages) {
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
  const framer = new MllpFramer();
  let next = 0;
  let awaited = 0;
  const send = () => {
    const frames = [];
    for (; frames.length < BATCH && next < messages; next += 1) frames.push(frame(Buffer.from(message(name, next))));
    awaited = frames.length;
    socket.write(Buffer.concat(frames));
  };
  send();
  for await (const chunk of socket) {
    for (const event of framer.push(chunk)) {
      if (!event.bytes?.includes('\rMSA|AA|')) throw new Error(`not taken: ${event.bytes}`);
      awaited -= 1;
    }
    if (awaited === 0 && next < messages) send();
    else if (awaited === 0) break;
  }
  socket.destroy();
}

const EVENTS = ['ADT^A01', 'ADT^A08', 'DFT^P03', 'ADT^A02', 'ADT^A08'];

function message(name, i) {
  const visit = `${name}-${Math.floor(i / EVENTS.length)}`;
  const event = EVENTS[i % EVENTS.length];
  const [type, trigger] = event.split('^');
  const sent = new Date(Date.now()).toISOString().replace(/\D/g, '').slice(0, 14);
  const segments = [
    `MSH|^~\\&|HIS|CLINIC-NORTH|CONCORD|HUB|${sent}+0000||${event}^${type}_${trigger}|${name}-${i}|P|2.5.1`,
    `EVN|${trigger}|${sent}+0000`,
    `PID|1||BENCH-${visit}^^^NORTH^MR||Synthetica^Testa^B||19700101|F|||1 Test Street^^Testtown^NY^10001||555-0100|||M`,
    `PV1|1|I|W1^R${i % 30}^B${i % 4}^CLINIC-NORTH||||DOC${i % 50}^Practica^Testa^^^Dr.|||MED||||||||I|${visit}` +
      `${'|'.repeat(25)}${sent}+0000`,
    'DG1|1||I10^Essential hypertension^I10|||A',
    'IN1|1|PRIVATE^Private|PRIVATE|private',
  ];
  if (type === 'DFT') segments.push(`FT1|1|TX-${visit}||${sent}|${sent}|CG|CH-VISIT-OFFICE^Office visit||||1`);
  return `${segments.join('\r')}\r`;
}
