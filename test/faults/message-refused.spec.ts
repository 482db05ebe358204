/** What Concord sends to an EHR over MLLP: seen by operations when nobody listens, and put before a person when it is refused. */
import type { Connector } from '@concord/api';
import type { Page, Run, RunException } from '@concord/canonical';
import { acknowledge, readHl7, serveMllp, type AckCode, type MllpServer } from '@concord/hl7v2';
import { freePort, ok, waitUntil } from '@concord/testing';
import { testGateway, type TestGateway } from '../fixtures/gateway.js';

const OPERATIONS = '/experience/operations/v1';
const before = { ...process.env };
const heard: string[] = [];
let code: AckCode = 'AA';
let port: number;
let receiver: MllpServer;
let gateway: TestGateway;

const listen = () =>
  serveMllp({
    port,
    host: '127.0.0.1',
    log: { info: () => undefined, warn: () => undefined },
    onMessage: ({ text }) => {
      heard.push(readHl7(text).header.controlId);
      return Promise.resolve(acknowledge(text, code));
    },
  });

const notification = (controlId: string) =>
  [
    `MSH|^~\\&|CONCORD|HUB|ADT|CLINIC-NORTH|20261121083000||SIU^S12^SIU_S12|${controlId}|P|2.5.1`,
    'SCH||AP1',
    'PID|1||MRN-4711^^^NORTH^MR||Synthetica^Testa||19700101|F',
  ].join('\r');

const seen = async (name: string) => {
  const { items } = ok(await gateway.operations.get<Page<Connector>>(`${OPERATIONS}/connectors`));
  return items.find(({ connector }) => connector === name);
};
const isSeen = (name: string, status: Connector['status']) =>
  waitUntil(`${name} to be ${status}`, async () => {
    const connector = await seen(name);
    return connector?.status === status && connector;
  });

beforeAll(async () => {
  port = await freePort();
  receiver = await listen();
  Object.assign(process.env, {
    CONNECTOR_EHR: 'hl7v2',
    HL7V2_SEND_HOST: '127.0.0.1',
    HL7V2_SEND_PORT: String(port),
    HL7V2_SEND_PROBE_SECONDS: '0.2',
  });
  gateway = await testGateway();
});

afterAll(async () => {
  await gateway?.stop();
  await receiver?.close();
  process.env = before;
});

it('shows the receiver and our own listener, and when the receiver is gone', async () => {
  expect(await isSeen('hl7v2-receiver', 'up')).toMatchObject({ apis: ['system:ehr'] });
  expect(await isSeen('mllp-listener', 'up')).toMatchObject({ apis: ['system:ehr'] });
  await receiver.close();
  expect((await isSeen('hl7v2-receiver', 'down')).failure).toBe('upstream-unavailable');
  receiver = await listen();
  await isSeen('hl7v2-receiver', 'up');
});

it('a refused message is put before a person and sent again when he says so, as often as it is refused', async () => {
  code = 'AE';
  ok(await gateway.ehr.post('/system/ehr/v1/messages/outbound', notification('OUT-1')));
  const question = async (refusal: number) =>
    waitUntil('the question', async () => {
      const run = encodeURIComponent(`message-to-ehr:OUT-1:${refusal}`);
      const page = await gateway.operations.get<Page<RunException>>(`${OPERATIONS}/exceptions?run=${run}`);
      return ok(page).items[0];
    });
  const approve = async ({ id }: RunException) =>
    ok(
      await gateway.operations.post(`${OPERATIONS}/exceptions/${id}/resolve`, { decision: 'approve', note: 'mended' }),
    );

  const first = await question(1);
  expect(first).toMatchObject({ step: 'repetition', kind: 'approval', owner: 'integration', status: 'open' });
  expect(first.detail).toContain('OUT-1 (AE)');
  await approve(first);
  const second = await question(2);
  code = 'AA';
  await approve(second);
  await waitUntil('the message to be sent', async () => {
    const { body } = await gateway.operations.get<{ state: string }>('/system/ehr/v1/messages/outbound/OUT-1');
    return body.state === 'sent';
  });
  expect(heard.filter((one) => one === 'OUT-1')).toHaveLength(3);
  const runs = await waitUntil('both runs to end', async () => {
    const { items } = ok(await gateway.operations.get<Page<Run>>(`${OPERATIONS}/runs?workflow=message-to-ehr`));
    return items.every(({ status }) => status === 'completed') && items;
  });
  expect(runs).toHaveLength(2);
});
