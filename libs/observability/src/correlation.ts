import { randomUUID } from 'node:crypto';

/**
 * The correlation id: one word that follows a business event through every request, log line, event, journal reference
 * and claim number. It arrives and leaves as the header `X-Correlation-ID`.
 */
const ACCEPTED = /^[A-Za-z0-9._:-]{8,64}$/;

/** A new id: UUID version 7 (RFC 9562 §5.7), so that ids sort by the millisecond in which they were made. */
export function newCorrelationId(now = Date.now()): string {
  const time = now.toString(16).padStart(12, '0');
  const chance = randomUUID();
  return `${time.slice(0, 8)}-${time.slice(8)}-7${chance.slice(15, 18)}-${chance.slice(19)}`;
}

/** The caller's id where it is a harmless word of 8 to 64 characters, and a new one in every other case. */
export function correlationIdFrom(header: unknown): string {
  return typeof header === 'string' && ACCEPTED.test(header) ? header : newCorrelationId();
}
