import { AsyncLocalStorage } from 'node:async_hooks';
import { Problem } from '@concord/canonical';
import { stopped } from './stopped.js';

/**
 * A call has a time in which to answer. When it is over, the call is rejected as `upstream-timeout` and its signal is
 * aborted, so that the wire below lets go of the connection. A signal reaches everything below it: a shorter time inside
 * a longer one ends with whichever comes first.
 */
const signals = new AsyncLocalStorage<AbortSignal>();

/** The signal of the work at hand: aborted when nobody needs its result any more. Hand it to whatever can be cancelled. */
export const currentSignal = (): AbortSignal | undefined => signals.getStore();

/** Runs `fn`, and all it starts, under `signal`; for a server whose caller may hang up. */
export const withSignal = <T>(signal: AbortSignal, fn: () => T): T => signals.run(signal, fn);

/** Rejects with `upstream-timeout` after `ms`, and as `stopped` when the surrounding signal is aborted before. */
export function within<T>(ms: number, call: (signal: AbortSignal) => Promise<T>, target = 'upstream'): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const outer = currentSignal();
    if (outer?.aborted) throw reasonOf(outer, target);
    const inner = new AbortController();
    const answering = signals.run(inner.signal, call, inner.signal);

    const end = (): void => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', giveUp);
    };
    const abandon = (problem: Problem): void => {
      end();
      reject(problem);
      inner.abort(problem);
    };
    const giveUp = (): void => abandon(reasonOf(outer, target));
    const timer = setTimeout(() => abandon(timeoutOf(ms, target)), ms);
    outer?.addEventListener('abort', giveUp, { once: true });

    answering.then(
      (answer) => {
        end();
        resolve(answer);
      },
      (error: unknown) => {
        end();
        reject(error);
      },
    );
  });
}

const timeoutOf = (ms: number, target: string): Problem =>
  new Problem('upstream-timeout', `No answer within ${Math.round(ms)} ms`, { context: { target } });

const reasonOf = (signal: AbortSignal | undefined, target: string): Problem =>
  signal?.reason instanceof Problem ? signal.reason : stopped('caller', target);
