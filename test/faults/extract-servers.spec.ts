/** The servers on which a practice and a platform leave their extracts go down in the middle of a file, and come back. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Connector } from '@concord/api';
import type { Page } from '@concord/canonical';
import { Caller, ok, sshKeyPair, startSftpServer, waitUntil, type SftpServer } from '@concord/testing';
import { testGateway, type TestGateway } from '../fixtures/gateway.js';

const PROVIDERS = 'provider_id,name,npi';
const WORKERS = 'EMP_NO,NAME,JOB_FAM,COMPANY,SITE,DEPT,COST_CTR,HIRED,LAST_DAY,STATUS';
const WORKER = 'RN,LSH,CLINIC-NORTH,D10,CC-10,01/01/2022,,A';

/** So many people, fewer than ten. */
const numbered = (word: string) => (people: number) => Array.from({ length: people }, (_, i) => `${word}${i + 1}`);

const SOURCES = {
  practice: {
    prefix: 'FILES',
    list: '/system/ehr/v1/practitioners',
    received: '/system/ehr/v1/messages/inbound?page_size=500',
    file: (day: number) => `providers-2026030${day}.csv`,
    ids: numbered('DOC'),
    /** One for its lines, and one for the file as a whole. */
    notesOfOneFile: 2,
    extract: (people: number) => {
      const lines = numbered('DOC')(people).map((id) => `${id},Dr. Testa Practica ${id},`);
      return [PROVIDERS, ...lines, `TRAILER,${people}`, ''].join('\n');
    },
  },
  hcm: {
    prefix: 'HCM',
    list: '/system/hcm/v1/workers',
    received: '/system/hcm/v1/extracts?page_size=500',
    file: (day: number) => `workers-2026030${day}.csv`,
    ids: numbered('E'),
    notesOfOneFile: 1,
    extract: (people: number) => {
      const lines = numbered('E')(people).map((id) => `${id},Testworker ${id},${WORKER}`);
      return [WORKERS, ...lines, `TRAILER,${people}`, ''].join('\n');
    },
  },
} as const;

type Partner = keyof typeof SOURCES;
const PARTNERS = Object.keys(SOURCES) as Partner[];

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'concord-extract-servers-'));
const hostKey = sshKeyPair().private;
const servers = new Map<Partner, SftpServer>();
const before = { ...process.env };
let gateway: TestGateway;
let hr: Caller;

/** The same server each time: its key, its files, and, once it had one, its port. */
async function start(partner: Partner): Promise<SftpServer> {
  const server = await startSftpServer({
    accounts: { concord: { password: 'test-secret' } },
    folders: ['/outbox'],
    folder: path.join(folder, partner),
    hostKey,
    port: servers.get(partner)?.port,
  });
  servers.set(partner, server);
  return server;
}

beforeAll(async () => {
  for (const partner of PARTNERS) {
    const { prefix } = SOURCES[partner];
    const { port, fingerprint } = await start(partner);
    Object.assign(process.env, {
      [`${prefix}_SFTP_PORT`]: String(port),
      [`${prefix}_SFTP_PASSWORD`]: 'test-secret',
      [`${prefix}_SFTP_HOST_KEYS`]: fingerprint,
      [`${prefix}_SFTP_POLL_SECONDS`]: '0.05',
      [`${prefix}_SFTP_PROBE_SECONDS`]: '1',
    });
  }
  Object.assign(process.env, { CONNECTOR_EHR: 'files', CONNECTOR_HCM: 'files' });
  gateway = await testGateway();
  hr = new Caller(gateway.url, 'hr-portal');
});

afterAll(async () => {
  await hr?.close();
  await gateway?.stop();
  await Promise.all([...servers.values()].map((server) => server.close()));
  process.env = before;
  fs.rmSync(folder, { recursive: true });
});

const health = async (partner: Partner): Promise<Connector | undefined> => {
  const { items } = ok(await gateway.operations.get<Page<Connector>>('/experience/operations/v1/connectors'));
  return items.find(({ connector }) => connector === `sftp.${partner}`);
};

