import { AsyncLocalStorage } from 'node:async_hooks';
import { newCorrelationId } from './correlation.js';

/**
 * What is true for everything done on behalf of one request or one step, however deep in the code. Log lines and
 * outgoing calls take it from here, so that no function has to hand it on.
 */
export interface Context {
  readonly correlationId: string;
  /** The W3C trace context of the work at hand. */
  readonly traceparent?: string;
  /** The client id of the token, never a person. */
  readonly caller?: string;
  /** The run of a workflow, and the step it is at. */
  readonly runId?: string;
  readonly step?: string;
  /** Whom the work is for; at a system behind, a higher class passes a lower one. */
  readonly priority?: Priority;
}

/** Classes of work, the highest first: a person at the bedside, the money, the figures. */
export const PRIORITIES = ['care', 'revenue', 'analytics'] as const;
export type Priority = (typeof PRIORITIES)[number];

const contexts = new AsyncLocalStorage<Context>();

/**
 * Runs `fn`, and all it starts, in the present context changed by `change`. What `change` does not name stays; outside
 * of any context a correlation id is made.
 */
export function withContext<T>(change: Partial<Context>, fn: () => T): T {
  const present = contexts.getStore();
  const correlationId = change.correlationId ?? present?.correlationId ?? newCorrelationId();
  return contexts.run({ ...present, ...change, correlationId }, fn);
}

/** The context of the work at hand; undefined at start-up and in a timer that serves nobody. */
export function currentContext(): Context | undefined {
  return contexts.getStore();
}
