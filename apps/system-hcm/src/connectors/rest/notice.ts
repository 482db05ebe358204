import { createHmac, timingSafeEqual } from 'node:crypto';
import { Problem } from '@concord/canonical';

/** What the platform tells when somebody is hired, moves or leaves; what exactly it is, is asked of the platform. */
export interface Notice {
  readonly deliveryId: string;
  readonly event: string;
  readonly employeeNo: string;
}

const WINDOW_S = 300;

/**
 * Throws `unauthenticated` for a notice that the platform did not sign (HMAC-SHA-256 over `sent at.delivery.event.number`),
 * and for one that it signed more than five minutes ago, or ahead: a notice that somebody recorded is worth nothing later.
 */
export function refuseForeign(
  { deliveryId, event, employeeNo }: Notice,
  { sentAt, signature }: { readonly sentAt: string; readonly signature: string },
  secret: string,
  now: Date,
): void {
  const signed = createHmac('sha256', secret).update(`${sentAt}.${deliveryId}.${event}.${employeeNo}`).digest();
  const shown = Buffer.from(signature, 'hex');
  const isOurs = shown.length === signed.length && timingSafeEqual(shown, signed);
  const seconds = Math.abs(now.getTime() / 1000 - Number(sentAt));
  if (!isOurs || !(seconds <= WINDOW_S))
    throw new Problem('unauthenticated', 'The notice is not signed as it should be');
}