const becomes = (partner: Partner, status: Connector['status'], and: (seen: Connector) => boolean = () => true) =>
  waitUntil(`${partner} to be ${status}`, async () => {
    const seen = await health(partner);
    return seen?.status === status && and(seen) && seen;
  });

const callerOf = (partner: Partner) => (partner === 'hcm' ? hr : gateway.operations);

async function people(partner: Partner): Promise<string[]> {
  const path = `${SOURCES[partner].list}?page_size=500`;
  const { items } = ok(await callerOf(partner).get<Page<{ id: string }>>(path));
  return items.map(({ id }) => id).sort();
}

const peopleBecome = (partner: Partner, expected: readonly string[]) =>
  waitUntil(`${expected.length} people of ${partner}`, async () => {
    const all = await people(partner);
    if (all.length === expected.length) expect(all).toEqual(expected);
    return all.length === expected.length;
  });

async function filesReceived(partner: Partner): Promise<number> {
  return ok(await callerOf(partner).get<Page<object>>(SOURCES[partner].received)).items.length;
}

/** From the first extract, over a server that dies while it gives the second, to the time after. */
async function outage(partner: Partner): Promise<void> {
  const { file, extract, ids, notesOfOneFile } = SOURCES[partner];
  const server = servers.get(partner)!;
  server.write(`/outbox/${file(2)}`, extract(4));
  await peopleBecome(partner, ids(4));
  const up = await becomes(partner, 'up', ({ heardAt }) => heardAt !== undefined);
  const received = await filesReceived(partner);

  server.fail({ on: 'read', kind: 'slow', ms: 60_000 });
  server.write(`/outbox/${file(3)}`, extract(5));
  await pause(500); // two looks find it, then it is read
  await server.close();
  const down = await becomes(partner, 'down');
  expect(down).toMatchObject({ failure: 'connection', heardAt: up.heardAt });
  expect(down).not.toHaveProperty('connectedSince');
  expect(await people(partner)).toEqual(ids(4));
  expect(await filesReceived(partner)).toBe(received);

  fs.writeFileSync(path.join(folder, partner, 'outbox', file(2)), extract(4)); // left once more, as it was
  const back = await start(partner);
  await peopleBecome(partner, ids(5));
  await waitUntil('the mailbox to be empty', async () => back.list('/outbox').length === 0);
  expect(await filesReceived(partner)).toBe(received + notesOfOneFile);
  const again = await becomes(partner, 'up', ({ heardAt }) => heardAt !== up.heardAt);
  expect(Date.parse(again.heardAt!)).toBeGreaterThan(Date.parse(up.heardAt!));
}

describe('A server that holds extracts and goes down in the middle of one', () => {
  it(
    'leaves the lists with what is held, is seen by operations, and gives the extract once it is back, once',
    () => Promise.all(PARTNERS.map(outage)),
    60_000,
  );
});

describe('A server that lists its files and breaks off every time one is read', () => {
  it('is seen by operations as down, with the reason in words, until reading works again', async () => {
    const { file, extract, ids } = SOURCES.hcm;
    const server = servers.get('hcm')!;
    server.fail({ on: 'read', kind: 'drop', times: 10_000 });
    server.write(`/outbox/${file(4)}`, extract(6));
    const inWords = ({ failure }: Connector) => failure === 'files are listed but cannot be read: connection';
    const down = await becomes('hcm', 'down', inWords);
    // Its folder is looked into all the while, and answers.
    const still = await waitUntil('the next report', async () => {
      const seen = await health('hcm');
      return seen && seen.asOf > down.asOf && seen.answeredAt! > down.answeredAt! && seen;
    });
    expect(still.status).toBe('down');
    expect(inWords(still)).toBe(true);

    server.clearFaults();
    await peopleBecome('hcm', ids(6));
    const up = await becomes('hcm', 'up');
    expect(up).not.toHaveProperty('failure');
  });
});
