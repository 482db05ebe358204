// Before all tests one Postgres is initialised and stopped, and every Postgres that a test starts begins as a copy of it.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const built = path.resolve(import.meta.dirname, '../../dist/libs/database/src/index.js');

export default async function prepare() {
  if (!fs.existsSync(built)) return; // then each runs initdb
  const { startPostgres } = await import(built);
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'concord-prepared-'));
  const postgres = await startPostgres({ dataDir, log: () => undefined });
  await postgres.stop();
  process.env.CONCORD_PREPARED_POSTGRES = dataDir;
}
