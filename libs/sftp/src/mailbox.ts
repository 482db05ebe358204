import { createHash } from 'node:crypto';
import { Problem } from '@concord/canonical';
import type { Database } from '@concord/database';
import { counter, log } from '@concord/observability';
import type { Vendor } from '@concord/resilience';
import type Client from 'ssh2-sftp-client';
import { Ledger } from './ledger.store.js';
import type { MailboxSettings } from './mailbox.settings.js';
import { mailboxVendor } from './mailbox.vendor.js';
import { Poll } from './poll.js';
import { isUnfinished, type ReadFile, type RemoteFile, type TakenFile } from './remote-file.js';
import { SftpConnection } from './sftp.connection.js';

/**
 * Works a file into our own stores, inside the transaction that enters it as taken: both happen, or neither. What it
 * throws leaves the file where it is, to be taken again later.
 */
export type Take = (file: TakenFile, tx: Database) => Promise<void>;

/**
 * Keeps the pieces of a file, all of them, wherever it likes; what it answers is done in the transaction that enters the
 * file as taken. It may be called again for a file that it has kept: only what is entered counts.
 */
export type TakeInPieces = (
  file: RemoteFile,
  pieces: AsyncIterable<Buffer>,
) => Promise<(read: ReadFile, tx: Database) => Promise<void>>;

export interface MailboxSurroundings {
  /** Holds the tables of `mailboxMigrations`. */
  readonly database: Database;
  readonly clock: () => Date;
  /** The API of ours that it stands behind. */
  readonly api?: string;
}

/** What the health view shows of a mailbox. */
export interface MailboxHealth {
  readonly partner: string;
  readonly connectedSince?: Date;
  readonly lastLookAt?: Date;
  /** Why the last attempt failed: `host-key`, `authentication`, `connection`, or the slug of a problem. */
  readonly failure?: string;
  readonly credential: {
    readonly kind: 'key' | 'password';
    readonly ageDays?: number;
    /** Negative once it has ended. */
    readonly daysLeft?: number;
  };
}

const outcomes = ['taken', 'known', 'failed', 'written', 'there'] as const;
const files = counter('concord_sftp_files_total', 'Files taken from mailboxes and put there', { outcome: outcomes });

const DAY_MS = 86_400_000;
const UPLOADING = '.tmp';

/**
 * The mailbox of one partner: files come out of its inbound folder, each exactly once, and go into its outbound folder,
 * each exactly once, whatever is lost on the way.
 */
export class Mailbox {
  private readonly connection: SftpConnection;
  private readonly vendor: Vendor;
  private readonly ledger: Ledger;
  private lastLook: { at: Date; failure?: string } | undefined;

  constructor(
    readonly settings: MailboxSettings,
    private readonly surroundings: MailboxSurroundings,
  ) {
    this.connection = new SftpConnection(settings, surroundings.clock);
    this.vendor = mailboxVendor(settings, surroundings.clock, surroundings.api);
    this.ledger = new Ledger(surroundings.database, settings.partner, settings.hashNames);
  }

