import { hash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { entityTagOf } from '@concord/canonical';
import { entityTagFor } from './endpoint.js';
import type { Call } from './call.js';
import type { ApiReply, ApiRequest } from './request.js';

/** What an answer is tagged by: `revision` before it is written, `bytes` once it is. */
const TAGGED = Symbol('concord:tagged');

interface TaggedRequest extends ApiRequest {
  [TAGGED]?: 'revision' | 'bytes';
}

/**
 * Gives an answer its entity tag: that of the resource's revision at once; that of a page when its bytes are known. An
 * answer depends on who asks, so it may be kept by its caller only, and asked for anew each time (RFC 9111, 5.2.2).
 */
export function tagAnswer({ endpoint, request, reply }: Call, answer: unknown): void {
  const by = entityTagFor(endpoint);
  if (!by || (by === 'bytes' && endpoint.effect)) return;
  if (by === 'revision') {
    const { revision } = (answer ?? {}) as { revision?: unknown };
    if (typeof revision !== 'string') return;
    void reply.header('etag', entityTagOf(revision));
  }
  if (endpoint.effect) return;
  (request as TaggedRequest)[TAGGED] = by;
  void reply.header('cache-control', 'private, no-cache').header('vary', 'authorization');
}

/**
 * Answers 304 where the caller holds what there is (If-None-Match, RFC 9110, 13.1.2). Only a tagged answer costs
 * anything: a page is hashed, nothing else is.
 */
export function addEntityTags(instance: FastifyInstance): void {
  instance.addHook('onSend', (request, reply, payload, done) => {
    const by = (request as TaggedRequest)[TAGGED];
    if (!by || reply.statusCode !== 200) return done(null, payload);
    if (by === 'bytes') void reply.header('etag', `W/"${hash('sha256', payload as string, 'base64url')}"`);
    const held = request.headers['if-none-match'];
    if (held === undefined || !holds(held, String(reply.getHeader('etag')))) return done(null, payload);
    notModified(reply);
    done(null, null);
  });
}

function notModified(reply: ApiReply): void {
  void reply.code(304).removeHeader('content-type').removeHeader('content-length');
}

/** Whether one of the tags held is the tag, by weak comparison (RFC 9110, 8.8.3.2). */
function holds(held: string, tag: string): boolean {
  if (held.trim() === '*') return true;
  const opaque = tag.replace(/^W\//, '');
  return held.match(/"[!#-~]*"/g)?.some((one) => one === opaque) ?? false;
}
