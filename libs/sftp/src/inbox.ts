import { createHash } from 'node:crypto';
import { Problem } from '@concord/canonical';
import type { Database } from '@concord/database';
import type Client from 'ssh2-sftp-client';
import { files, type MailboxLine } from './mailbox.line.js';
import { Readability } from './readability.js';
import { isUnfinished, type ReadFile, type RemoteFile, type TakenFile } from './remote-file.js';

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

/** The way from the partner: what is listed, read, entered in the ledger and cleared away. */
export class Inbox {
  private readonly readability: Readability;

  constructor(private readonly line: MailboxLine) {
    this.readability = new Readability((failure) => line.vendor.ails(failure));
  }

  async list(): Promise<RemoteFile[]> {
    const entries = await this.line.use('list', (client) => client.list(this.line.settings.inbound));
    const listed = entries.filter(({ type, name }) => type === '-' && !isUnfinished(name));
    this.readability.listed(listed.map(({ name }) => name));
    return listed
      .map(({ name, size, modifyTime }) => ({ name, size, modifiedAt: new Date(modifyTime) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async take(file: RemoteFile, take: Take): Promise<'taken' | 'known'> {
    const content = await this.read(file, whole);
    const taken: TakenFile = { ...file, content, sha256: createHash('sha256').update(content).digest('hex') };
    return this.enter(taken, (tx) => take(taken, tx));
  }

  async takeInPieces(file: RemoteFile, take: TakeInPieces): Promise<'taken' | 'known'> {
    const hash = createHash('sha256');
    const enter = await this.read(file, (pieces) =>
      take(
        file,
        passing(pieces, (piece) => void hash.update(piece)),
      ),
    );
    const read: ReadFile = { ...file, sha256: hash.digest('hex') };
    return this.enter(read, (tx) => enter(read, tx));
  }

  /** Without holding more of the file than one piece. The connection is this reader's until it is done. */
  private async read<T>(file: RemoteFile, consume: (pieces: AsyncIterable<Buffer>) => Promise<T>): Promise<T> {
    const { name, size } = file;
    const wire: Wire = { bytes: 0, isBroken: false };
    const end = await this.line
      .use('take', (client) => consumed(this.pieces(client, name, wire), consume, wire))
      .catch((error: unknown) => this.brokeOff(name, error));
    if ('answer' in end && wire.bytes < size) this.readability.brokeOff(name, 'they end early');
    else if ('answer' in end || wire.bytes > 0) this.readability.read(name);
    if ('thrown' in end) throw end.thrown;
    this.expectWhole(size, wire.bytes);
    return end.answer;
  }

  private brokeOff(name: string, error: unknown): never {
    const reason = reasonOf(error);
    if (reason) this.readability.brokeOff(name, reason);
    throw error;
  }

  /**
   * Not every server keeps a file open for its reader: one that another process takes away, or writes on, meanwhile ends
   * where it is then. What was read so is no file of the partner's.
   */
  private expectWhole(size: number, bytes: number): void {
    if (bytes !== size) throw this.line.notNow('A file of the mailbox changed while it was read');
  }

  private async enter(read: ReadFile, work: (tx: Database) => Promise<void>): Promise<'taken' | 'known'> {
    const { database, clock } = this.line.surroundings;
    const isNew = await database.transaction().execute(async (tx) => {
      const isFirst = await this.line.ledger.take(tx, read, clock());
      if (isFirst) await work(tx);
      return isFirst;
    });
    this.line.vendor.heard();
    await this.clearAway(read);
    files.add({ outcome: isNew ? 'taken' : 'known' });
    return isNew ? 'taken' : 'known';
  }

  private async *pieces(client: Client, name: string, wire: Wire): AsyncIterable<Buffer> {
    const { inbound, maxFileBytes, partner } = this.line.settings;
    wire.isBroken = true; // until it ends, or its consumer has had enough of it
    for await (const piece of client.createReadStream(`${inbound}/${name}`)) {
      wire.isBroken = false;
      wire.bytes += (piece as Buffer).length;
      if (wire.bytes > maxFileBytes) {
        throw new Problem('payload-too-large', 'A file of the mailbox is larger than is allowed', {
          context: { partner },
        });
      }
      yield piece as Buffer;
      wire.isBroken = true;
    }
    wire.isBroken = false;
  }

  /** In the archive an equal name with another content gets a part of the digest; with the same content it is enough once. */
  private async clearAway({ name, sha256 }: ReadFile): Promise<void> {
    const { inbound, archive } = this.line.settings;
    const from = `${inbound}/${name}`;
    await this.line.use('take', async (client) => {
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
}

/** How far a file has come. */
interface Wire {
  bytes: number;
  isBroken: boolean;
}

type End<T> = { readonly answer: T } | { readonly thrown: unknown };

/** What a consumer throws, though every piece came, is no fault of the wire, and goes past it. */
async function consumed<T>(
  pieces: AsyncIterable<Buffer>,
  consume: (pieces: AsyncIterable<Buffer>) => Promise<T>,
  wire: Wire,
): Promise<End<T>> {
  try {
    return { answer: await consume(pieces) };
  } catch (thrown) {
    if (wire.isBroken) throw thrown;
    return { thrown };
  }
}

/** Why the wire or the server broke off; nothing where we did, or where somebody else has taken the file meanwhile. */
function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof Problem) || error.context?.['stoppedBy']) return undefined;
  const { slug, context, kind } = error;
  const reason = context?.['reason'] ?? slug;
  const isTheirs = kind.cause === 'transport' || (slug === 'upstream-rejected' && reason !== 'no-such-file');
  return isTheirs ? reason : undefined;
}

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
