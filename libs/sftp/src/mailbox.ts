import { Problem } from '@concord/canonical';
import { log } from '@concord/observability';
import { Inbox, type Take, type TakeInPieces } from './inbox.js';
import { files, MailboxLine, type MailboxSurroundings } from './mailbox.line.js';
import type { MailboxSettings } from './mailbox.settings.js';
import { Outbox } from './outbox.js';
import { Poll } from './poll.js';
import type { RemoteFile } from './remote-file.js';

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

const DAY_MS = 86_400_000;

/**
 * The mailbox of one partner: files come out of its inbound folder, each exactly once, and go into its outbound folder,
 * each exactly once, whatever is lost on the way.
 */
export class Mailbox {
  private readonly line: MailboxLine;
  private readonly inbox: Inbox;
  private readonly outbox: Outbox;
  private lastLook: { at: Date; failure?: string } | undefined;

  constructor(
    readonly settings: MailboxSettings,
    surroundings: MailboxSurroundings,
  ) {
    this.line = new MailboxLine(settings, surroundings);
    this.inbox = new Inbox(this.line);
    this.outbox = new Outbox(this.line);
  }

  /** The finished files for us, in the order of their names. Throws `upstream-unavailable` and `upstream-timeout`, as all below. */
  async list(): Promise<RemoteFile[]> {
    const listed = await this.inbox.list();
    this.lastLook = { at: this.line.surroundings.clock() };
    return listed;
  }

  /**
   * Takes one file: gives it to `take`, enters it into the ledger and clears it away. `known` where the same name with the
   * same content was taken before; then it is only cleared away. Throws `payload-too-large` as soon as it passes
   * `maxFileBytes`, and `upstream-unavailable` where it is not as long as it was listed.
   */
  take(file: RemoteFile, take: Take): Promise<'taken' | 'known'> {
    return this.inbox.take(file, take);
  }

  /** The same for a file that may be large: no more of it than a piece is held. */
  takeInPieces(file: RemoteFile, take: TakeInPieces): Promise<'taken' | 'known'> {
    return this.inbox.takeInPieces(file, take);
  }

  /**
   * Puts a file there under a temporary name and renames it, so that the partner never sees half of one. Put again with
   * the same content it does nothing (`there`), also where the partner has fetched it meanwhile. Throws `conflict` where
   * the name stands for another content; `upstream-rejected` where the partner refuses it.
   */
  put(name: string, content: Buffer): Promise<'written' | 'there'> {
    return this.outbox.put(name, content);
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
    const { surroundings, vendor } = this.line;
    const poll = new Poll(this.settings, {
      list: () => this.list(),
      take,
      clock: surroundings.clock,
      failed: (error) => this.failed(error),
    });
    poll.start();
    void this.recall();
    vendor.watch(() => this.line.use('list', (client) => client.stat(this.settings.inbound)));
    return poll;
  }

  health(): MailboxHealth {
    const { partner, privateKey, credentialSince, credentialExpires } = this.settings;
    const now = this.line.surroundings.clock().getTime();
    return {
      partner,
      connectedSince: this.line.connection.since,
      lastLookAt: this.lastLook?.at,
      failure: this.line.connection.failure ?? this.lastLook?.failure,
      credential: {
        kind: privateKey ? 'key' : 'password',
        ageDays: credentialSince && Math.floor((now - credentialSince.getTime()) / DAY_MS),
        daysLeft: credentialExpires ? Math.floor((Date.parse(credentialExpires) - now) / DAY_MS) : undefined,
      },
    };
  }

  close(): Promise<void> {
    return this.line.close();
  }

  /** How old the newest file is is known after a restart, too, even while the partner is not at hand. */
  private async recall(): Promise<void> {
    try {
      const at = await this.line.ledger.lastTakenAt();
      if (at) this.line.vendor.heard(at);
    } catch (error) {
      log.warn('sftp.not-recalled', { target: this.line.vendor.name, error });
    }
  }

  private failed(error: unknown): void {
    files.add({ outcome: 'failed' });
    log.warn('sftp.not-taken', { target: this.line.vendor.name, error });
    const reason = error instanceof Problem ? error.slug : 'internal';
    this.lastLook = { at: this.line.surroundings.clock(), failure: reason };
  }
}
