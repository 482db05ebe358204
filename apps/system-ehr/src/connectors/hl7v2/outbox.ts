import { setTimeout as pause } from 'node:timers/promises';
import { asProblem, CODE, MessageRefused, Problem } from '@concord/canonical';
import { migrate, type Database } from '@concord/database';
import type { EventLog, Vault } from '@concord/events';
import { fault, malformedBy, MllpSender, readHl7, type MllpReply } from '@concord/hl7v2';
import { log, newCorrelationId } from '@concord/observability';
import type { Vendor } from '@concord/resilience';
import { sql } from 'kysely';
import type { OutboundMessage } from '../../hl7v2.messages.dto.js';
import { OutboxStore, type OutboxMessage } from './outbox.store.js';
import { outboxMigrations } from './outbox.tables.js';

export interface OutboxSettings {
  readonly host: string;
  readonly port: number;
  /** How long an acknowledgement is waited for. */
  readonly timeoutMs: number;
  /** Messages that may wait. */
  readonly most: number;
  /** Milliseconds after the first attempt that failed; each further one waits twice as long, up to a minute. */
  readonly retryMs: number;
}

export interface OutboxParts {
  readonly database: Database;
  readonly vault: Vault;
  readonly clock: () => Date;
  readonly events: Pick<EventLog, 'appendIn' | 'announce'>;
  /** The guard of the receiver; every message goes through it, one at a time. */
  readonly vendor: Vendor;
}

const CAPABILITY = 'messages';
const LONGEST_ANSWER = 200;
const LONGEST_WAIT_MS = 60_000;
const IDLE_MS = 1000;
const DAY_MS = 86_400_000;
const KEPT_DAYS = { sent: 7, refused: 30 };
const FORGET_EVERY_MS = 3_600_000;

/**
 * Messages on their way to a system that hears HL7 v2: kept in Postgres until acknowledged, sent in the order in which they
 * were given, one at a time. A message whose acknowledgement does not come is sent again, the same, for as long as it
 * takes, and those behind it wait; one that the receiver refuses (AE, AR, CE, CR) is set aside and announced, so that a person
 * decides on it, and the next one goes. Original and enhanced mode alike: what answers first settles the message, AA or CA.
 */
export class Outbox {
  private readonly store: OutboxStore;
  private readonly sender: MllpSender;
  private readonly stopping = new AbortController();
  private readonly destination: string;
  private working: Promise<void> | undefined;
  private wake: () => void = () => undefined;

  constructor(
    private readonly settings: OutboxSettings,
    private readonly parts: OutboxParts,
  ) {
    this.destination = `${settings.host}:${settings.port}`;
    this.store = new OutboxStore(parts.database, parts.vault, settings.most);
    this.sender = new MllpSender(settings);
  }

  async start(): Promise<void> {
    await migrate(this.parts.database, 'hl7v2-outbox', outboxMigrations);
    this.parts.vendor.watch(() => this.parts.vendor.run(CAPABILITY, () => this.sender.reach(), { once: true }));
    this.working = this.work();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.parts.vendor.close();
    this.sender.close();
    this.wake();
    await this.working;
  }

  /** Resolves once the message is durable; its control id (MSH-10) is its key. Throws `rate-limited` where too many wait. */
  async send(text: string): Promise<OutboundMessage> {
    const { controlId } = readHl7(text).header;
    if (!CODE.test(controlId))
      throw malformedBy([fault('MSH-10', 'format', 'MSH-10: the control id must be letters, digits and ._:- only')]);
    await this.store.add(this.destination, controlId, text, this.parts.clock());
    this.wake();
    return this.read(controlId);
  }

  /** Throws `not-found`. */
  async read(controlId: string): Promise<OutboundMessage> {
    const message = await this.store.read(this.destination, controlId);
    if (!message) throw new Problem('not-found', 'No such message was given to be sent');
    return message;
  }

  /** Sends a refused message again, as it was; one that waits or was acknowledged stays as it is. Throws `not-found`. */
  async repeat(controlId: string): Promise<OutboundMessage> {
    if (await this.store.repeat(this.destination, controlId, this.parts.clock())) this.wake();
    return this.read(controlId);
  }

