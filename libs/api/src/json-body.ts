import type { FastifyInstance, FastifyRequest } from 'fastify';
import { refuseDeepJson } from './json-depth.js';

const JSON_TYPES = ['application/json', 'application/fhir+json', 'application/merge-patch+json'];
const TEXT_TYPES = ['text/plain', 'application/hl7-v2', 'x-application/hl7-v2+er7'];

const received = new WeakMap<object, Buffer>();

/** The bytes of a JSON body exactly as they came, where it must be kept as evidence; none of a call within the process. */
export const asReceived = (json: unknown): Buffer | undefined =>
  typeof json === 'object' && json !== null ? received.get(json) : undefined;

/** What an endpoint says with `bodyOptional`. */
const allowsNothing = ({ routeOptions }: FastifyRequest): boolean =>
  (routeOptions.config as { bodyOptional?: boolean }).bodyOptional === true;

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
    if (body.length === 0 && allowsNothing(request)) {
      done(null, undefined);
      return;
    }
    void parseJson(request, body.toString('utf8'), (error, value: unknown) => {
      if (typeof value === 'object' && value !== null) received.set(value, body as Buffer);
      done(error, value);
    });
  });
  fastify.addContentTypeParser(TEXT_TYPES, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}
