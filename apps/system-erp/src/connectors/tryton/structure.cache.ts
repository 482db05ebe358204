import { Problem } from '@concord/canonical';
import type { TrytonRecords } from '@concord/tryton';
import type { Books, Structure } from './books.js';
import { readStructure } from './structure.js';
import type { Binding } from './tryton-erp.config.js';

const FRESH_MS = 60_000;

/** The structure as it was within the last minute; read by one for all who wait. */
export class StructureCache {
  private held: Structure | undefined;
  private reading: Promise<Structure> | undefined;

  constructor(
    private readonly tryton: TrytonRecords,
    private readonly binding: Binding,
    private readonly now: () => number,
  ) {}

  async get(): Promise<Structure> {
    if (this.held && this.now() - this.held.readAt < FRESH_MS) return this.held;
    return this.refresh();
  }

  refresh(): Promise<Structure> {
    this.reading ??= readStructure(this.tryton, this.binding, this.now())
      .then((structure) => (this.held = structure))
      .finally(() => (this.reading = undefined));
    return this.reading;
  }

  /** What was read last, if anything was. */
  get last(): Structure | undefined {
    return this.held;
  }

  async books(legalEntity: string): Promise<Books> {
    const books = (await this.get()).books.get(legalEntity);
    if (books) return books;
    throw new Problem('unknown-code', 'Legal entity is not known', { context: { legalEntity } });
  }
}
