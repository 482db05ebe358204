/** How we log in to the embedded Postgres: as its only role, with the password beside the data. */
import { Problem } from '@concord/canonical';
import pg from 'pg';
import { createDatabase, databaseUrl } from '../create-database.js';
import { passwordOf, ROLE } from './postgres-cluster.js';
import { portOf } from './postmaster.js';

/** The URL of our database; it holds the password. */
export const postgresUrl = (folder: string, port: number): string =>
  `postgres://${ROLE}:${passwordOf(folder)}@127.0.0.1:${port}/${ROLE}`;

const NO_SUCH_DATABASE = '3D000';
const WRONG_PASSWORD = '28P01';

/** Logs in and asks; the first answer of a new cluster makes our database. */
export async function answers(folder: string): Promise<boolean> {
  const port = portOf(folder);
  if (port === undefined) return false;
  const url = postgresUrl(folder, port);
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code === NO_SUCH_DATABASE) await createDatabase(databaseUrl(url, 'postgres'), ROLE);
    if (code === WRONG_PASSWORD) {
      throw new Problem('upstream-unavailable', `The password in ${folder} is not that of the data beside it`);
    }
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
