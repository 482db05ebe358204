import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '@concord/policy';

/** What a request carries once it is on its way through the policies. */
export interface ApiRequest extends FastifyRequest {
  user?: Principal;
  correlationId: string;
  /** Start on the monotonic clock, milliseconds. */
  startedAt: number;
  operation?: string;
}

export type ApiReply = FastifyReply;
