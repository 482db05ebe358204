import type { EventLog } from '@concord/events';
import { log } from '@concord/observability';
import type { Receipts } from '../receipts.js';

const EVERY_MS = 60_000;

/** Once a minute, forgets what is past its time: raw messages and receipts. Returns what ends it. */
export function housekeeping({ events, receipts }: { events: EventLog; receipts: Receipts }): () => Promise<void> {
  let working: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    working = Promise.all([events.forgetExpired(), receipts.forget()]).catch((error: unknown) =>
      log.error('housekeeping.failed', { error }),
    );
  }, EVERY_MS);
  return async () => {
    clearInterval(timer);
    await working;
  };
}
