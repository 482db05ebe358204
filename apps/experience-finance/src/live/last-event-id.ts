import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { Problem } from '@concord/canonical';
import type { FastifyRequest } from 'fastify';

/**
 * The position after which a stream goes on: what the client saw last (WHATWG HTML 9.2.4), or undefined for a new one.
 * Throws `malformed` for anything but an id of this stream.
 */
export const LastEventId = createParamDecorator((_: unknown, context: ExecutionContext): number | undefined => {
  const id = context.switchToHttp().getRequest<FastifyRequest>().headers['last-event-id'];
  if (id === undefined || id === '') return undefined;
  if (typeof id === 'string' && /^\d{1,15}$/.test(id)) return Number(id);
  throw new Problem('malformed', 'Last-Event-ID is not the id of an event of this stream');
});
