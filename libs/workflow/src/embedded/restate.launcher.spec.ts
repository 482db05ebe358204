import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify } from '@concord/database';
import * as restate from '@restatedev/restate-sdk';
import { startRestate, type RestateServer } from './restate.launcher.js';

const dataDir = mkdtempSync(join(tmpdir(), 'concord-restate-'));
const start = () => startRestate({ dataDir, log: () => undefined });

const counter = restate.object({
  name: 'Counter',
  handlers: {
    add: async (ctx: restate.ObjectContext) => {
      const sum = ((await ctx.get<number>('sum')) ?? 0) + 1;
      ctx.set('sum', sum);
      return sum;
    },
  },
});
const endpoint = createHttp2Server(restate.createEndpointHandler({ services: [counter], logger: () => undefined }));

const post = (url: string, body?: unknown): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
  });

async function add(server: RestateServer): Promise<unknown> {
  const answer = await post(`${server.ingressUrl}/Counter/gauze/add`);
  return answer.json();
}

/** The inode numbers of the sockets that a process has open. */
const socketsOf = (pid: number): string[] =>
  readdirSync(`/proc/${pid}/fd`)
    .map((descriptor) => readlinkSync(`/proc/${pid}/fd/${descriptor}`))
    .flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);

beforeAll(async () => {
  process.env['HTTP_PROXY'] = 'http://127.0.0.1:9'; // nobody is there: a server that heeded it would reach no service
  endpoint.listen(0, '127.0.0.1');
  await once(endpoint, 'listening');
});

afterAll(async () => {
  delete process.env['HTTP_PROXY'];
  await (await start()).stop();
  endpoint.close();
  rmSync(dataDir, { recursive: true });
});

test('a first start runs services, whatever proxy our environment names', async () => {
  const server = await start();
  expect(server.adopted).toBe(false);
  const { port } = endpoint.address() as AddressInfo;
  const registered = await post(`${server.adminUrl}/deployments`, { uri: `http://127.0.0.1:${port}` });
  expect(registered.status).toBe(201);
  expect(await add(server)).toBe(1);
});

test('a server whose handle was lost is adopted', async () => {
  const [abandoned, server] = [await start(), await start()];
  expect(server).toMatchObject({ pid: abandoned.pid, adopted: true, ingressUrl: abandoned.ingressUrl });
  expect(await add(server)).toBe(2);
});

test('a restart keeps the data and the ports', async () => {
  const before = await start();
  await before.stop();
  expect(identify(before.pid)).toBeUndefined();
  const server = await start();
  expect(server).toMatchObject({ adopted: false, adminUrl: before.adminUrl, ingressUrl: before.ingressUrl });
  expect(await add(server)).toBe(3);
});

test('a kill -9 loses nothing that was answered, and two starts at once give one server', async () => {
  process.kill((await start()).pid, 'SIGKILL');
  const [one, two] = await Promise.all([start(), start()]);
  expect(two.pid).toBe(one.pid);
  expect([one.adopted, two.adopted].sort()).toEqual([false, true]);
  expect(await add(one)).toBe(4);
});

test('it listens on this machine only', async () => {
  const server = await start();
  const inodes = new Set(socketsOf(server.pid));
  const listening = readFileSync(`/proc/${server.pid}/net/tcp`, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A' && inodes.has(String(fields[9])));
  expect(listening).toHaveLength(3);
  expect(listening.every((fields) => fields[1]?.startsWith('0100007F:'))).toBe(true);
});

test('a taken port is named together with its setting', async () => {
  await (await start()).stop();
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  await expect(startRestate({ dataDir, adminPort: port, log: () => undefined })).rejects.toThrow(
    `Port ${port} of 127.0.0.1 is taken by another program: set RESTATE_ADMIN_PORT to a free port`,
  );
  other.close();
});
