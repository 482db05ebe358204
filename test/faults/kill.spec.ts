import fs from 'node:fs';
import path from 'node:path';
import { findProcesses, openDatabase, startPostgres, type Database, type PostgresServer } from '@concord/database';
import { bookFaults, Caller, encounterBundle, readBooks, runCounts, waitUntil, type Books } from '@concord/testing';
import { spawnedGateway, type SpawnedGateway } from '../fixtures/spawned-gateway.js';

const ENCOUNTERS = 200;
const SENDERS = 4;
/** For a gateway that starts again on a machine with other things to do. */
const PATIENCE = { withinMs: 120_000 };

/**
 * Two hundred encounters are on their way when something is killed. What was acknowledged must be posted, once; the
 * sandboxes' own books say so.
 */
describe('when something is killed in the middle of two hundred encounters', () => {
  let gateway: SpawnedGateway;
  let postgres: PostgresServer | undefined;
  let database: Database | undefined;
  let before: Books;
  const acknowledged: string[] = [];

  const reopen = async () => {
    await database?.destroy();
    postgres = await startPostgres({ dataDir: path.join(gateway.dataDir, 'postgres'), log: () => undefined });
    database = openDatabase(postgres.url, { max: 4 });
    return database;
  };

  beforeAll(async () => {
    gateway = await spawnedGateway();
    await gateway.start();
    before = await readBooks(await reopen());
  });

  afterAll(async () => {
    await database?.destroy();
    await gateway?.stop();
    await postgres?.stop();
    await gateway?.remove();
  });

  /** Sends until all are acknowledged, as EHRs with a queue do, a few at a time, and calls back after every tenth. */
  const sendAll = async (name: string, onTenth: (sent: number) => void) => {
    const ehr = new Caller(gateway.url, 'ehr');
    const earlier = acknowledged.length;
    let next = 0;
    const send = async (): Promise<void> => {
      const i = next;
      next += 1;
      if (i >= ENCOUNTERS) return;
      const { encounterId, bundle } = encounterBundle(`${name}-${i}`, { procedures: i % 3 ? [] : ['288086009'] });
      await waitUntil(
        `encounter ${i} to be acknowledged`,
        async () => {
          const answer = await ehr.post('/system/ehr/v1/inbound/fhir', bundle).catch(() => undefined);
          return answer?.status === 202;
        },
        PATIENCE,
      );
      const sent = acknowledged.push(encounterId) - earlier;
      if (sent % 10 === 0) onTenth(sent);
      await send();
    };
    await Promise.all(Array.from({ length: SENDERS }, send));
    await ehr.close();
  };

  const allAreBooked = async () => {
    const operations = new Caller(gateway.url, 'operations');
    await waitUntil(
      'all runs to be complete',
      async () => {
        const runs = await runCounts(operations).catch(() => undefined);
        return (runs?.['completed'] ?? 0) >= acknowledged.length;
      },
      { ...PATIENCE, everyMs: 250 },
    );
    expect(await runCounts(operations)).toEqual({ completed: acknowledged.length });
    await operations.close();
    expect(bookFaults(await readBooks(database!), acknowledged, before)).toEqual([]);
  };

  it('nothing is lost and nothing is posted twice after kill -9 of the gateway', async () => {
    await sendAll('gateway', (sent) => {
      if (sent === 100) void gateway.kill().then(() => gateway.start());
    });
    await allAreBooked();
  }, 300_000);

  it('nothing is lost and nothing is posted twice after kill -9 of Restate', async () => {
    await sendAll('restate', (sent) => {
      if (sent !== 100) return;
      killEvery('restate-server', path.join(gateway.dataDir, 'restate'));
      void gateway.stop().then(() => gateway.start());
    });
    await allAreBooked();
  }, 300_000);

  it('nothing is lost and nothing is posted twice when the data folder of Restate is deleted', async () => {
    await sendAll('restate-data', (sent) => {
      if (sent !== 100) return;
      killEvery('restate-server', path.join(gateway.dataDir, 'restate'));
      fs.rmSync(path.join(gateway.dataDir, 'restate'), { recursive: true, force: true });
      void gateway.kill().then(() => gateway.start());
    });
    await allAreBooked();
  }, 300_000);

  it('nothing is lost and nothing is posted twice after kill -9 of Postgres', async () => {
    await sendAll('postgres', (sent) => {
      if (sent !== 100) return;
      process.kill(postmaster(path.join(gateway.dataDir, 'postgres')), 'SIGKILL');
      void gateway.kill().then(() => gateway.start());
    });
    await reopen();
    await allAreBooked();
  }, 300_000);

  it('stops cleanly and leaves no process behind', async () => {
    await database?.destroy();
    database = undefined;
    await postgres?.stop();
    postgres = undefined;
    await gateway.stop();
    expect(findProcesses('restate-server', path.join(gateway.dataDir, 'restate'))).toEqual([]);
    expect(fs.existsSync(path.join(gateway.dataDir, 'postgres/data/postmaster.pid'))).toBe(false);
  });
});

function killEvery(executable: string, folder: string): void {
  const found = findProcesses(executable, folder);
  expect(found.length).toBeGreaterThan(0);
  for (const { pid } of found) process.kill(pid, 'SIGKILL');
}

/** The pid in the first line of postmaster.pid, wherever below the folder the data lies. */
function postmaster(folder: string): number {
  const file = fs.globSync('**/postmaster.pid', { cwd: folder })[0];
  return Number(fs.readFileSync(path.join(folder, file!), 'utf8').split('\n', 1)[0]);
}
