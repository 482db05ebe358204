import path from 'node:path';
import { auditMigrations } from '@concord/audit';
import { migrate, openDatabase, startPostgres, type Database } from '@concord/database';
import { eventMigrations } from '@concord/events';
import { log } from '@concord/observability';
import { receiptMigrations } from '../receipts.js';
import type { HostConfig } from './host.config.js';

export interface BootedDatabase {
  readonly database: Database;
  end(): Promise<void>;
}

/** Postgres by `DATABASE_URL`, or the embedded one, with the tables of the platform. */
export async function bootDatabase(
  config: HostConfig,
  print: (part: string, line: string) => void,
): Promise<BootedDatabase> {
  const server = config.databaseUrl
    ? undefined
    : await startPostgres({
        dataDir: path.resolve(config.dataDir, 'postgres'),
        port: config.postgresPort || undefined,
        log: () => undefined,
      });
  const url = server?.url ?? config.databaseUrl;
  print('postgres', server ? `embedded, port ${server.port}${server.adopted ? ', adopted' : ''}` : `at ${hostOf(url)}`);
  const database = openDatabase(url, { max: config.databasePool });
  await migrate(database, 'events', eventMigrations);
  await migrate(database, 'audit', auditMigrations);
  await migrate(database, 'api', receiptMigrations);
  log.debug('database.ready', { component: 'database' });
  const end = async () => {
    await database.destroy();
    await server?.stop();
  };
  return { database, end };
}

const hostOf = (url: string): string => new URL(url).host;
