/**
 * Databases made from a template, so that a test gets a migrated database of its own in milliseconds. `adminUrl` names
 * any database of the server but the template: Postgres copies a template only while nobody is connected to it.
 */
import pg from 'pg';

/** Copies `template` to the new database `name` and gives its URL. */
export async function cloneDatabase(adminUrl: string, template: string, name: string): Promise<string> {
  const [copy, original] = [name, template].map((each) => pg.escapeIdentifier(each));
  await administer(adminUrl, `create database ${copy} template ${original}`);
  return databaseUrl(adminUrl, name);
}

/** Creates the empty database `name` and gives its URL. */
export async function createDatabase(adminUrl: string, name: string): Promise<string> {
  await administer(adminUrl, `create database ${pg.escapeIdentifier(name)}`);
  return databaseUrl(adminUrl, name);
}

/** Drops the database `name` if there is one, and cuts off whoever is connected to it. */
export async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  await administer(adminUrl, `drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
}

/** The URL of another database on the same server. */
export function databaseUrl(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${encodeURIComponent(name)}`;
  return other.href;
}

/** These statements refuse to run in a transaction or in a pool that may be cut off, hence a connection of their own. */
async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
