import { Problem } from '@concord/canonical';
import type { ForeignRecord, ODataRecords, Values } from './odata.records.js';
import type { EntityName } from './profile.js';

/** Times that a change is decided where others change the same meanwhile. */
const TRIES = 5;

/**
 * A change that follows from how a record stands, and not from what a caller saw of it: where somebody else changed it in
 * between, it is decided anew.
 * @param decide what is to change; undefined leaves the record as it is
 */
export async function changeAsItStands(
  records: ODataRecords,
  name: EntityName,
  id: string,
  decide: (record: ForeignRecord) => Values | undefined,
): Promise<ForeignRecord> {
  for (let tries = 1; ; tries += 1) {
    const record = await records.read(name, id);
    const values = decide(record);
    if (!values) return record;
    try {
      return await records.change(name, id, record.etag, values);
    } catch (error) {
      if (!(error instanceof Problem && error.slug === 'stale') || tries === TRIES) throw error;
    }
  }
}
