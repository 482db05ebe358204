import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { openDatabase } from '../database.js';
import { startPostgres, type PostgresServer } from './postgres.launcher.js';
import { identify, isRunning } from './processes.js';

delete process.env['CONCORD_PREPARED_POSTGRES']; // here initdb is what is tested, too
const dataDir = mkdtempSync(join(tmpdir(), 'concord-postgres-'));
const lines: string[] = [];
const start = () => startPostgres({ dataDir, log: (line) => lines.push(line) });

/** One statement on a connection of its own. */
async function ask(server: PostgresServer, statement: string): Promise<unknown[]> {
  const db = openDatabase(server.url);
  try {
    return (await sql.raw(statement).execute(db)).rows;
  } finally {
    await db.destroy();
  }
}

const others: ChildProcess[] = [];

async function startInAnotherProcess() {
  const args = [join(import.meta.dirname, 'another-process.mjs'), dataDir];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  others.push(child);
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), once(child, 'exit')])) as [string];
  return { child, ...(JSON.parse(line) as { pid: number; adopted: boolean }) };
}

afterAll(async () => {
  for (const child of others) if (child.kill('SIGKILL')) await once(child, 'exit');
  await (await start()).stop();
  rmSync(dataDir, { recursive: true });
});

test('a first start makes the data folder for its owner only, and listens on this machine only', async () => {
  const server = await start();
  expect(server.adopted).toBe(false);
  expect(await ask(server, 'select current_database() as database, current_user as role')).toEqual([
    { database: 'concord', role: 'concord' },
  ]);
  expect(
    await ask(server, `select current_setting('listen_addresses') as on, current_setting('fsync') as fsync`),
  ).toEqual([{ on: '127.0.0.1', fsync: 'on' }]);
  expect(statSync(join(dataDir, 'password')).mode & 0o777).toBe(0o600);
  await ask(server, 'create table kept (word text); insert into kept values ($$still here$$)');
  await server.stop();
  expect(identify(server.pid)).toBeUndefined();
});

test('a restart keeps the data and the port', async () => {
  const before = await start();
  await before.stop();
  const server = await start();
  expect(server.adopted).toBe(false);
  expect(server.port).toBe(before.port);
  expect(await ask(server, 'select word from kept')).toEqual([{ word: 'still here' }]);
});

test('a server whose handle was lost is adopted', async () => {
  const [abandoned, server] = [await start(), await start()];
  expect(server).toMatchObject({ pid: abandoned.pid, adopted: true, url: abandoned.url });
  expect(lines.at(-1)).toContain('adopted');
});

test('after a kill -9 of Postgres the next start recovers what was committed', async () => {
  const killed = await start();
  await ask(killed, 'insert into kept values ($$committed before the kill$$)');
  process.kill(killed.pid, 'SIGKILL');
  const server = await start();
  expect(server.adopted).toBe(false);
  expect(await ask(server, 'select count(*) as kept from kept')).toEqual([{ kept: 2 }]);
  await server.stop();
});

test('two starts at once give one server', async () => {
  const [one, two] = await Promise.all([start(), start()]);
  expect(two.pid).toBe(one.pid);
  expect([one.adopted, two.adopted].sort()).toEqual([false, true]);
  await one.stop();
});

test('a process that is killed leaves Postgres to the next one', async () => {
  const { child, pid } = await startInAnotherProcess();
  child.kill('SIGKILL');
  await once(child, 'exit');
  const server = await start();
  expect(server).toMatchObject({ pid, adopted: true });
  expect(await ask(server, 'select 1 as one')).toEqual([{ one: 1 }]);
  await server.stop();
  expect(identify(pid)).toBeUndefined();
});

test('a postmaster that is a zombie is not taken for alive', async () => {
  const { child, pid } = await startInAnotherProcess();
  child.kill('SIGSTOP'); // a parent that does not bury its dead
  process.kill(pid, 'SIGKILL');
  const server = await start();
  expect(server.adopted).toBe(false);
  expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(') Z ');
  child.kill('SIGKILL');
  await once(child, 'exit');
  await server.stop();
});

test('Ctrl-C in the terminal ends our process group and not Postgres', async () => {
  const { child, pid } = await startInAnotherProcess();
  process.kill(-child.pid!, 'SIGINT');
  await once(child, 'exit');
  await pause(100);
  expect(identify(pid)).toBeDefined();
});

test('the last process to stop is the one that stops Postgres', async () => {
  const server = await start();
  const { child, adopted } = await startInAnotherProcess();
  expect(adopted).toBe(true);
  const postmaster = identify(server.pid)!;
  await server.stop();
  expect(isRunning(postmaster)).toBe(true);
  child.stdin.end();
  await once(child, 'exit');
  expect(isRunning(postmaster)).toBe(false);
});

test('a postmaster.pid that names another program does not keep Postgres from starting', async () => {
  const stopped = await start();
  const content = readFileSync(join(dataDir, 'cluster/postmaster.pid'), 'utf8');
  await stopped.stop();
  writeFileSync(join(dataDir, 'cluster/postmaster.pid'), content.replace(/^\d+/, String(process.pid)));
  const server = await start();
  expect(server.adopted).toBe(false);
  await server.stop();
});

test('a taken port is named together with its setting', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  await expect(startPostgres({ dataDir, port, log: () => undefined })).rejects.toThrow(
    `Port ${port} of 127.0.0.1 is taken by another program: set POSTGRES_PORT to a free port`,
  );
  other.close();
});

test('the log holds neither statements nor values', async () => {
  const server = await start();
  await expect(ask(server, `select 'Doe^Jane'::int`)).rejects.toThrow('invalid input syntax');
  await server.stop();
  const log = readFileSync(join(dataDir, 'postgres.log'), 'utf8');
  expect(log).toContain('database system is ready');
  expect(log).not.toContain('Doe^Jane');
});