  /** The finished files for us, in the order of their names. Throws `upstream-unavailable` and `upstream-timeout`, as all below. */
  async list(): Promise<RemoteFile[]> {
    const entries = await this.use('list', (client) => client.list(this.settings.inbound));
    this.lastLook = { at: this.surroundings.clock() };
    return entries
      .filter(({ type, name }) => type === '-' && !isUnfinished(name))
      .map(({ name, size, modifyTime }) => ({ name, size, modifiedAt: new Date(modifyTime) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * Reads a file in pieces, without holding more of it than one. The connection is this reader's until it is done. Throws
   * `payload-too-large` as soon as the file passes `maxFileBytes`.
   */
  read<T>(name: string, consume: (pieces: AsyncIterable<Buffer>) => Promise<T>): Promise<T> {
    return this.use('take', (client) => consume(this.pieces(client, name)));
  }

  /**
   * Takes one file: gives it to `take`, enters it into the ledger and clears it away. `known` where the same name with the
   * same content was taken before; then it is only cleared away. Throws `upstream-unavailable` where it is not as long as
   * it was listed.
   */
  async take(file: RemoteFile, take: Take): Promise<'taken' | 'known'> {
    const content = await this.read(file.name, whole);
    this.expectWhole(file, content.length);
    const taken: TakenFile = { ...file, content, sha256: digestOf(content) };
    return this.enter(taken, (tx) => take(taken, tx));
  }

  /** The same for a file that may be large: no more of it than a piece is held. */
  async takeInPieces(file: RemoteFile, take: TakeInPieces): Promise<'taken' | 'known'> {
    const hash = createHash('sha256');
    let size = 0;
    const enter = await this.read(file.name, (pieces) =>
      take(
        file,
        passing(pieces, (piece) => {
          hash.update(piece);
          size += piece.length;
        }),
      ),
    );
    this.expectWhole(file, size);
    const read: ReadFile = { ...file, sha256: hash.digest('hex') };
    return this.enter(read, (tx) => enter(read, tx));
  }

  /**
   * Puts a file there under a temporary name and renames it, so that the partner never sees half of one. Put again with
   * the same content it does nothing (`there`), also where the partner has fetched it meanwhile. Throws `conflict` where
   * the name stands for another content; `upstream-rejected` where the partner refuses it.
   */
  async put(name: string, content: Buffer): Promise<'written' | 'there'> {
    const sha256 = digestOf(content);
    const state = await this.ledger.hold({ name, size: content.length, sha256 }, this.surroundings.clock());
    if (state === 'other') throw new Problem('conflict', 'A file of this name was put there with another content');
    if (state === 'held') throw this.busy();
    if (state === 'written') return this.counted('there');
    try {
      const arrived = await this.use('put', (client) => this.upload(client, name, content, state));
      await this.ledger.reached(name, 'written');
      return this.counted(arrived);
    } finally {
      await this.ledger.letGo(name);
    }
  }

  /**
   * Looks into the mailbox every `pollMs` and takes what is finished, one file after another, until the returned `stop`
   * is called; it resolves when the file at hand is done. A file whose size or time changed since the last look is left
   * alone, one that could not be worked in is tried less and less often.
   */
  subscribe(take: Take): { stop: () => Promise<void> } {
    return this.poll((file) => this.take(file, take));
  }

  /** The same for files that may be large. */
  subscribeInPieces(take: TakeInPieces): { stop: () => Promise<void> } {
    return this.poll((file) => this.takeInPieces(file, take));
  }

  private poll(take: (file: RemoteFile) => Promise<unknown>): Poll {
    const poll = new Poll(this.settings, {
      list: () => this.list(),
      take,
      clock: this.surroundings.clock,
      failed: (error) => this.failed(error),
    });
    poll.start();
    void this.recall();
    this.vendor.watch(() => this.use('list', (client) => client.stat(this.settings.inbound)));
    return poll;
  }

  health(): MailboxHealth {
    const { partner, privateKey, credentialSince, credentialExpires } = this.settings;
    const now = this.surroundings.clock().getTime();
    return {
      partner,
      connectedSince: this.connection.since,
      lastLookAt: this.lastLook?.at,
      failure: this.connection.failure ?? this.lastLook?.failure,
      credential: {
        kind: privateKey ? 'key' : 'password',
        ageDays: credentialSince && Math.floor((now - credentialSince.getTime()) / DAY_MS),
        daysLeft: credentialExpires ? Math.floor((Date.parse(credentialExpires) - now) / DAY_MS) : undefined,
      },
    };
  }

  close(): Promise<void> {
    this.vendor.close();
    return this.connection.close();
  }

  private use<T>(capability: string, call: (client: Client) => Promise<T>): Promise<T> {
    return this.vendor.run(capability, () => this.connection.use(call));
  }

  /**
   * Not every server keeps a file open for its reader: one that another process takes away, or writes on, meanwhile ends
   * where it is then. What was read so is no file of the partner's.
   */
  private expectWhole({ size }: RemoteFile, bytes: number): void {
    if (bytes === size) return;
    throw new Problem('upstream-unavailable', 'A file of the mailbox changed while it was read', {
      context: { partner: this.settings.partner },
      retryAfter: 5,
    });
  }

  private async enter(read: ReadFile, work: (tx: Database) => Promise<void>): Promise<'taken' | 'known'> {
    const { database, clock } = this.surroundings;
    const isNew = await database.transaction().execute(async (tx) => {
      const isFirst = await this.ledger.take(tx, read, clock());
      if (isFirst) await work(tx);
      return isFirst;
    });
    this.vendor.heard();
    await this.clearAway(read);
    files.add({ outcome: isNew ? 'taken' : 'known' });
    return isNew ? 'taken' : 'known';
  }

  /**
   * The temporary name goes away by nothing but the rename. So where the whole file was there under it and is no more, the
   * rename was done and only its answer was lost: the partner may have fetched the file since.
   */
  private async upload(
    client: Client,
    name: string,
    content: Buffer,
    state: 'begun' | 'uploaded',
  ): Promise<'written' | 'there'> {
    const final = `${this.settings.outbound}/${name}`;
    const temporary = final + UPLOADING;
    if (state === 'uploaded' && !(await client.exists(temporary))) return 'there';
    if (state === 'begun') {
      await client.put(content, temporary);
      const { size } = await client.stat(temporary);
      if (size !== content.length) throw this.busy();
      await this.ledger.reached(name, 'uploaded');
    }
    await client.rename(temporary, final);
    return 'written';
  }

  private async *pieces(client: Client, name: string): AsyncIterable<Buffer> {
    let bytes = 0;
    for await (const piece of client.createReadStream(`${this.settings.inbound}/${name}`)) {
      bytes += (piece as Buffer).length;
      if (bytes > this.settings.maxFileBytes) {
        throw new Problem('payload-too-large', 'A file of the mailbox is larger than is allowed', {
          context: { partner: this.settings.partner },
        });
      }
      yield piece as Buffer;
    }
  }

  /** In the archive an equal name with another content gets a part of the digest; with the same content it is enough once. */
  private async clearAway({ name, sha256 }: ReadFile): Promise<void> {
    const { inbound, archive } = this.settings;
    const from = `${inbound}/${name}`;
    await this.use('take', async (client) => {
      if (!archive) return void (await client.delete(from, true));
      if (!(await client.exists(from))) return; // another process was as quick
      const names = [name, `${name}.${sha256.slice(0, 12)}`];
      for (const each of names) {
        const to = `${archive}/${each}`;
        if (!(await client.exists(to))) return void (await client.rename(from, to));
      }
      await client.delete(from, true);
    });
  }

  /** How old the newest file is is known after a restart, too, even while the partner is not at hand. */
  private async recall(): Promise<void> {
    try {
      const at = await this.ledger.lastTakenAt();
      if (at) this.vendor.heard(at);
    } catch (error) {
      log.warn('sftp.not-recalled', { target: `sftp.${this.settings.partner}`, error });
    }
  }

  private failed(error: unknown): void {
    files.add({ outcome: 'failed' });
    log.warn('sftp.not-taken', { target: `sftp.${this.settings.partner}`, error });
    const reason = error instanceof Problem ? error.slug : 'internal';
    this.lastLook = { at: this.surroundings.clock(), failure: reason };
  }

  private counted(outcome: 'written' | 'there'): 'written' | 'there' {
    files.add({ outcome });
    return outcome;
  }

  private busy(): Problem {
    const context = { partner: this.settings.partner };
    return new Problem('upstream-unavailable', 'This file is being put there by somebody else', {
      context,
      retryAfter: 5,
    });
  }
}

const digestOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

async function whole(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

async function* passing(pieces: AsyncIterable<Buffer>, seen: (piece: Buffer) => void): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    seen(piece);
    yield piece;
  }
}
