import { object, service, type Context, type ObjectContext } from '@restatedev/restate-sdk';
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
      advance: (_context: ObjectContext, { runId }: { runId: string }) => turnOf(advance, runId),
    },
    options: OPTIONS,
  });
}

/** The name of what carries many runs of a workflow on together. */
export const togetherName = (name: string): string => `${name}.together`;

/**
 * Many runs in one invocation, because under load an invocation costs more than a pass. Nobody waits for the slowest of
 * them: a run that has ended can be handed over again. One that fails is tried again with all, for which nothing is left
 * to do (docs/adr, runs that travel together).
 */
export function runsTogether(name: string, advance: Advance) {
  return service({
    name: togetherName(name),
    handlers: {
      advance: async (_context: Context, { runIds }: { runIds: readonly string[] }) => {
        const turns = await Promise.allSettled(runIds.map((runId) => turnOf(advance, runId)));
        const failed = turns.find(({ status }) => status === 'rejected');
        if (failed?.status === 'rejected') throw failed.reason;
      },
    },
    options: OPTIONS,
  });
}

async function turnOf(advance: Advance, runId: string): Promise<void> {
  try {
    await advance(runId);
  } catch (error) {
    if (!isExpected(error)) log.warn('run.tried', { runId, error });
    // Restate keeps error texts: only our own words may go there.
    throw new Error(error instanceof Problem ? error.slug : 'internal');
  }
}

const isExpected = (error: unknown): boolean => error instanceof Problem && error.slug === 'shutting-down';
