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

/** What runs work again and again, whichever process of several does it; the workflow engine brings one along. */
export type Scheduler = (name: string, everyMs: number, work: () => Promise<void>) => void;

/**
 * Once a minute, forgets what is past its time: raw messages, receipts, bulk jobs and processes. Where there is a durable
 * schedule, one process does it for all; else each for itself. Returns what ends it.
 */
export function housekeeping(kept: Kept, schedule?: Scheduler): () => Promise<void> {
  if (schedule) {
    schedule('housekeeping', EVERY_MS, () => forget(kept));
    return () => Promise.resolve(); // whoever schedules ends it
  }
  let working: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    working = forget(kept).catch((error: unknown) => log.error('housekeeping.failed', { error }));
  }, EVERY_MS);
  return async () => {
    clearInterval(timer);
    await working;
  };
}

async function forget({ database, events, receipts }: Kept): Promise<void> {
  await Promise.all([events.forgetExpired(), receipts.forget(), forgetJobs(database), forgetProcesses(database)]);
}
