import type { FastifyInstance } from 'fastify';
import { refuseDeepJson } from './json-depth.js';

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
