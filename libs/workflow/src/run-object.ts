import { object, type ObjectContext } from '@restatedev/restate-sdk';
import { Problem } from '@concord/canonical';
import { log } from '@concord/observability';

/** Carries one run on; throws when it has to be tried again. */
export type Advance = (runId: string) => Promise<void>;

/**
 * Restate tries again for as long as it takes: parking is the ledger's business. A submission is remembered for as long as
 * it may be repeated, and a pass may take its time.
 */
const OPTIONS = {
  retryPolicy: { initialInterval: 200, maxInterval: 2000, exponentiationFactor: 2, maxAttempts: 1_000_000 },
  idempotencyRetention: { minutes: 1 },
  journalRetention: 0,
  inactivityTimeout: { minutes: 10 },
} as const;

/** A workflow as Restate sees it: its key, and a handler that is called with the name of a run. */
export function runObject(name: string, advance: Advance) {
  return object({
    name,
    handlers: {
      advance: async (_context: ObjectContext, { runId }: { runId: string }) => {
        try {
          await advance(runId);
        } catch (error) {
          if (!isExpected(error)) log.warn('run.tried', { runId, error });
          // Restate keeps error texts: only our own words may go there.
          throw new Error(error instanceof Problem ? error.slug : 'internal');
        }
      },
    },
    options: OPTIONS,
  });
}

const isExpected = (error: unknown): boolean => error instanceof Problem && error.slug === 'shutting-down';
