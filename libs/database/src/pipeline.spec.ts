import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { openDatabase, type Database } from './database.js';
import { startPostgres, type PostgresServer } from './embedded/postgres.launcher.js';
import { sendAlong, together } from './pipeline.js';

let folder: string;
let postgres: PostgresServer;
let database: Database;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'concord-pipeline-'));
  postgres = await startPostgres({ dataDir: path.join(folder, 'pg'), log: () => undefined });
  database = openDatabase(postgres.url, { max: 2 });
  await sql`create table ledger (number int primary key)`.execute(database);
});

beforeEach(() => sql`truncate ledger`.execute(database));

afterAll(async () => {
  await database.destroy();
  await postgres.stop();
  fs.rmSync(folder, { recursive: true });
});

const enter = (number: number) => sql`insert into ledger values (${number}) returning number`;

async function entered(): Promise<number[]> {
  const { rows } = await sql<{ number: number }>`select number from ledger order by number`.execute(database);
  return rows.map(({ number }) => number);
}

const transaction = (work: (tx: Database) => Promise<unknown>) => database.transaction().execute(work);

describe('Statements that travel together', () => {
  it('are carried out in their order, and each has its own answer', async () => {
    const sum = sql<{ sum: number }>`select sum(number)::int as sum from ledger`;
    const answers = await transaction((tx) => together(tx, enter(1), sum, enter(2), sum));
    expect(answers).toEqual([[{ number: 1 }], [{ sum: 1 }], [{ number: 2 }], [{ sum: 3 }]]);
  });

  it('fail together: the reason is that of the first that failed, and nothing stays', async () => {
    const failing = transaction((tx) => together(tx, enter(1), enter(1), enter(2)));
    await expect(failing).rejects.toMatchObject({ code: '23505' });
    expect(await entered()).toEqual([]);
  });

  it('may be the same statement again and again, before and after Postgres has prepared it', async () => {
    for (let round = 0; round < 5; round += 1) {
      await transaction((tx) => together(tx, ...[1, 2, 3].map((i) => enter(10 * round + i))));
    }
    expect(await entered()).toHaveLength(15);
  });
});

describe('Statements that are sent along', () => {
  it('are carried out before the commit, behind what was sent before them', async () => {
    await transaction(async (tx) => {
      await sendAlong(tx, enter(1), enter(2));
      const { rows } = await sql<{ count: number }>`select count(*)::int as count from ledger`.execute(tx);
      expect(rows).toEqual([{ count: 2 }]);
      await sendAlong(tx, enter(3));
    });
    expect(await entered()).toEqual([1, 2, 3]);
  });

  it('fail the commit with their own reason, and nothing stays', async () => {
    const failing = transaction(async (tx) => {
      await enter(1).execute(tx);
      await sendAlong(tx, enter(1), enter(2));
    });
    await expect(failing).rejects.toMatchObject({ code: '23505' });
    expect(await entered()).toEqual([]);
    await transaction((tx) => sendAlong(tx, enter(1))); // the connection is as good as before
    expect(await entered()).toEqual([1]);
  });

  it('go when the transaction fails for another reason', async () => {
    const failing = transaction(async (tx) => {
      await sendAlong(tx, enter(1));
      throw new Error('no more');
    });
    await expect(failing).rejects.toThrow('no more');
    expect(await entered()).toEqual([]);
  });

  it('are waited for where there is no transaction that could speak for them', async () => {
    await sendAlong(database, enter(1), sql`select pg_sleep(0.05)`, enter(2));
    expect(await entered()).toEqual([1, 2]);
    await expect(sendAlong(database, enter(1))).rejects.toMatchObject({ code: '23505' });
  });
});

describe('A transaction whose connection is lost', () => {
  const lose = (tx: Database) => sql`select pg_terminate_backend(pg_backend_pid())`.execute(tx);

  it.each([
    ['with its first statement', lose],
    ['in the middle of it', async (tx: Database) => (await enter(1).execute(tx), lose(tx))],
    [
      'with the commit',
      (tx: Database) => sendAlong(tx, enter(1), sql`select pg_terminate_backend(pg_backend_pid())`, enter(2)),
    ],
  ])('%s says so, leaves nothing, and the next one has another', async (_, work) => {
    // Postgres's farewell is read first, or what is still to be written meets a closed connection.
    const lost = { code: expect.stringMatching(/^(57P01|EPIPE|ECONNRESET)$/) };
    await expect(transaction(work)).rejects.toMatchObject(lost);
    await transaction((tx) => sendAlong(tx, enter(7)));
    expect(await entered()).toEqual([7]);
  });
});
