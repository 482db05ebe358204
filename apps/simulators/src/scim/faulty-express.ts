import type { NextFunction, Request, Response } from 'express';
import type { Fault, Faults } from '../faults.js';

/**
 * The faults of a simulator that is an Express app, told by operation.
 * @param overtake changes what is asked to be changed, as another writer would
 */
export const failAsTold =
  (faults: Faults, operationOf: (request: Request) => string, overtake: (request: Request) => void) =>
  (request: Request, response: Response, next: NextFunction): void => {
    const fault = faults.next(operationOf(request));
    if (!fault) return next();
    const { kind } = fault;
    if (kind === 'timeout') return; // nobody answers; the caller has to give up
    if (kind === 'reset') return void request.socket.destroy();
    if (kind === 'rate-limited') return refuse(response, 429, fault);
    if (kind === 'maintenance') return refuse(response, 503, fault);
    if (kind === 'overtaken') overtake(request);
    if (kind === 'reply-lost') answerInstead(response, () => request.socket.destroy());
    if (kind === 'malformed') answerInstead(response, (end) => end('{"schemas":["urn:ietf'));
    if (kind === 'wrong-schema') answerInstead(response, (end) => end('{"unexpected":[{"shape":true}]}'));
    next();
  };

function refuse(response: Response, status: number, { retryAfter = 1 }: Fault): void {
  response.status(status).set('retry-after', String(retryAfter)).end();
}

/** Once all is done, something else is said than what should be. */
function answerInstead(response: Response, instead: (end: (text: string) => void) => void): void {
  const end = response.end.bind(response);
  response.end = ((): Response => {
    response.removeHeader('content-length');
    instead((text) => void end(text));
    return response;
  }) as Response['end'];
}
