/** Files that could not be used: what was wrong is open to operations, what they hold is sealed. */
import { Problem, type Page, type ReceivedFile, type ReceivedFileFault } from '@concord/canonical';
import type { Database } from '@concord/database';
import type { Vault } from '@concord/events';
import type { ReceivedFileQuery } from '../queries.js';
import { DocumentStore, type Document } from './document.store.js';

type Kept = Pick<ReceivedFile, 'partner' | 'digest' | 'faults' | 'attempts' | 'discardedBecause'>;

/** A file with what it holds, for another try. */
export interface HeldFile {
  readonly partner: string;
  readonly sha256: string;
  readonly content: Buffer;
}

const MOST_FAULTS = 100;
const MOST_SIGNS = 400;

export class ReceivedFiles {
  private readonly documents = new DocumentStore<Kept>('received-file', 'RF');

  constructor(private readonly vault: Vault) {}

  /** Keeps a file with what was wrong; the same file again is the same entry. */
  async keep(tx: Database, { partner, sha256, content }: HeldFile, faults: readonly ReceivedFileFault[], at: Date) {
    const key = `${partner}/${sha256}`;
    const body = { partner, digest: sha256, faults: shortened(faults), attempts: 1 };
    const sealed = this.vault.seal(content, placeOf(key));
    await this.documents.add(tx, { businessKey: key, status: 'open', body, sealed }, at);
  }

  async list(db: Database, query: ReceivedFileQuery): Promise<Page<ReceivedFile>> {
    const { items, ...page } = await this.documents.list(db, query);
    return { ...page, items: items.map(fileOf) };
  }

  /** Throws `not-found`. */
  async read(db: Database, id: string): Promise<ReceivedFile> {
    return fileOf(await this.find(db, id));
  }

  /** Throws `not-found`; `conflict` where it is not open. */
  async held(db: Database, id: string): Promise<HeldFile> {
    const { businessKey, body, status, sealed } = await this.find(db, id);
    if (status !== 'open' || !sealed) throw refused(status);
    return { partner: body.partner, sha256: body.digest, content: this.vault.open(sealed, placeOf(businessKey)) };
  }

  /** What another try came to: none of it is wrong any more, or this is. */
  tried(tx: Database, id: string, faults: readonly ReceivedFileFault[], at: Date): Promise<ReceivedFile> {
    return this.change(tx, id, at, ({ body }) => ({
      body: { ...body, faults: shortened(faults), attempts: body.attempts + 1 },
      status: faults.length > 0 ? 'open' : 'worked',
    }));
  }

  /** Throws `not-found`; `conflict` where it was worked in. */
  async discard(tx: Database, id: string, reason: string, at: Date): Promise<ReceivedFile> {
    const { status } = await this.find(tx, id);
    if (status === 'worked') throw refused(status);
    if (status === 'discarded') return this.read(tx, id);
    return this.change(tx, id, at, ({ body }) => ({
      body: { ...body, discardedBecause: reason },
      status: 'discarded',
    }));
  }

  private async change(
    tx: Database,
    id: string,
    at: Date,
    change: (document: Document<Kept>) => { body: Kept; status: ReceivedFile['status'] },
  ): Promise<ReceivedFile> {
    const { revision } = await this.find(tx, id);
    return fileOf(await this.documents.change(tx, id, revision, change, at));
  }

  private async find(db: Database, id: string): Promise<Document<Kept>> {
    const document = await this.documents.read(db, id);
    if (!document) throw new Problem('not-found', 'There is no such file');
    return document;
  }
}

const placeOf = (key: string): string => `received-file/${key}`;

const shortened = (faults: readonly ReceivedFileFault[]): ReceivedFileFault[] =>
  faults.slice(0, MOST_FAULTS).map(({ position, reason }) => ({ position, reason: reason.slice(0, MOST_SIGNS) }));

const refused = (status = 'gone') => new Problem('conflict', 'The file is settled already', { context: { status } });

const fileOf = ({ id, body, status, createdAt, changedAt, revision }: Document<Kept>): ReceivedFile => ({
  ...body,
  id,
  status: status as ReceivedFile['status'],
  receivedAt: createdAt,
  revision,
  changedAt,
});
