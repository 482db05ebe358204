/**
 * What an endpoint asks of its caller, declared once beside the handler and read by every guard. A handler that declares
 * nothing is closed.
 */
import type { ExecutionContext } from '@nestjs/common';
import type { Quota } from './rate-limit/gcra.js';

/** Metadata key under which an endpoint's policy stands on its handler. */
export const ENDPOINT = Symbol.for('concord.endpoint');

/** A limit of an endpoint's own, beside the one of the client. */
export interface EndpointLimit extends Quota {
  /** Stands in the `RateLimit` headers: `postings`. Endpoints that name the same limit draw on the same credit. */
  readonly name: string;
  /** Units that one request takes, 1 unless said. A request that fans out to ten calls costs ten. */
  readonly cost?: number;
}

export interface EndpointPolicy {
  /** The one scope the token must hold: `erp/journal-entry.write`. */
  readonly scope: string;
  /** Path or query parameter that holds a facility code; the caller must have access to that facility. */
  readonly facilityParam?: string;
  /** Path or query parameter that holds a legal entity code; the caller must have access to that legal entity. */
  readonly legalEntityParam?: string;
  /** Open to everybody, without a token. */
  readonly public?: boolean;
  readonly limit?: EndpointLimit;
}

/** The policy of the handler that is about to run. */
export const endpointOf = (context: ExecutionContext): EndpointPolicy | undefined =>
  Reflect.getMetadata(ENDPOINT, context.getHandler()) as EndpointPolicy | undefined;
