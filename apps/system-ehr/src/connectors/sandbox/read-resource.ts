import type { Database } from '@concord/database';
import type { Vault } from '@concord/events';
import type { EhrTables } from './tables.js';

/** Opens one resource of the record, for whoever may see a person. */
export async function readResource<T extends object>(
  database: Database,
  vault: Vault,
  key: string,
): Promise<T | undefined> {
  const row = await database
    .$extendTables<EhrTables>()
    .selectFrom('sandbox_ehr.resource')
    .select('body')
    .where('key', '=', key)
    .executeTakeFirst();
  return row && (JSON.parse(vault.open(row.body, key).toString('utf8')) as T);
}
