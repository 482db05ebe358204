import { createHash } from 'node:crypto';
import { Problem } from '@concord/canonical';
import { log } from '@concord/observability';
import { within } from '@concord/resilience';
import type { Client as SshClient } from 'ssh2';
import Client from 'ssh2-sftp-client';
import type { MailboxSettings } from './mailbox.settings.js';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;
/** A wrong credential is not tried often: partners lock accounts. */
const AFTER_REFUSAL_MS = 300_000;
const KEEP_ALIVE_MS = 15_000;
const UNANSWERED_KEEP_ALIVES = 3;
const WAITING = 1000;

/** SFTP status codes that speak of one file, not of the connection (draft-ietf-secsh-filexfer-02, section 7). */
const ABOUT_A_FILE = new Set<unknown>([2, 3, 4, 'ENOENT', 'EACCES', 'ERR_BAD_PATH', 'ENOTEXIST']);

type State = { readonly client: Client; readonly since: Date };

/**
 * One SSH connection to a partner, made when it is needed and kept alive. Callers take turns. Whatever fails leaves as
 * `upstream-unavailable`, `upstream-timeout` or `upstream-rejected`, without the words of the other side, which quote file
 * names. After a failure to connect, callers are refused at once until it is time to try again.
 */
export class SftpConnection {
  private state: State | undefined;
  private turn: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private failures = 0;
  private notBefore = 0;
  private closed = false;
  failure: string | undefined;

  constructor(
    private readonly settings: MailboxSettings,
    private readonly clock: () => Date,
  ) {}

  get since(): Date | undefined {
    return this.state?.since;
  }

  /** Uses the connection alone; the time begins when it is this caller's turn. */
  use<T>(call: (client: Client) => Promise<T>): Promise<T> {
    if (this.waiting >= WAITING) {
      return Promise.reject(new Problem('rate-limited', 'Too many wait for the mailbox', { retryAfter: 5 }));
    }
    this.waiting += 1;
    const mine = this.turn.then(() => this.called(call)).finally(() => (this.waiting -= 1));
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.turn;
    await this.drop();
  }

  private async called<T>(call: (client: Client) => Promise<T>): Promise<T> {
    const { client } = this.state ?? (await this.connect());
    try {
      return await within(this.settings.timeoutMs, () => call(client), this.target);
    } catch (error) {
      if (error instanceof Problem && error.slug !== 'upstream-timeout') throw error;
      const code = (error as { code?: unknown }).code;
      if (ABOUT_A_FILE.has(code)) throw this.refused(code);
      // A connection that failed once, or has an answer outstanding, is not trusted with the next file.
      await this.drop();
      throw error instanceof Problem ? error : this.unavailable('connection');
    }
  }

  private async connect(): Promise<State> {
    const now = this.clock().getTime();
    if (this.closed) throw new Problem('shutting-down');
    if (now < this.notBefore) throw this.unavailable(this.failure ?? 'connection');
    let isForeign = false;
    const client: Client = new Client(
      this.settings.partner,
      this.callbacks(() => client),
    );
    // A request is smaller than a packet and waits for its answer: with Nagle's algorithm each would cost 40 ms and more.
    client.on('connect', () => wire(client).setNoDelay(true));
    try {
      await client.connect({
        host: this.settings.host,
        port: this.settings.port,
        username: this.settings.username,
        password: this.settings.password,
        privateKey: this.settings.privateKey,
        passphrase: this.settings.passphrase,
        readyTimeout: this.settings.connectTimeoutMs,
        keepaliveInterval: KEEP_ALIVE_MS,
        keepaliveCountMax: UNANSWERED_KEEP_ALIVES,
        hostVerifier: (key: Buffer): boolean => {
          isForeign = !this.isPinned(key);
          return !isForeign;
        },
      });
    } catch (error) {
      void client.end().catch(() => undefined);
      throw this.failed(isForeign ? 'host-key' : isRefusal(error) ? 'authentication' : 'connection');
    }
    this.failures = 0;
    this.failure = undefined;
    this.state = { client, since: this.clock() };
    log.info('sftp.connected', { target: this.target });
    return this.state;
  }

  /** ssh2 tells of a connection that ended by itself through these; the next caller then makes a new one. */
  private callbacks(client: () => Client): Client.Callbacks {
    const ended = (): void => {
      if (this.state?.client === client()) this.state = undefined;
    };
    return { error: ended, end: ended, close: ended };
  }

  private isPinned(key: Buffer): boolean {
    const digest = createHash('sha256').update(key).digest('base64').replace(/=+$/, '');
    return !this.settings.hostKeys.length || this.settings.hostKeys.includes(`SHA256:${digest}`);
  }

  private failed(reason: string): Problem {
    this.failures += 1;
    const wait = Math.min(FIRST_WAIT_MS * 2 ** (this.failures - 1), LONGEST_WAIT_MS);
    const ms = reason === 'connection' ? wait : AFTER_REFUSAL_MS;
    this.notBefore = this.clock().getTime() + ms;
    this.failure = reason;
    log.warn('sftp.not-connected', { target: this.target, reason, attempt: this.failures, delayMs: ms });
    return this.unavailable(reason);
  }

  private unavailable(reason: string): Problem {
    const retryAfter = Math.max(1, Math.ceil((this.notBefore - this.clock().getTime()) / 1000));
    const context = { target: this.target, reason };
    return new Problem('upstream-unavailable', `The mailbox of ${this.settings.partner} is not at hand`, {
      context,
      retryAfter,
    });
  }

  private refused(code: unknown): Problem {
    const reason = code === 3 || code === 'EACCES' ? 'permission-denied' : code === 4 ? 'failure' : 'no-such-file';
    const context = { target: this.target, reason };
    return new Problem('upstream-rejected', `The mailbox of ${this.settings.partner} refused a file`, { context });
  }

  private async drop(): Promise<void> {
    const client = this.state?.client;
    this.state = undefined;
    if (!client) return;
    // `end` waits for the other side to hang up, which one that does not answer never does.
    await within(1000, () => client.end()).catch(() => wire(client).destroy());
  }

  private get target(): string {
    return `sftp.${this.settings.partner}`;
  }
}

/** The SSH connection below the SFTP client, which its types do not name. */
const wire = (client: Client): SshClient => (client as unknown as { readonly client: SshClient }).client;

const isRefusal = (error: unknown): boolean =>
  /authentication methods failed|no matching|passphrase|unsupported key/i.test((error as Error).message);
