import { createHash } from 'node:crypto';
import { Once, type Turns } from '@concord/resilience';
import type { ForeignRecord, ODataRecords } from './odata.records.js';
import type { EntityName } from './profile.js';

/** A business key as it stands in the reference property of the ERP: always as long, and of harmless characters. */
export const referenceOf = (operation: string, businessKey: string): string =>
  `CC-${createHash('sha256').update(`${operation} ${businessKey}`).digest('hex').slice(0, 40)}`;

/**
 * Makes what a business key names once: what the ERP has under its reference is found instead of made. OData has no
 * call that does both, so between the two nobody else may look: not in this process, and in no other one of ours.
 */
export class MadeOnce {
  private readonly once = new Once();

  constructor(private readonly turns: Turns) {}

  /**
   * What the ERP has under a reference of ours, found or made.
   * @param make makes it with the reference
   * @param unique what else may be there only once, for example the number of a supplier's invoice
   */
  record(
    records: ODataRecords,
    name: EntityName,
    businessKey: string,
    make: () => Promise<ForeignRecord>,
    unique: readonly string[] = [],
  ): Promise<ForeignRecord> {
    const find = () => records.find(name, [['businessKey', 'eq', businessKey]]);
    return this.once.run(businessKey, () =>
      this.turns.take([businessKey, ...unique], async () => (await find()) ?? make()),
    );
  }

  /** Work that must not happen beside the making of what is unique. */
  apart<T>(unique: readonly string[], work: () => Promise<T>): Promise<T> {
    return this.turns.take(unique, work);
  }
}
