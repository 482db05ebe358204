import { createHash } from 'node:crypto';
import { Once, type Turns } from '@concord/resilience';

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

  /** @param unique what else may be there only once, for example the number of a supplier's invoice */
  run<T>(
    reference: string,
    find: () => Promise<T | undefined>,
    make: () => Promise<T>,
    unique: readonly string[] = [],
  ): Promise<T> {
    return this.once.run(reference, () =>
      this.turns.take([reference, ...unique], async () => (await find()) ?? make()),
    );
  }

  /** Work that must not happen beside the making of what is unique. */
  apart<T>(unique: readonly string[], work: () => Promise<T>): Promise<T> {
    return this.turns.take(unique, work);
  }
}
