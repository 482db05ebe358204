import { Problem } from '@concord/canonical';
import type { FastifyInstance } from 'fastify';

const MAX_DEPTH = 64;
const OPEN = new Set([0x5b, 0x7b]); // [ {
const CLOSE = new Set([0x5d, 0x7d]); // ] }
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Refuses a body that nests deeper than 64, by counting brackets in its bytes before anything recursive reads it.
 * A UTF-8 continuation byte never equals a bracket or a quote, so bytes are enough.
 */
export function refuseDeepJson(body: Buffer): void {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < body.length; i += 1) {
    const byte = body[i]!;
    if (inString) {
      if (byte === BACKSLASH) i += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (OPEN.has(byte)) {
      depth += 1;
      if (depth > MAX_DEPTH) throw new Problem('malformed', `The body nests deeper than ${MAX_DEPTH} levels`);
    } else if (CLOSE.has(byte)) depth -= 1;
  }
}

const JSON_TYPES = ['application/json', 'application/fhir+json', 'application/merge-patch+json'];
const TEXT_TYPES = ['text/plain', 'application/hl7-v2', 'x-application/hl7-v2+er7'];

/** The body parsers of every API: JSON with a depth limit and no prototype keys, and HL7 v2 as bytes. */
export function addBodyParsers(fastify: FastifyInstance): void {
  const parseJson = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(JSON_TYPES, { parseAs: 'buffer' }, (request, body, done) => {
    try {
      refuseDeepJson(body as Buffer);
    } catch (error) {
      done(error as Error);
      return;
    }
    void parseJson(request, body.toString('utf8'), done);
  });
  fastify.addContentTypeParser(TEXT_TYPES, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}