  private async work(): Promise<void> {
    let forgotten = 0;
    while (!this.stopping.signal.aborted) {
      try {
        const wait = await this.exclusively(() => this.sendNext());
        if (wait > 0) await this.rest(wait);
        const now = this.parts.clock().getTime();
        if (now - forgotten < FORGET_EVERY_MS) continue;
        forgotten = now;
        const { sent, refused } = KEPT_DAYS;
        await this.store.forget({ sent: new Date(now - sent * DAY_MS), refused: new Date(now - refused * DAY_MS) });
      } catch (error) {
        log.error('hl7v2.outbox.failed', { error });
        await this.rest(IDLE_MS);
      }
    }
  }

  /** Of several processes one sends to a destination at a time, or the order would be lost. */
  private exclusively(act: () => Promise<number>): Promise<number> {
    return this.parts.database.connection().execute(async (connection) => {
      const lock = sql`hashtext(${`hl7v2-outbox ${this.destination}`})`;
      const { rows } = await sql<{ mine: boolean }>`select pg_try_advisory_lock(${lock}) as mine`.execute(connection);
      if (!rows[0]?.mine) return IDLE_MS;
      try {
        return await act();
      } finally {
        await sql`select pg_advisory_unlock(${lock})`.execute(connection);
      }
    });
  }

  /** Sends what is due; gives the milliseconds until there may be something again. */
  private async sendNext(): Promise<number> {
    for (let sent = 0; sent < BEFORE_OTHERS && !this.stopping.signal.aborted; sent += 1) {
      const message = await this.store.next(this.destination);
      if (!message) return IDLE_MS;
      const early = message.dueAt.getTime() - this.parts.clock().getTime();
      if (early > 0) return early;
      try {
        const send = () => this.sender.send(message.text, message.controlId);
        const reply = await this.parts.vendor.run(CAPABILITY, send, { once: true });
        await this.settle(message, reply);
      } catch (error) {
        if (this.stopping.signal.aborted) return 0;
        await this.postpone(message.position, message.attempts, asProblem(error));
      }
    }
    return 0;
  }

  private async settle({ position, controlId }: OutboxMessage, { code, conditions }: MllpReply): Promise<void> {
    const { database, events, clock } = this.parts;
    const answer = [code, ...conditions].join(' ').slice(0, LONGEST_ANSWER);
    const now = clock();
    if (code === 'AA' || code === 'CA') return this.store.sent(position, answer, now);
    await database.transaction().execute(async (tx) => {
      const refusals = await this.store.refused(tx, position, answer, now);
      const occurredAt = now.toISOString();
      const data: MessageRefused = { messageId: controlId, answer, refusals, occurredAt };
      const { type } = MessageRefused;
      const id = `message-refused:${this.destination}:${controlId}:${refusals}`;
      const source = 'urn:concord:system-ehr';
      const event = { id, type, source, subject: controlId, time: now, data, correlationId: newCorrelationId() };
      await events.appendIn(tx, [event], []);
    });
    events.announce();
    log.error('hl7v2.outbox.refused', { state: code, count: conditions.length });
  }

  private async postpone(position: number, attempts: number, problem: Problem): Promise<void> {
    const askedMs = (problem.retryAfter ?? 0) * 1000; // the end of a maintenance window, of a pause
    const delayMs = Math.max(askedMs, Math.min(this.settings.retryMs * 2 ** Math.min(attempts, 20), LONGEST_WAIT_MS));
    log.warn('hl7v2.outbox.waits', { problem: problem.slug, attempt: attempts + 1, delayMs });
    await this.store.postpone(position, new Date(this.parts.clock().getTime() + delayMs));
  }

  private async rest(ms: number): Promise<void> {
    const woken = new Promise<void>((wake) => (this.wake = wake));
    const timer = new AbortController();
    await Promise.race([
      woken,
      pause(Math.min(ms, IDLE_MS), undefined, { signal: timer.signal }).catch(() => undefined),
    ]);
    timer.abort();
  }
}

/** Messages sent before the connection to Postgres is given back. */
const BEFORE_OTHERS = 100;
