import { createHash } from 'node:crypto';

/** A business key as it stands in the reference property of the ERP: always as long, and of harmless characters. */
export const referenceOf = (operation: string, businessKey: string): string =>
  `CC-${createHash('sha256').update(`${operation} ${businessKey}`).digest('hex').slice(0, 40)}`;

/**
 * Does what a business key names once: what the ERP has under its reference is found instead of made. Of calls at the same
 * time in this process one goes; across processes the receipts of the API see to it.
 */
export class Once {
  private readonly going = new Map<string, Promise<unknown>>();

  run<T>(reference: string, find: () => Promise<T | undefined>, make: () => Promise<T>): Promise<T> {
    const under = this.going.get(reference) as Promise<T> | undefined;
    if (under) return under;
    const work = (async () => (await find()) ?? make())().finally(() => this.going.delete(reference));
    this.going.set(reference, work);
    return work;
  }
}
