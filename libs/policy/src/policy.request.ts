import type { Principal } from './token/principal.js';

/** What the guards see of a request; every Fastify request has it. */
export interface PolicyRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly params?: unknown;
  readonly query?: unknown;
  readonly socket: { readonly remoteAddress?: string | undefined };
  /** Put here by `TokenGuard`. */
  user?: Principal;
}
