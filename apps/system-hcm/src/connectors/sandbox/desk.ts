import { Problem, type ChangesQuery, type Page } from '@concord/canonical';
import type { Database } from '@concord/database';
import type { RawBuilder } from 'kysely';
import type { WorkerAnnouncements } from '../../changes/worker-announcements.js';
import { WORKER, type Kind, type Versioned } from '../record/kind.js';
import type { Body, RecordStore } from '../record/record.store.js';

/** What a rule of the sandbox works at: the record inside one transaction, at one moment. */
export class Desk {
  /** Today, as a calendar day in UTC. */
  readonly today: string;

  constructor(
    private readonly tx: Database,
    private readonly records: RecordStore,
    private readonly announcements: WorkerAnnouncements,
    readonly now: Date,
  ) {
    this.today = now.toISOString().slice(0, 10);
  }

  /** For a change: nobody else changes it meanwhile. */
  read<T extends Versioned>(kind: Kind<T>, id: string): Promise<T | undefined> {
    return this.records.read(this.tx, kind, id, true);
  }

  /** Throws `unknown-code` for what is named and is not there. */
  async known<T extends Versioned>(kind: Kind<T>, id: string): Promise<T> {
    const found = await this.read(kind, id);
    if (found) return found;
    throw new Problem('unknown-code', `There is no such ${wordsOf(kind)}`, { context: { [lower(kind.one)]: id } });
  }

  find<T extends Versioned>(kind: Kind<T>, query: ChangesQuery, more?: RawBuilder<unknown>): Promise<Page<T>> {
    return this.records.list(this.tx, kind, { page_size: 500, ...query }, more);
  }

  async add<T extends Versioned>(kind: Kind<T>, body: Body<T>, businessKey?: string): Promise<T | undefined> {
    return this.told(kind, await this.records.add(this.tx, kind, body, this.now, businessKey));
  }

  async replace<T extends Versioned>(kind: Kind<T>, body: Body<T>): Promise<T> {
    return this.told(kind, await this.records.replace(this.tx, kind, body, this.now));
  }

  nextId(kind: Kind<never>): Promise<string> {
    return this.records.nextId(this.tx, kind);
  }

  /** Whatever is written of a worker is told. */
  private async told<T extends Versioned, Written extends T | undefined>(kind: Kind<T>, written: Written) {
    if (written && kind.name === WORKER.name) await this.announcements.tell(this.tx, [written as never]);
    return written;
  }
}

export const wordsOf = ({ name }: Kind<never>): string => name.replaceAll('-', ' ');

const lower = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
