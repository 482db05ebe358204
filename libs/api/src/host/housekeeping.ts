import type { Database } from '@concord/database';
import type { EventLog } from '@concord/events';
import { log } from '@concord/observability';
import { forgetProcesses } from './connectors.js';
import { forgetJobs } from '../bulk/job.store.js';
import type { Receipts } from '../receipts.js';

interface Kept {
  readonly database: Database;
  readonly events: EventLog;
  readonly receipts: Receipts;
}

const EVERY_MS = 60_000;

/** Once a minute, forgets what is past its time: raw messages, receipts and bulk jobs. Returns what ends it. */
export function housekeeping({ database, events, receipts }: Kept): () => Promise<void> {
  let working: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    working = Promise.all([
      events.forgetExpired(),
      receipts.forget(),
      forgetJobs(database),
      forgetProcesses(database),
    ]).catch((error: unknown) => log.error('housekeeping.failed', { error }));
  }, EVERY_MS);
  return async () => {
    clearInterval(timer);
    await working;
  };
}
